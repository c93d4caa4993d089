/** How many random nets a diagnosis can afford. */

/** Operations that a default simulation may cost: about a second. */
export const simulatedOperations = 1e10;
/** Bounds of the default: a share is known to 13 % at worst, to 1.6 % at best. */
const fewestTrials = 16;
const mostTrials = 1000;
/** A change that takes so many times as long to judge is not tried. */
const mostPatience = 4;

/**
 * As many as about a second allows, from 16 on.
 *
 * @param operations of one net
 * @param most default 1,000
 */
export function affordableTrials(operations: number, most: number = mostTrials): number {
  return Math.round(Math.min(most, Math.max(fewestTrials, simulatedOperations / operations)));
}

/** Whether even the fewest nets take far longer than that. */
export function isCostly(operations: number): boolean {
  return fewestTrials * operations > mostPatience * simulatedOperations;
}
