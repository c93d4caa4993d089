/** The words and tables of the study. Cells of tables are ready to print. */
import { fileFeatureNames, kernelFeatureNames, vectorFeatureNames } from '@kindling/diagnostics';
import { countText, numberText, shareText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import type { HeldOutSummary, TrainedOrNotSummary } from './summarize.js';
import { areaText, estimateText, stageText } from './words.js';

/** Areas and errors by stage, held-out groups, reliability, and the fit itself. */
export function tables(summary: TrainedOrNotSummary): readonly SummaryTable[] {
  const { stages, falseAlarms, kernelFalseAlarms, reliability, model } = summary;
  return [
    {
      title: 'Held-out architectures, by stage',
      columns: [
        'stage',
        'nets',
        'area',
        'called wrongly',
        'area, matrices',
        'called wrongly',
        'test accuracy',
      ],
      rows: [
        [
          'before training',
          countText(summary.nets),
          '–',
          shareText(falseAlarms),
          '–',
          shareText(kernelFalseAlarms),
          '–',
        ],
        ...stages.map((stage) => [
          stageText(stage.epoch),
          countText(stage.nets),
          estimateText(stage.area),
          shareText(stage.missed),
          estimateText(stage.kernelArea),
          shareText(stage.kernelMissed),
          shareText(stage.medianTestAccuracy),
        ]),
      ],
    },
    heldOutTable('Architectures, each held out', 'architecture', summary.architectures, summary),
    heldOutTable('Initializers, each held out', 'initializer', summary.initializers, summary),
    {
      title: 'Reliability of held-out probabilities',
      columns: ['P(trained)', 'fresh', 'trained', 'mean P', 'truly trained'],
      rows: reliability.map(({ from, to, fresh, trained, predicted, observed }) => [
        `${numberText(from, 2)} to ${numberText(to, 2)}`,
        countText(fresh),
        countText(trained),
        predicted === null ? '–' : numberText(predicted),
        observed === null ? '–' : numberText(observed),
      ]),
    },
    {
      title: 'The fit to all nets: log odds a unit',
      columns: ['of', 'evidence', 'coefficient'],
      rows: (
        [
          ['kernel', kernelFeatureNames],
          ['vector', vectorFeatureNames],
          ['file', fileFeatureNames],
        ] as const
      ).flatMap(([part, names]) => names.map((name, i) => [part, name, numberText(model[part][i] ?? 0)])),
    },
  ];
}

function heldOutTable(
  title: string,
  column: string,
  groups: readonly HeldOutSummary[],
  { stages }: TrainedOrNotSummary,
): SummaryTable {
  const epochs = stages.map(({ epoch }) => epoch);
  return {
    title,
    columns: [
      column,
      'nets',
      ...epochs.map((epoch) => `area, ${epoch}`),
      ...epochs.map((epoch) => `matrices, ${epoch}`),
      'fresh called trained',
    ],
    rows: groups.map(({ group, nets, areas, kernelAreas, falseAlarms }) => [
      group,
      countText(nets),
      ...areas.map(areaText),
      ...kernelAreas.map(areaText),
      shareText(falseAlarms),
    ]),
  };
}

/** How it is told. */
export function sections(_: TrainedOrNotSummary): readonly ReportSection[] {
  return [
    {
      title: 'How it is told',
      paragraphs: [
        'Whatever law fresh weights were drawn from, every order of them was equally likely. Six tests of a weight matrix ask for that order alone: whether means and mean sizes differ between columns or rows, whether neighbors are alike, whether the largest singular value stands above the law of Tracy and Widom. Two more ask whether the catalog’s laws at the layer’s fans, or their shapes with any scale, are contradicted. Each gives a surprise, −log₁₀ p under fresh weights, up to 8.',
        'Biases and normalizations are constant before a first step, or follow the few laws that libraries draw biases from; whether they do is their evidence.',
        'A logistic regression turns a tensor’s surprises into odds, with nothing for a tensor of few numbers; a second one turns the mean odds and the mean log odds of the tensors into those of the file. Fresh and trained nets weigh the same, so even odds mean that nothing could be told.',
        'Every number is of nets that the fit had not seen: architectures (or initializers) are held out one at a time.',
      ],
      tables: [],
    },
  ];
}
