/** How many random nets a diagnosis can afford. */

/** Operations that a default simulation may cost: about a second. */
const simulatedOperations = 1e10;
/** Bounds of the default: a share is known to 13 % at worst, to 1.6 % at best. */
const fewestTrials = 16;
const mostTrials = 1000;

/** As many as about a second allows, 16 to 1,000. @param operations of one net */
export function affordableTrials(operations: number): number {
  return Math.round(Math.min(mostTrials, Math.max(fewestTrials, simulatedOperations / operations)));
}
