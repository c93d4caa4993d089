/** Changes that make a net start, or start more often: each is applied and judged again, and only offered if it helps. */
import type { Engine } from '@kindling/core';
import { applyChange } from './apply-change.js';
import type { Change, Remedy, VerdictCode } from './diagnosis.js';
import { type Judgment, judge } from './judge.js';
import type { Candidate } from './remedy-candidate.js';
import { initializerCandidates } from './remedy-initializers.js';
import { networkCandidates } from './remedy-network.js';
import { residualCandidates } from './remedy-residual.js';
import { widthCandidates } from './remedy-widths.js';
import { startingShare } from './thresholds.js';

/** A share of nets that is not worth a change. */
const leastGain = 0.01;
/** Two measurements of the same probability may differ by so much. */
const measuredNoise = 0.05;
/** A single change that makes so many nets start leaves nothing to combine. */
const comfortableShare = 0.9;
/** More choices than this are no help. */
const mostRemedies = 5;

/** A candidate after it was tried. */
interface Trial {
  readonly candidate: Candidate;
  readonly after: Judgment;
}

/** Remedies for a judgment that is not `starts`: the surest first. */
export function remediesFor(engine: Engine, before: Judgment): readonly Remedy[] {
  const tryOut = (candidate: Candidate): Trial => ({
    candidate,
    after: judge(engine, applyChange(before.setting, candidate.change)),
  });
  const single = [
    ...initializerCandidates(before),
    ...residualCandidates(before),
    ...widthCandidates(before),
    ...networkCandidates(before),
  ]
    .filter(({ change }) => changesAnything(before, change))
    .map(tryOut);
  const enough = single.some(({ after }) => after.numbers.startingShare >= comfortableShare);
  const all = [...single, ...(enough ? [] : single.flatMap(combinations).map(tryOut))]
    .filter((trial) => helps(before, trial))
    .map((trial) => remedyOf(before, trial));
  // Shares that differ by less than a twentieth keep the order in which they were thought of; sort is stable.
  const surety = ({ after }: Remedy) => Math.round(after.startingShare * 20);
  return all.sort((a, b) => surety(b) - surety(a)).slice(0, mostRemedies);
}

/** Whether a change is one: of weights that are scaled behind their drawing, the law alone is. */
function changesAnything({ setting }: Judgment, { initializer, ...rest }: Change): boolean {
  const { initializerName: _, ...others } = rest;
  if (initializer === undefined || Object.keys(others).length > 0) return true;
  const scaled = setting.kind === 'dense' && setting.weightScales !== null;
  return scaled || JSON.stringify(initializer) !== JSON.stringify(setting.initializer);
}

/** What widths can do where critical weights alone are not enough. */
function combinations({ candidate: first, after }: Trial): readonly Candidate[] {
  const { initializer, initializerName } = first.change;
  if (initializer === undefined || first.code === 'born-dead' || first.combines === false) return [];
  return [...residualCandidates(after), ...widthCandidates(after), ...networkCandidates(after)]
    .filter(({ change }) => change.initializer === undefined)
    .map((second) => ({
      code: first.code,
      change: { ...first.change, ...second.change },
      text: (both, start) =>
        `use ${initializerName ?? 'critical weights'}, and ${second.text(both, { ...start, numbers: after.numbers })}`,
    }));
}

function remedyOf(before: Judgment, { candidate, after }: Trial): Remedy {
  return {
    code: candidate.code,
    text: candidate.text(after, before),
    change: candidate.change,
    starts: after.numbers.verdict === 'starts',
    before: before.numbers,
    after: after.numbers,
  };
}

/**
 * More nets start, and nothing is wrong that was not wrong before (equal units hide everything else). Or a net that was
 * mostly born dead is so half as often, even if what is alive then has another failing: an optimizer can make up for small
 * gradients, nothing wakes a constant.
 */
function helps(before: Judgment, { candidate, after }: Trial): boolean {
  const { verdicts } = before.assessment;
  const known: readonly VerdictCode[] = ['starts', ...verdicts];
  const nothingNew =
    verdicts[0] === 'no-symmetry-breaking' || after.assessment.verdicts.every((code) => known.includes(code));
  const { bornDeadProbability: dead } = before.numbers;
  const more = after.numbers.startingShare > before.numbers.startingShare + leastGain;
  if (more && nothingNew && after.numbers.bornDeadProbability <= dead + measuredNoise) return true;
  const revives = candidate.code === 'born-dead' && dead >= 1 - startingShare;
  return revives && after.numbers.bornDeadProbability <= dead / 2;
}
