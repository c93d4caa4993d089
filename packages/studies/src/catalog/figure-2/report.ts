/** The tables of figure 2 and what theory says beside them. Cells are ready to print. */
import { portableMath } from '@kindling/core';
import { countText, deviationText, exponentialText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { SummaryTable } from '../../study.js';
import { failureCount, failures } from '../../training/epochs-to-accuracy.js';
import { epochsText } from '../../training/epochs-words.js';
import type { Figure2Summary } from './summary.js';

/** Every table the summary has numbers for. */
export function tables(summary: Figure2Summary): readonly SummaryTable[] {
  const { lengths, training } = summary;
  return [
    ...(training.length > 0 ? [epochsTable(summary), outcomesTable(summary)] : []),
    ...(lengths.length > 0 ? [growthTable(summary), lengthsTable(summary)] : []),
  ];
}

function depthsOf(cells: readonly { readonly modules: number }[]): readonly number[] {
  return [...new Set(cells.map(({ modules }) => modules))].sort((a, b) => a - b);
}

function epochsTable({ training, spec }: Figure2Summary): SummaryTable {
  const depths = depthsOf(training);
  return {
    title: 'Median epochs to the target accuracy',
    columns: ['b', ...depths.map((modules) => `L = ${modules}`)],
    rows: spec.bases.map((base) => [
      String(base),
      ...depths.map((modules) => {
        const cell = training.find((one) => one.base === base && one.modules === modules);
        return cell === undefined ? '–' : epochsText(cell, spec.training?.maxEpochs);
      }),
    ]),
  };
}

function outcomesTable({ training, spec }: Figure2Summary): SummaryTable {
  return {
    title: 'How the trainings ended, over all L',
    columns: ['b', 'runs', 'reached', 'at the cap', 'diverged', 'never move'],
    rows: spec.bases.map((base) => {
      const cells = training.filter((cell) => cell.base === base);
      const sum = (count: (cell: (typeof cells)[number]) => number) =>
        countText(cells.reduce((total, cell) => total + count(cell), 0));
      return [
        String(base),
        sum(({ runs }) => runs),
        sum(({ reached }) => reached),
        ...failures.map((failure) => sum((cell) => failureCount(cell, failure))),
      ];
    }),
  };
}

function growthTable({ growth }: Figure2Summary): SummaryTable {
  return {
    title: 'Slope of log E[M_L] a module',
    columns: [
      'b',
      'Σ η',
      'Σ η²',
      'from L',
      'to L',
      'measured',
      '± std. error',
      'theory',
      'between',
      'and',
      'typical net',
      'M for L → ∞',
    ],
    rows: growth.map((row) => [
      String(row.base),
      numberText(row.sumOfScales),
      numberText(row.sumOfSquares),
      String(row.from),
      String(row.to),
      ...[row.slope, row.slopeError, row.predictedSlope, row.leastSlope, row.mostSlope].map((slope) =>
        slopeText(readNumber(slope)),
      ),
      row.typicalSlope === null ? '–' : slopeText(readNumber(row.typicalSlope)),
      row.limit === null ? '∞' : exponentialText(readNumber(row.limit.estimate)),
    ]),
  };
}

/** Slopes near zero are compared with others: fixed decimals. */
export function slopeText(slope: number): string {
  if (!(Math.abs(slope) < 1000)) return numberText(slope, 2);
  const text = Math.abs(slope).toFixed(4);
  return slope < 0 && text !== '0.0000' ? `−${text}` : text;
}

function lengthsTable({ lengths }: Figure2Summary): SummaryTable {
  return {
    title: 'Mean length M_L = ‖f_L‖², theory beside simulation',
    columns: [
      'b',
      'L',
      'nets',
      'mean length',
      '± std. error',
      'theory',
      'lower bound',
      'upper bound',
      'deviation (std. errors)',
      'median net',
      'dead',
    ],
    rows: lengths.map((cell) => {
      const logMean = readNumber(cell.logMean);
      return [
        String(cell.base),
        String(cell.modules),
        countText(cell.trials),
        `${exponentialText(logMean)}${cell.heavyTailed ? ' (few nets)' : ''}`,
        exponentialText(logMean + portableMath.log(readNumber(cell.relativeError)), 2),
        exponentialText(readNumber(cell.logEstimate)),
        exponentialText(readNumber(cell.logLower)),
        exponentialText(readNumber(cell.logUpper)),
        deviationText(readNumber(cell.deviation)),
        exponentialText(readNumber(cell.logMedian)),
        countText(cell.deadTrials),
      ];
    }),
  };
}

/** What theory says of residual nets, and what was left open by the paper. */
export function sections({ spec }: Figure2Summary): readonly ReportSection[] {
  const relu =
    'A module of one ReLU layer only adds positive numbers, so it pushes the stream outward along the diagonal: E[M′] = E[M] (1 + η² + 2ηb/√π) with He weights, where b is the mean cosine of the stream with the diagonal. The first module is exact (b = 0 for a random direction); behind it b has proved bounds and an estimate between them. log E[M_L] therefore grows like Σ η_l: bounded for every L exactly when Σ η_l converges.';
  const linear =
    'A module that ends in a linear layer pushes the stream in a random direction: E[M′] = E[M] (1 + 2η²) with He weights, exactly, whatever the stream is. log E[M_L] grows like Σ η_l²: bounded for every L exactly when Σ η_l² converges.';
  return [
    {
      title: 'What the theory says',
      paragraphs: [
        'A residual net adds to its stream: f_l = f_l−1 + η_l N_l(f_l−1). Its length M_L = ‖f_L‖² is not divided by the width.',
        spec.module === 'relu' ? relu : linear,
        'With η_l = b^l the sum is below b/(1 − b) for b < 1, and the lengths level off; with b = 1 it is L, and they grow exponentially, however well the weights are scaled (Hanin & Rolnick 2018, Theorem 2). Where the mean is bounded the lengths of one net cannot scatter exponentially either (their Theorem 4).',
        spec.module === 'relu'
          ? 'How far a mean over so many nets can be trusted: M_L is a product of many factors, so its logarithm scatters nearly like a normal law and M_L has a heavy tail. The standard error is that of a lognormal law with the measured scatter of log M_L, or the sample’s own if that is larger; where it is above a third of the mean, simulation and expectation are not compared.'
          : 'How far a mean over so many nets can be trusted: E[M_L²] is known exactly, too, and gives the standard error; where it is above a third of the mean, simulation and expectation are not compared.',
      ],
      tables: [],
    },
    {
      title: 'What the paper leaves open',
      paragraphs: [
        `How 784 pixels meet a stream of width ${spec.width} is not described: here one ReLU layer from the pixels to the stream stands in front of the modules, and a linear layer of ten outputs behind them, both He normal, both trained. Optimizer (plain SGD, rate 0.01, batches of 1,024), the cap of 100 epochs and the 100 repeats are recalled, not quoted; part 2a has more repeats because they are cheap.`,
      ],
      tables: [],
    },
  ];
}
