/**
 * What a figure-1 summary says, in sentences, the most important first. Nothing is said that the summary does not
 * hold: a part that was left out, a single depth, or nobody reaching the target shorten the list.
 */

import { curveTitle } from '../../lengths/curve-style.js';
import {
  curveGroups,
  curveOf,
  deepestOf,
  depthsOf,
  factorText,
  fateOf,
  initializersOf,
  measuredFactor,
  measuredFactorText,
} from '../../lengths/reading.js';
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { type Failure, failureCount, failures, mainFailure } from '../../training/epochs-to-accuracy.js';
import { accuracyText, countEpochs, outcomesSentence } from '../../training/epochs-words.js';
import type { Figure1Summary, LengthCell, TrainingCell } from './summary.js';

/** The findings of a summary; empty when it has neither lengths nor trainings. */
export function findings(summary: Figure1Summary): readonly string[] {
  return [
    ...deepestStart(summary),
    ...depthClaim(summary),
    ...fates(summary),
    ...spread(summary),
    ...agreement(summary),
    ...outcomesSentence(summary.training, summary.spec.training?.maxEpochs),
    ...deadCounts(summary),
  ];
}

function goalOf({ spec }: Figure1Summary): string {
  return accuracyText(spec.training?.targetAccuracy);
}

/** Who starts at the deepest depth, fastest first, and what became of the rest. */
function deepestStart(summary: Figure1Summary): readonly string[] {
  const depths = depthsOf(summary.training);
  const depth = depths.at(-1);
  const cells = summary.training.filter((cell) => cell.depth === depth && cell.runs > 0);
  if (depth === undefined || cells.length === 0) return [];
  const paces = new Map<number, string[]>();
  for (const { initializer, medianEpochs } of cells) {
    if (medianEpochs === null) continue;
    paces.set(medianEpochs, [...(paces.get(medianEpochs) ?? []), curveTitle(initializer)]);
  }
  const spoken = [...paces]
    .sort(([a], [b]) => a - b)
    .map(
      ([epochs, names], i) => `${i === 0 ? countEpochs(epochs) : numberText(epochs)} with ${listText(names)}`,
    );
  const scope = depths.length > 1 ? `At depth ${depth}, the deepest trained,` : `At depth ${depth},`;
  const head =
    spoken.length > 0
      ? `${scope} ${goalOf(summary)} takes a median of ${spoken.join('; ')}.`
      : `${scope} no initialization reaches ${goalOf(summary)}.`;
  return [[head, ...restSentences(cells, summary.spec.training?.maxEpochs)].join(' ')];
}

/** Those whose median is beyond the cap, by what became of most of their runs. */
function restSentences(cells: readonly TrainingCell[], cap: number | undefined): readonly string[] {
  return failures.flatMap((failure) => {
    const lost = cells.filter((cell) => cell.medianEpochs === null && mainFailure(cell) === failure);
    if (lost.length === 0) return [];
    const counts = lost.map(
      (cell) => `${countText(failureCount(cell, failure))} of ${countOf(cell.runs, 'run')}`,
    );
    const alike = new Set(counts).size === 1;
    const names = lost.map((cell, i) => curveTitle(cell.initializer) + (alike ? '' : ` (${counts[i]})`));
    const within = failure === 'censored' && cap !== undefined ? ` within ${countOf(cap, 'epoch')}` : '';
    const all = alike ? ` (${counts[0]}${lost.length > 1 ? ' each' : ''})` : '';
    return [`${listText(names)} ${failureVerbs[failure]}${within}${all}.`];
  });
}

const failureVerbs: Readonly<Record<Failure, string>> = {
  censored: 'did not get there',
  diverged: 'diverged',
  'never-moves': 'could provably never move again',
};

/** The paper's claim: with the right variance, deep nets start no later than shallow ones. */
function depthClaim(summary: Figure1Summary): readonly string[] {
  const { training } = summary;
  return initializersOf(training)
    .filter((initializer) => initializer === 'he-normal' || initializer === 'he-uniform')
    .flatMap((initializer) => {
      const curve = curveOf(training, initializer).filter((cell) => cell.runs > 0);
      const deep = curve.at(-1);
      // The paper compares with depth 10; a study without it has its shallowest to compare with.
      const shallow = curve.find((cell) => cell.depth === 10 && cell !== deep) ?? curve[0];
      if (!deep || !shallow || deep === shallow) return [];
      const name = curveTitle(initializer);
      const [late, early] = [deep.medianEpochs, shallow.medianEpochs];
      if (late === null || early === null) {
        if (late === early) return [];
        const [there, lost] = late === null ? [shallow, deep] : [deep, shallow];
        return [
          `With ${name}, depth ${there.depth} starts (median ${countEpochs(there.medianEpochs ?? 0)}) and depth ${lost.depth} does not.`,
        ];
      }
      const verdict = late <= early ? 'starts no later than' : 'starts later than';
      return [
        `With ${name}, depth ${deep.depth} ${verdict} depth ${shallow.depth}: median ${countEpochs(late)} against ${numberText(early)}.`,
      ];
    });
}

/** Which initializations keep, lose or blow up the length, theory beside measurement. */
function fates({ lengths }: Figure1Summary): readonly string[] {
  const groups = curveGroups(lengths);
  const sentence = (fate: 'keeps' | 'vanishes' | 'explodes', verb: string) => {
    const chosen = groups.filter((group) => group.factor !== null && fateOf(group.factor) === fate);
    const parts = chosen.map((group) => {
      const cells = group.initializers.flatMap((initializer) => deepestOf(lengths, initializer) ?? []);
      const layers = countOf(cells[0]?.depth ?? 0, 'layer');
      const theory = `factor a layer ${factorText(group.factor ?? Number.NaN, 3)} in theory`;
      return `${listText(group.initializers.map(curveTitle))} (${theory}, ${measuredText(cells)} measured over ${layers})`;
    });
    return parts.length === 0 ? [] : [`The mean length ${verb} with ${parts.join('; ')}.`];
  };
  return [
    ...sentence('keeps', 'stays the same'),
    ...sentence('vanishes', 'vanishes exponentially'),
    ...sentence('explodes', 'explodes exponentially'),
  ];
}

/** A kept mean hides a wide spread of single nets; said of the first initializer that keeps its mean. */
function spread({ lengths }: Figure1Summary): readonly string[] {
  const keeper = curveGroups(lengths).find(({ factor }) => factor !== null && fateOf(factor) === 'keeps');
  const cell = deepestOf(lengths, keeper?.initializers[0] ?? '');
  if (!cell) return [];
  const [low, middle, high] = [cell.lowerLength, cell.medianLength, cell.upperLength].map(readNumber);
  if (low === undefined || middle === undefined || high === undefined) return [];
  if (![low, middle, high].every(Number.isFinite)) return [];
  return [
    `A kept mean is not a typical net: with ${curveTitle(cell.initializer)} at depth ${cell.depth} the median length is ${numberText(middle, 2)}, and two thirds of the nets lie between ${numberText(low, 2)} and ${numberText(high, 2)}.`,
  ];
}

function measuredText(cells: readonly LengthCell[]): string {
  const factors = cells.map(measuredFactor).sort((a, b) => a - b);
  const [low, high] = [factors[0] ?? Number.NaN, factors.at(-1) ?? Number.NaN].map(measuredFactorText);
  return low === high ? `${low}` : `${low} to ${high}`;
}

function agreement({ lengths }: Figure1Summary): readonly string[] {
  const deviations = lengths
    .map((cell) => ({ cell, size: Math.abs(readNumber(cell.deviation)) }))
    .filter(({ size }) => Number.isFinite(size));
  const worst = deviations.reduce<(typeof deviations)[number] | null>(
    (most, item) => (most === null || item.size > most.size ? item : most),
    null,
  );
  if (worst === null) return [];
  const near = deviations.filter(({ size }) => size <= 2).length;
  const lost = lengths.length - deviations.length;
  const unknown = lost === 0 ? '' : ` ${countOf(lost, 'point')} had no finite deviation.`;
  return [
    `Simulation against theory: ${countText(near)} of ${countOf(deviations.length, 'mean')} ${deviations.length === 1 ? 'lies' : 'lie'} within 2 predicted standard errors; the farthest is ${worst.size.toFixed(1)} away (${curveTitle(worst.cell.initializer)}, depth ${worst.cell.depth}).${unknown}`,
  ];
}

function deadCounts({ lengths }: Figure1Summary): readonly string[] {
  const dead = lengths.reduce((sum, cell) => sum + cell.deadTrials, 0);
  const nets = lengths.reduce((sum, cell) => sum + cell.trials, 0);
  if (dead === 0 || nets === 0) return [];
  const deepest = depthsOf(lengths.filter((cell) => cell.deadTrials > 0)).at(-1) ?? 0;
  return [
    `${countText(dead)} of ${countOf(nets, 'random net')} were dead (last length exactly 0), all at depth ${deepest} or less; they count in the means as zeros.`,
  ];
}
