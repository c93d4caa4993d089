/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { meanPointsText, meanShareText } from '../../report/estimate-text.js';
import { countText, numberText, shareText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { starts } from './starts.js';
import type { PretrainingPoint, PretrainingSummary } from './summarize.js';

/** Accuracies and gains by start and labels, and what they start from. */
export function tables(summary: PretrainingSummary): readonly SummaryTable[] {
  const { spec, pretext, donors } = summary;
  return [
    startTable(summary, 'Test accuracy by labelled images', ({ accuracy }) =>
      accuracy === null ? null : meanShareText(accuracy),
    ),
    startTable(summary, 'Gain over He normal weights of the same seed, percentage points', ({ gain }) =>
      gain === null ? null : meanPointsText(gain),
    ),
    {
      title: 'What was learned before',
      columns: ['', ''],
      rows: [
        [
          'mean squared error of the pretext models, before',
          pretext === null ? '–' : numberText(pretext.before.mean),
        ],
        ['after', pretext === null ? '–' : numberText(pretext.after.mean)],
        [
          `test accuracy with all ${countText(spec.data.trainCount)} labels`,
          donors === null ? '–' : shareText(donors.mean),
        ],
      ],
    },
  ];
}

function startTable(
  { spec, points }: PretrainingSummary,
  title: string,
  shown: (point: PretrainingPoint) => string | null,
): SummaryTable {
  return {
    title,
    columns: ['start', ...spec.labels.map(countText)],
    rows: spec.starts.map((start) => [
      starts[start].title,
      ...spec.labels.map((labels) => {
        const point = points.find((one) => one.start === start && one.labels === labels);
        return (point === undefined ? null : shown(point)) ?? '–';
      }),
    ]),
  };
}

/** What the starts are, and what can be expected of them. */
export function sections({ spec }: PretrainingSummary): readonly ReportSection[] {
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A law of single weights keeps the variance of trained layers and the tails of their weights, and forgets which weight stands where: nets drawn from it are random nets, and by the theory of lengths they differ from He’s by their variance first. A matrix normal law keeps also which pixels have large weights and which go together, which is what neighboring pixels teach.',
        'Weights of a pretext model know more than either: which units see what. The differences between the weights themselves, their matrix normal and their marginal are what each forgets.',
        `The pretext task shows images with ${100 * spec.maskedShare} % of the pixels black and asks for the whole. Laws come with the scale that training gave them. All starts of a seed have the same labelled images, the same fresh outputs and the same batches, so differences are paired.`,
        'Laws of nets that were trained on all labels of the pool know more than a person with few labels has. If even they gain nothing, no law of this kind replaces pre-training.',
      ],
      tables: [
        {
          title: 'Where hidden layers start',
          columns: ['', 'how'],
          rows: spec.starts.map((start) => [starts[start].title, starts[start].meaning]),
        },
      ],
    },
  ];
}
