/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { countText, exponentialText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { accuracyText, epochsText } from '../../training/epochs-words.js';
import type { ConvTrainingSummary } from './summarize.js';
import { convVariants } from './variants.js';

/** Epochs to either threshold by depth, then everything of every point. */
export function tables(summary: ConvTrainingSummary): readonly SummaryTable[] {
  const { spec } = summary;
  return [
    epochsTable(summary, 'start', spec.startAccuracy),
    epochsTable(summary, 'target', spec.targetAccuracy),
    pointsTable(summary),
  ];
}

function epochsTable(
  { points, spec }: ConvTrainingSummary,
  threshold: 'start' | 'target',
  accuracy: number,
): SummaryTable {
  return {
    title: `Median epochs to ${accuracyText(accuracy)}`,
    columns: ['net', ...spec.depths.map((depth) => `depth ${depth}`)],
    rows: spec.nets.map((net) => [
      convVariants[net].title,
      ...spec.depths.map((depth) => {
        const point = points.find((one) => one.net === net && one.depth === depth);
        return point === undefined ? '–' : epochsText(point[threshold], spec.maxEpochs);
      }),
    ]),
  };
}

function pointsTable({ points }: ConvTrainingSummary): SummaryTable {
  const text = (log: number | null) => (log === null ? '–' : exponentialText(readNumber(log)));
  return {
    title: 'Length behind the body before the first step, and how the trainings ended',
    columns: [
      'net',
      'depth',
      'length, theory',
      'measured (geometric mean)',
      'least',
      'largest',
      'dead',
      'runs',
      'started',
      'reached the target',
      'at the cap',
      'diverged',
      'never move',
    ],
    rows: points.map(({ net, depth, length, start, target }) => [
      convVariants[net].title,
      String(depth),
      text(length.predictedLogEstimate),
      text(length.meanLog),
      text(length.leastLog),
      text(length.mostLog),
      countText(length.deadNets),
      countText(target.runs),
      countText(start.reached),
      countText(target.reached),
      countText(target.censored),
      countText(target.diverged),
      countText(target.neverMoves),
    ]),
  };
}

/** What theory says of these nets. */
export function sections({ points, spec }: ConvTrainingSummary): readonly ReportSection[] {
  const whys = new Map(
    points.flatMap(({ net, length }) => (length.why === null ? [] : [[net, length.why] as const])),
  );
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A convolution multiplies the mean square of its window by Var(w) · fan-in / 2, fan-in being channels × kernel area: He keeps it, LeCun and Glorot halve it in every layer. Windows at the border see zeros, so even a critical net with zero padding loses some in every layer, the more the smaller the image.',
        'A residual block that ends in a linear convolution adds a random direction: its mean square grows by 1 + 2η² times with He weights (less what the border loses). With η = 1 it trebles in every block, and 16 blocks make 10⁷ of it; with η = 1/L all blocks together add 2/L.',
        'Batch normalization sets the mean square of every channel to 1 over each batch, whatever the weights are.',
        `Here "starts" means ${accuracyText(spec.startAccuracy)}; trainings go on to ${accuracyText(spec.targetAccuracy)} or the cap. The comparison, the sizes and the optimizer’s settings are ours.`,
        ...[...whys].map(([net, why]) => `${convVariants[net].title}: no exact mean, because ${why}.`),
      ],
      tables: [],
    },
  ];
}
