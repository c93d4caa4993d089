/** What a figure-2 summary says, in sentences, the most important first. Nothing is said that the summary does not hold. */
import { countOf, countText, exponentialText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { type Failure, failureCount, failures } from '../../training/epochs-to-accuracy.js';
import { accuracyText, countEpochs, outcomesSentence } from '../../training/epochs-words.js';
import { baseText, sumText } from './base-style.js';
import { slopeText } from './report.js';
import type { Figure2Spec } from './spec.js';
import type { Figure2Summary, ResidualGrowthRow, ResidualTrainingCell } from './summary.js';

/** The findings of a summary. */
export function findings(summary: Figure2Summary): readonly string[] {
  return [
    ...starts(summary),
    ...growths(summary),
    ...agreement(summary),
    ...typical(summary),
    ...outcomesSentence(summary.training, summary.spec.training?.maxEpochs),
  ];
}

/** Which bases start at the most modules, and what becomes of the rest. */
function starts({ training, spec }: Figure2Summary): readonly string[] {
  if (training.length === 0) return [];
  const deepest = training.reduce((most, { modules }) => Math.max(most, modules), 0);
  const cells = training.filter(({ modules }) => modules === deepest);
  const started = cells.flatMap(({ base, medianEpochs }) =>
    medianEpochs === null ? [] : [`${countEpochs(medianEpochs)} with ${baseText(base)}`],
  );
  const goal = accuracyText(spec.training?.targetAccuracy);
  const head =
    started.length === 0
      ? `With ${countOf(deepest, 'module')}, no b reaches ${goal} in more than half of its runs.`
      : `With ${countOf(deepest, 'module')}, ${goal} takes a median of ${listText(started)}.`;
  const lost = cells.filter(({ medianEpochs }) => medianEpochs === null).map(lostText);
  return [[head, ...lost].join(' ')];
}

const failureVerbs: Readonly<Record<Failure, string>> = {
  censored: 'ran out of epochs',
  diverged: 'diverged',
  'never-moves': 'could provably never move again',
};

function lostText(cell: ResidualTrainingCell): string {
  const fates = failures
    .map((failure) => ({ count: failureCount(cell, failure), verb: failureVerbs[failure] }))
    .filter(({ count }) => count > 0)
    .map(({ count, verb }) => `${countText(count)} ${verb}`);
  return `With ${baseText(cell.base)} most runs do not get there: of ${countText(cell.runs)}, ${listText(fates)}.`;
}

/** Exponential for b = 1, a plateau below: slopes of the logarithm of the mean, measured and predicted. */
function growths({ growth, spec }: Figure2Summary): readonly string[] {
  return growth.map((row) => {
    if (!(readNumber(row.slopeError) <= largestSlopeError)) return untrustedText(row, spec);
    const head =
      `With ${baseText(row.base)} (${sumText(spec, row.base)}) the logarithm of the mean length changes by ${slopeText(readNumber(row.slope))} ± ${slopeText(readNumber(row.slopeError))} a module ` +
      `from L = ${row.from} to ${row.to} (theory: ${predictedText(row, spec.module)})`;
    if (row.limit === null) {
      const factor = exponentialText(readNumber(row.slope));
      return `${head}. It explodes exponentially: ${factor} times as long with every module.`;
    }
    const { estimate, lower, upper } = row.limit;
    const [low, high] = [exponentialText(readNumber(lower)), exponentialText(readNumber(upper))];
    const bounds = low === high ? '' : `, proved to lie between ${low} and ${high}`;
    return `${head}. It levels off at ${exponentialText(readNumber(estimate))} for L → ∞${bounds}.`;
  });
}

/** Above it a slope says nothing: no mean of the base could be trusted. */
const largestSlopeError = 0.5;

function untrustedText(row: ResidualGrowthRow, spec: Figure2Spec): string {
  const typical =
    row.typicalSlope === null
      ? ''
      : ` In a typical net it changes by ${slopeText(readNumber(row.typicalSlope))} from L = ${row.from} to ${row.to}.`;
  return (
    `With ${baseText(row.base)} (${sumText(spec, row.base)}) so few nets do not give a mean that can be trusted; ` +
    `in theory the logarithm of the mean length changes by ${predictedText(row, spec.module)} a module.${typical}`
  );
}

function predictedText(row: ResidualGrowthRow, module: 'relu' | 'linear'): string {
  const text = slopeText(readNumber(row.predictedSlope));
  if (module === 'linear') return text;
  return `${text}, between ${slopeText(readNumber(row.leastSlope))} and ${slopeText(readNumber(row.mostSlope))}`;
}

function agreement({ lengths, spec }: Figure2Summary): readonly string[] {
  const trusted = lengths.filter(({ heavyTailed }) => !heavyTailed);
  if (trusted.length === 0) return [];
  const sizes = trusted.map(({ deviation }) => Math.abs(readNumber(deviation)));
  const near = sizes.filter((size) => size <= 2).length;
  const worst = sizes.reduce((most, size) => Math.max(most, size), 0);
  const words =
    spec.module === 'relu'
      ? 'within the proved bounds, or at most 2 standard errors outside'
      : 'within 2 predicted standard errors of the exact value';
  return [
    `Simulation against theory: ${countText(near)} of ${countOf(trusted.length, 'mean')} ${near === 1 ? 'lies' : 'lie'} ${words}; the farthest is ${worst.toFixed(1)} away.`,
  ];
}

/** Where the mean is carried by few nets, what most nets have. */
function typical({ lengths, spec }: Figure2Summary): readonly string[] {
  const heavy = lengths.filter(({ heavyTailed }) => heavyTailed);
  const deepest = heavy.reduce<(typeof heavy)[number] | null>(
    (most, cell) => (most === null || cell.modules > most.modules ? cell : most),
    null,
  );
  if (deepest === null) return [];
  const { base, modules, trials } = deepest;
  return [
    `${countOf(heavy.length, 'mean')} ${heavy.length === 1 ? 'is' : 'are'} not compared: the lengths are so heavy-tailed that a mean of ${countText(trials)} nets misses E[M_L]. ` +
      `With ${baseText(base)} and ${countOf(modules, 'module')} the median net has a length of ${exponentialText(readNumber(deepest.logMedian))}, ` +
      `two thirds lie between ${exponentialText(readNumber(deepest.logLow))} and ${exponentialText(readNumber(deepest.logHigh))}, and theory’s ${spec.module === 'relu' ? 'estimate of the mean' : 'mean'} is ${exponentialText(readNumber(deepest.logEstimate))} ` +
      `(${numberText((readNumber(deepest.logEstimate) - readNumber(deepest.logMedian)) / Math.LN10, 2)} decades above the median).`,
  ];
}
