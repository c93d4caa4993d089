/** The tables of figure 1: lengths beside theory, epochs by depth, and how the trainings ended. Cells are ready to print. */

import { curveTitle } from '../../lengths/curve-style.js';
import { curveOf, depthsOf, initializersOf } from '../../lengths/reading.js';
import { countText, deviationText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { SummaryTable } from '../../study.js';
import { failureCount, failures } from '../../training/epochs-to-accuracy.js';
import { epochsText } from '../../training/epochs-words.js';
import type { Figure1Summary, TrainingCell } from './summary.js';

/** Every table the summary has numbers for; none for a part that was left out. */
export function tables(summary: Figure1Summary): readonly SummaryTable[] {
  const { lengths, training } = summary;
  return [
    ...(training.length > 0 ? [epochsTable(summary), outcomesTable(summary)] : []),
    ...(lengths.length > 0 ? [lengthsTable(summary)] : []),
  ];
}

function lengthsTable({ lengths }: Figure1Summary): SummaryTable {
  return {
    title: 'Mean length M_d / M_0, theory beside simulation',
    columns: [
      'initializer',
      'depth',
      'nets',
      'mean length',
      '± std. error',
      'theory',
      'deviation (std. errors)',
      'dead',
    ],
    rows: initializersOf(lengths).flatMap((initializer) =>
      curveOf(lengths, initializer).map((cell) => [
        curveTitle(initializer),
        String(cell.depth),
        countText(cell.trials),
        numberText(readNumber(cell.meanLength)),
        numberText(readNumber(cell.predictedStandardError), 2),
        numberText(readNumber(cell.predictedLength)),
        deviationText(readNumber(cell.deviation)),
        countText(cell.deadTrials),
      ]),
    ),
  };
}

function epochsTable({ training, spec }: Figure1Summary): SummaryTable {
  const depths = depthsOf(training);
  const cap = spec.training?.maxEpochs;
  return {
    title: 'Median epochs to the target accuracy',
    columns: ['initializer', ...depths.map((depth) => `depth ${depth}`)],
    rows: initializersOf(training).map((initializer) => {
      const curve = curveOf(training, initializer);
      return [
        curveTitle(initializer),
        ...depths.map((depth) => {
          const cell = curve.find((candidate) => candidate.depth === depth);
          return cell ? epochsText(cell, cap) : '–';
        }),
      ];
    }),
  };
}

function outcomesTable({ training }: Figure1Summary): SummaryTable {
  return {
    title: 'How the trainings ended, over all depths',
    columns: ['initializer', 'runs', 'reached', 'at the cap', 'diverged', 'never move'],
    rows: initializersOf(training).map((initializer) => {
      const curve = curveOf(training, initializer);
      const sum = (count: (cell: TrainingCell) => number) =>
        countText(curve.reduce((total, cell) => total + count(cell), 0));
      return [
        curveTitle(initializer),
        sum((cell) => cell.runs),
        sum((cell) => cell.reached),
        ...failures.map((failure) => sum((cell) => failureCount(cell, failure))),
      ];
    }),
  };
}
