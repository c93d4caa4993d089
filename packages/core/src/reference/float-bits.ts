/** Twins of `count_float_groups`, `count_float_keys`, `float_bit_runs` and `float_runs`, number by number. All are integers: the kernels' bits. */

/** What is counted of a test so far. Ties, which are on neither side, are as if they were not there. */
export interface RunState {
  readonly above: number;
  readonly below: number;
  /** How often the side changed: one less than the number of runs. */
  readonly changes: number;
  /** Side of the last number; `null` before the first. */
  readonly last: 'above' | 'below' | null;
}

/** Bounds of a group's sides: below where the value is < `below`, above where it is > `above`. */
export interface SideLimits {
  readonly below: number;
  readonly above: number;
}

const none: RunState = { above: 0, below: 0, changes: 0, last: null };

/** Values of the groups of a number: fraction bits 0–7, 8–15, 16–22, exponent. */
function groupsOf(bits: number): readonly number[] {
  return [bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 127, (bits >>> 23) & 255];
}

function bitsOf(x: Float32Array): Uint32Array {
  return new Uint32Array(x.buffer, x.byteOffset, x.length);
}

/** How often each value of each group occurs: 4 × 256. */
export function countFloatGroups(x: Float32Array): Uint32Array {
  const counts = new Uint32Array(1024);
  for (const bits of bitsOf(x)) {
    for (const [group, value] of groupsOf(bits).entries()) increment(counts, 256 * group + value);
  }
  return counts;
}

/** A u32 that sorts as numbers do, −0 being +0. */
function keyOf(bits: number): number {
  if (bits === 0x80000000) return 0x80000000;
  return (bits >= 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

/** How often each upper half of a key occurs, or each lower half behind the upper half `prefix`. @param prefix −1: upper halves */
export function countFloatKeys(x: Float32Array, prefix: number): Uint32Array {
  const counts = new Uint32Array(65_536);
  for (const bits of bitsOf(x)) {
    const key = keyOf(bits);
    if (prefix < 0) increment(counts, key >>> 16);
    else if (key >>> 16 === prefix) increment(counts, key & 0xffff);
  }
  return counts;
}

/** The 32 bits, then the four groups about their limits. @param before the states so far; default: nothing yet */
export function floatBitRuns(
  x: Float32Array,
  limits: readonly SideLimits[],
  before: readonly RunState[] = new Array(36).fill(none),
): readonly RunState[] {
  const states = [...before];
  for (const bits of bitsOf(x)) {
    for (let bit = 0; bit < 32; bit++) {
      states[bit] = stepped(states[bit] ?? none, (bits >>> bit) & 1 ? 'above' : 'below');
    }
    for (const [group, value] of groupsOf(bits).entries()) {
      states[32 + group] = stepped(states[32 + group] ?? none, sideOf(value, limits[group]));
    }
  }
  return states;
}

/** The numbers themselves; NaN is a tie. @param before the state so far; default: nothing yet */
export function floatRuns(x: Float32Array, limits: SideLimits, before: RunState = none): RunState {
  return x.reduce((state, value) => stepped(state, sideOf(value, limits)), before);
}

function sideOf(value: number, limits: SideLimits | undefined): RunState['last'] {
  if (limits === undefined) return null;
  if (value < limits.below) return 'below';
  return value > limits.above ? 'above' : null;
}

function stepped(state: RunState, side: RunState['last']): RunState {
  if (side === null) return state;
  return {
    above: state.above + (side === 'above' ? 1 : 0),
    below: state.below + (side === 'below' ? 1 : 0),
    changes: state.changes + (state.last !== null && state.last !== side ? 1 : 0),
    last: side,
  };
}

function increment(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
