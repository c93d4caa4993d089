/** What a trainability summary says, in sentences, the most important first. */

import { targetTitle } from '../../regression/target-titles.js';
import { countOf, countText, listText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { TrainabilityPoint, TrainabilitySummary } from './summarize.js';

/** Beyond so many standard errors a point is said to lie above the bound; by chance one in 740 does, were it on it. */
const mostDeviation = 3;

/** The findings of a summary. */
export function findings(summary: TrainabilitySummary): readonly string[] {
  return [bound(summary), ...rates(summary), tooFew(summary), active(summary)];
}

/** Points whose success rate lies above T by more than the binomial error. */
export function pointsAboveBound({ points }: TrainabilitySummary): readonly TrainabilityPoint[] {
  return points.filter((point) => readNumber(point.successDeviation) > mostDeviation);
}

function bound(summary: TrainabilitySummary): string {
  const { points } = summary;
  const above = pointsAboveBound(summary);
  const largest = points.reduce(
    (most, point) => Math.max(most, readNumber(point.successDeviation)),
    Number.NEGATIVE_INFINITY,
  );
  if (above.length > 0) {
    const names = above.map(({ target, width }) => `${targetTitle(target)} at width ${width}`);
    return (
      `${countOf(above.length, 'point')} of ${countText(points.length)} ${above.length === 1 ? 'lies' : 'lie'} above the bound T(n, m) by more than ` +
      `${mostDeviation} standard errors: ${listText(names)}. Theory says that none should.`
    );
  }
  const nearest =
    largest > 0
      ? `the largest excess is ${numberText(largest, 2)} standard errors`
      : `the nearest lies ${numberText(-largest, 2)} standard errors below it`;
  return (
    `No success rate lies above the bound T(n, m) by more than the binomial error: over ${countOf(points.length, 'point')} ` +
    `${nearest}.`
  );
}

/** The narrowest and the widest net of each target. */
function rates({ points, curves }: TrainabilitySummary): readonly string[] {
  return curves.map(({ target, needed }) => {
    const row = points.filter((point) => point.target === target).sort((a, b) => a.width - b.width);
    const ends = [...new Set([row[0], row.at(-1)])].flatMap((point) => (point === undefined ? [] : [point]));
    const texts = ends.map(
      ({ width, success, trainability }) =>
        `${shareText(success.share)} of runs at width ${width}, where T is ${shareText(trainability)}`,
    );
    const runs = ends[0]?.runs ?? 0;
    return `On ${targetTitle(target)}, which needs ${countOf(needed, 'neuron')}, training succeeds in ${listText(texts)} (${countOf(runs, 'run')} a width).`;
  });
}

function tooFew({ points }: TrainabilitySummary): string {
  const few = points.reduce((sum, { runs, active: { count } }) => sum + runs - count, 0);
  const successes = points.reduce((sum, { successesWithTooFew }) => sum + successesWithTooFew, 0);
  const enough = points.reduce((sum, { active: { count } }) => sum + count, 0);
  const reached = points.reduce((sum, { success }) => sum + success.count, 0) - successes;
  const share =
    enough === 0 ? '' : `, of the ${countOf(enough, 'net')} with enough ${shareText(reached / enough)}`;
  return (
    `Of ${countOf(few, 'net')} born with fewer active neurons than the target needs, ` +
    `${successes === 0 ? 'none' : countText(successes)} succeeded${share}: enough neurons are necessary, not sufficient.`
  );
}

function active({ points }: TrainabilitySummary): string {
  const largest = Math.max(...points.map((point) => Math.abs(readNumber(point.activeDeviation))));
  return (
    `The share of nets born with enough active neurons agrees with T: over ${countOf(points.length, 'point')} the largest ` +
    `deviation is ${numberText(largest, 2)} standard errors.`
  );
}
