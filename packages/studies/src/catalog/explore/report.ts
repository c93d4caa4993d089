/** The words and tables of the explorable's report. Cells of tables are ready to print. */
import {
  countOf,
  countText,
  exponentialText,
  listText,
  numberText,
  percentText,
} from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { JsonValue } from '../../spec/canonical-json.js';
import type { SummaryTable } from '../../study.js';
import type { ExploreSummary, ExploreSummaryRow } from './summarize.js';

/** What has been found, a sentence or two a configuration. */
export function findings({ configurations }: ExploreSummary): readonly string[] {
  return configurations.map((row, index) => {
    const { configuration, verdict, lengths, neurons, training } = row;
    const said = [
      ...(verdict === null ? [] : [verdict.headline.replace(/\.$/, '')]),
      ...(lengths === null ? [] : [lengthsFinding(row)]),
      ...(neurons === null || neurons.bornDead === 0
        ? []
        : [`${countText(neurons.bornDead)} of ${countOf(neurons.nets, 'net')} born dead on the data`]),
      ...(training === null ? [] : [trainingFinding(row)]),
      ...fixOf(row),
    ];
    const name = configurations.length === 1 ? 'The net' : `Net ${index + 1},`;
    return `${name} ${configuration}: ${said.length > 0 ? said.join('; ') : quietFinding(row)}.`;
  });
}

/** Where little or nothing was asked of a net, there is at least what theory has. */
function quietFinding({ neurons, theory }: ExploreSummaryRow): string {
  if (neurons !== null) return `none of ${countOf(neurons.nets, 'net')} born dead on the data`;
  const expected = theory.layers.at(-1)?.logEstimate ?? null;
  const measured = 'nothing was measured';
  return expected === null
    ? measured
    : `theory has a mean length of ${lengthText(expected)} at its end; ${measured}`;
}

function lengthsFinding({ lengths, theory }: ExploreSummaryRow): string {
  const last = lengths?.layers.at(-1);
  const expected = theory.layers.at(-1)?.logEstimate ?? null;
  const middle = last?.quantiles?.[2] ?? null;
  const typical =
    middle === null ? 'no net lives at its end' : `a median length of ${lengthText(middle)} at its end`;
  return expected === null ? typical : `${typical} where theory has a mean of ${lengthText(expected)}`;
}

function trainingFinding({ training }: ExploreSummaryRow): string {
  if (training === null) return '';
  const { runs, reached, medianEpochs } = training;
  if (runs === 1) {
    const [outcome = 'censored'] = training.outcomes;
    return reached === 1
      ? `it reached the target after ${countOf(medianEpochs ?? 0, 'epoch')}`
      : outcomeWords[outcome];
  }
  return `${countText(reached)} of ${countOf(runs, 'run')} reached the target${medianEpochs === null ? '' : `, after ${countOf(medianEpochs, 'epoch')} in the median`}`;
}

const outcomeWords = {
  reached: 'it reached the target',
  censored: 'it had not reached the target at the end',
  diverged: 'it diverged',
  'never-moves': 'it never moves',
} as const;

function fixOf({ verdict }: ExploreSummaryRow): readonly string[] {
  const fix = verdict?.remedies.find(({ configuration }) => configuration !== null);
  return fix === undefined ? [] : [`to mend it: ${fix.configuration}`];
}

/** Side by side: theory and lengths, neurons, trainings. */
export function tables({ configurations: rows, spec }: ExploreSummary): readonly SummaryTable[] {
  return [
    {
      title: 'Lengths behind the last hidden layer',
      columns: [
        'configuration',
        'theory E[M_d]',
        'typical',
        'mean of the nets',
        'median',
        'dead',
        'S',
        'Σ of scales',
      ],
      rows: rows.map(({ configuration, theory, lengths }) => {
        const predicted = theory.layers.at(-1);
        const measured = lengths?.layers.at(-1);
        return [
          configuration,
          lengthText(predicted?.logEstimate ?? null),
          lengthText(predicted?.typical ?? null),
          lengthText(measured?.logMean ?? null),
          lengthText(measured?.quantiles?.[2] ?? null),
          lengths === null ? '–' : `${countText(lengths.dead)} of ${countText(lengths.nets)}`,
          sumText(theory.sumReciprocalWidths),
          sumText(theory.sumScales),
        ];
      }),
    },
    ...(spec.neurons === null
      ? []
      : [
          {
            title: 'Neurons on the data before the first step',
            columns: ['configuration', 'nets', 'born dead', 'active', 'tentatively dead', 'permanently dead'],
            rows: rows.flatMap(({ configuration, neurons }) =>
              neurons === null
                ? []
                : [
                    [
                      configuration,
                      countText(neurons.nets),
                      countText(neurons.bornDead),
                      ...[neurons.active, neurons.tentativelyDead, neurons.permanentlyDead].map(percentText),
                    ],
                  ],
            ),
          },
        ]),
    ...(spec.training === null
      ? []
      : [
          {
            title: 'Trainings',
            columns: [
              'configuration',
              'runs',
              'reached',
              'epochs (median)',
              'outcomes',
              'last loss',
              'last accuracy',
            ],
            rows: rows.flatMap(({ configuration, training }) => {
              if (training === null) return [];
              const last = (values: readonly (readonly (number | string)[])[]) =>
                listText(values.slice(0, 3).map((each) => numberText(readNumber(each.at(-1) ?? null))));
              return [
                [
                  configuration,
                  countText(training.runs),
                  countText(training.reached),
                  training.medianEpochs === null ? '–' : countText(training.medianEpochs),
                  listText([...new Set(training.outcomes)]),
                  last(training.loss),
                  training.testAccuracy === null ? '–' : last(training.testAccuracy),
                ],
              ];
            }),
          },
        ]),
  ];
}

/** What the theory says, and the verdicts with their evidence and remedies. */
export function sections(summary: ExploreSummary): readonly ReportSection[] {
  return [theorySection(summary), ...verdictSections(summary)];
}

function theorySection({ configurations }: ExploreSummary): ReportSection {
  const has = (sum: 'sumReciprocalWidths' | 'sumScales') =>
    configurations.some(({ theory }) => theory[sum] !== null);
  return {
    title: 'What the theory says',
    paragraphs: [
      'E[M_j] = g · E[M_j−1],  g = Var(w) · fan-in / 2',
      'The mean length of plain nets changes by the factor g a layer; it stays exactly when Var(w) = 2/fan-in (Hanin & Rolnick, 2018, Theorem 1). Anything else vanishes or explodes exponentially with depth: failure mode 1. The way of gradients back is the same factors again.',
      ...(has('sumReciprocalWidths')
        ? [
            'With the mean kept, lengths of one net scatter like exp(±√(5S)), S = Σ 1/n_j over the hidden layers, and a typical length is about exp(−5S/2) of the mean (Theorem 3): failure mode 2. “Typical” is the exponential of the mean logarithm of living nets; exact for Gaussian and orthogonal weights, else an approximation by two moments.',
          ]
        : []),
      ...(has('sumScales')
        ? [
            'Residual modules add: the mean length stays bounded exactly when Σ η_l does for modules that end in a ReLU, Σ η_l² for those that end in a linear layer (Theorem 2).',
          ]
        : []),
    ],
    tables: [],
  };
}

function verdictSections({ configurations }: ExploreSummary): readonly ReportSection[] {
  return configurations.flatMap(({ configuration, verdict, theory }): readonly ReportSection[] => {
    if (verdict === null) return [];
    return [
      {
        title: configuration,
        paragraphs: [
          verdict.headline,
          ...verdict.evidence.map(({ text }) => text),
          ...verdict.notes,
          ...(theory.why === null ? [] : [`No closed form: ${theory.why}.`]),
        ],
        tables:
          verdict.remedies.length === 0
            ? []
            : [
                {
                  title: 'Changes that were tried and help',
                  columns: ['change', 'configuration', 'starts'],
                  rows: verdict.remedies.map((remedy) => [
                    remedy.text,
                    remedy.configuration ?? '–',
                    percentText(readNumber(remedy.after.startingShare)),
                  ]),
                },
              ],
      },
    ];
  });
}

/** A length from its natural logarithm. */
function lengthText(log: JsonValue): string {
  if (log === null) return '–';
  return exponentialText(readNumber(log));
}

function sumText(value: number | null): string {
  return value === null ? '–' : numberText(value);
}
