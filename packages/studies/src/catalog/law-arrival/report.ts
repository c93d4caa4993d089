/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { permutationText } from '../../report/estimate-text.js';
import { countText, numberText, percentText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { aspectTitles } from '../../weight-laws/law-distance.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import { floorOf, isNear, startRatio } from './findings.js';
import { arrivalInitializers } from './spec.js';
import type { LawArrivalSummary } from './summarize.js';

const stepText = (step: number | null) => (step === null ? '–' : countText(step));

/** Ways to the law, then whether training forgets, then accuracies. */
export function tables(summary: LawArrivalSummary): readonly SummaryTable[] {
  const all = [waysTable(summary), memoryTable(summary), accuraciesTable(summary)];
  return all.filter(({ rows }) => rows.length > 0);
}

function waysTable({ architectures }: LawArrivalSummary): SummaryTable {
  return {
    title: 'The way to the law: distances in units of the floor, that between independently trained nets',
    columns: [
      'architecture',
      'from',
      'distance of',
      'floor',
      'begins',
      'ends',
      'half way at',
      'nine tenths at',
      'within chance from',
    ],
    rows: architectures.flatMap(({ architecture, law }) =>
      (law?.paths ?? []).map((path) => {
        const floor = floorOf(path.aspect, law?.floors ?? []);
        const mean = floor?.mean ?? Number.NaN;
        return [
          zooArchitectures[architecture].title,
          arrivalInitializers[path.initializer],
          aspectTitles[path.aspect],
          `${numberText(mean, 2)} ± ${numberText(floor?.deviation ?? Number.NaN, 1)}`,
          startRatio(path, law?.floors ?? []),
          numberText((path.distance.at(-1) ?? Number.NaN) / mean, 3),
          stepText(path.halfStep),
          stepText(path.nearStep),
          path.distance.every((_, at) => isNear(path, law?.floors ?? [], at))
            ? 'the start'
            : stepText(path.arrivedStep),
        ];
      }),
    ),
  };
}

function memoryTable({ architectures }: LawArrivalSummary): SummaryTable {
  return {
    title: 'Does training forget the initializer? Distance between initializers over that within one',
    columns: ['architecture', 'distance of', 'beginning', 'permutation test', 'end', 'permutation test'],
    rows: architectures.flatMap(({ architecture, law }) =>
      (law?.floors ?? []).flatMap(({ aspect, fresh, trained }) =>
        fresh === null || trained === null
          ? []
          : [
              [
                zooArchitectures[architecture].title,
                aspectTitles[aspect],
                fresh.ratio === null ? '–' : numberText(fresh.ratio, 3),
                permutationText(fresh),
                trained.ratio === null ? '–' : numberText(trained.ratio, 3),
                permutationText(trained),
              ],
            ],
      ),
    ),
  };
}

function accuraciesTable({ architectures, steps }: LawArrivalSummary): SummaryTable {
  const shown = steps.flatMap((step, index) =>
    step === 0 || Number.isInteger(Math.sqrt(step)) || index === steps.length - 1 ? [index] : [],
  );
  return {
    title: 'Mean test accuracy by step',
    columns: [
      'architecture',
      'from',
      'nets',
      ...shown.map((index) => `step ${countText(steps[index] ?? 0)}`),
    ],
    rows: architectures.flatMap(({ architecture, accuracies }) =>
      accuracies.map(({ initializer, nets, testAccuracy }) => [
        zooArchitectures[architecture].title,
        arrivalInitializers[initializer],
        countText(nets),
        ...shown.map((index) => {
          const accuracy = testAccuracy[index];
          return accuracy === undefined ? '–' : percentText(accuracy);
        }),
      ]),
    ),
  };
}

/** What theory says, and how it was looked at. */
export function sections({ spec }: LawArrivalSummary): readonly ReportSection[] {
  const reference = arrivalInitializers[spec.initializers[0] ?? 'he-normal'];
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A wide net trains lazily: every weight moves by little, and the law of all of them hardly at all, while the function changes much (Jacot, Gabriel & Hongler 2018; Chizat, Oyallon & Bach 2019). Its law then stays that of its initializer, and accuracy comes long before any law. How far nets of this size are from that is what is measured.',
        `The law is that of ${reference} nets at their last step. The distance of a net at a step is the mean of its distances to all other such nets at their end: Wasserstein-1 of standardized marginals, difference of log scales, Wasserstein-1 of spectra, each averaged over the layers.`,
        'The floor is the same distance at the end, two independently trained nets; the ceiling is where a net begins. A net from the initializer of the law comes to the floor at the end by definition, so what can be learned from it is the course; whether a net from another initializer comes there is an open question. If the law still moves when training ends, "nine tenths of the way" is a step of this training and no property of the net.',
        `Initializers are compared by permutation tests of ${countText(spec.permutations)} deals; no p-value can be below ${numberText(1 / (1 + spec.permutations), 2)}, nor below the share of deals that only rename the groups.`,
      ],
      tables: [],
    },
  ];
}
