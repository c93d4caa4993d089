/** The tables of the study and what theory says beside them. Cells are ready to print. */
import { countText, numberText, percentText } from '../../report/number-text.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { familyTitles } from './families.js';
import { estimateText, nameOf, stepsText } from './findings.js';
import { lawInitializations } from './initializations.js';
import type { LawInitSummary, StepsTo } from './summarize.js';

/** Ways against He, then every grid point. */
export function tables(summary: LawInitSummary): readonly SummaryTable[] {
  return [comparisonTable(summary), pointsTable(summary)].filter(({ rows }) => rows.length > 0);
}

function comparisonTable({ comparisons, spec }: LawInitSummary): SummaryTable {
  return {
    title: 'Steps over He’s: geometric means over depths, with 95 % intervals; below 1 is faster',
    columns: [
      'nets',
      'law of',
      'drawn from',
      'to the start',
      'to the goal',
      'lead in accuracy at step 0, points',
    ],
    rows: comparisons.map(({ family, task, initialization, start, goal, firstAccuracy }) => {
      const { value, low, high } = firstAccuracy;
      const points = (share: number | null) => (share === null ? null : 100 * share);
      return [
        family,
        taskTitle(spec, spec.tasks[task] ?? { source: 0, data: 'given' }),
        lawInitializations[initialization].title,
        estimateText(start),
        estimateText(goal),
        estimateText({ value: 100 * value, low: points(low), high: points(high) }),
      ];
    }),
  };
}

function pointsTable({ points, spec }: LawInitSummary): SummaryTable {
  const reached = ({ steps, median }: StepsTo) => {
    const count = steps.filter((step) => step !== null).length;
    return count === steps.length
      ? stepsText(median)
      : `${stepsText(median)} (${countText(count)} of ${countText(steps.length)})`;
  };
  return {
    title: 'Median steps to the start and to the goal, and mean accuracies',
    columns: [
      'nets',
      'depth',
      'law of',
      'drawn from',
      'to the start',
      'to the goal',
      'at step 0',
      'at the end',
      'diverged',
      'accuracy of the law’s nets',
    ],
    rows: points.map((point) => [
      point.family,
      String(point.depth),
      point.task === null ? '–' : taskTitle(spec, spec.tasks[point.task] ?? { source: 0, data: 'given' }),
      nameOf(point),
      reached(point.start),
      reached(point.goal),
      percentText(point.firstAccuracy),
      percentText(point.lastAccuracy),
      countText(point.diverged),
      point.lawAccuracy === null ? '–' : percentText(point.lawAccuracy),
    ]),
  };
}

/** What theory says, and how it was looked at. */
export function sections({ spec, goals }: LawInitSummary): readonly ReportSection[] {
  const goal = spec.families.map(
    (family, i) => `${percentText(Math.round(1000 * (goals[i] ?? 0)) / 1000)} of the ${familyTitles[family]}`,
  );
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'He’s law keeps the mean length of activations through ReLU layers and knows nothing of the data. A marginal of trained weights has another scale, which compounds over the layers like any gain, and another form, which matters in narrow layers only. What inputs have to do with each other is in covariances.',
        'Hidden units are exchangeable: averaged over independently trained nets, no unit differs from another. A law of trained nets therefore keeps structure only along axes whose places mean something: pixels, taps, classes. Of a hidden layer behind another one, mean, variance and one covariance remain. Knowledge of a single net lies beyond any such law.',
        `A law is fitted to ${countText(spec.lawNets)} nets from He weights after ${countText(spec.lawEpochs)} epochs (${spec.lawOptimizer}). Marginal: 4,096 empirical quantiles a layer. Matrix normal: mean, row and column covariance by maximum likelihood (flip-flop), averaged over exchangeable axes, each shrunk by ${numberText(spec.shrinkage, 2)} toward a multiple of the identity, since pixels are more than samples. Filter covariance: mean and full covariance of a filter’s taps and channels, the same shrinkage, filters iid; the last layer by its marginal. Rescaled: every layer times one number, so that E[w²] = 2/fan-in. Biases begin at zero.`,
        `The start is ${percentText(spec.startAccuracy)} test accuracy; the goal ${percentText(spec.goalShare)} of the best mean that He reaches at any depth: ${goal.join(', ')}. Steps are told at 1, 2, 3, 4, 6, 8, 12, … only, so medians of single points are known to a third; ratios are means over depths and runs.`,
        'Runs of one law share its nets: intervals tell the chance of drawing and training again, not of training other nets for the law.',
      ],
      tables: [],
    },
  ];
}
