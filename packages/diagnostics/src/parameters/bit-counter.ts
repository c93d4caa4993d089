/**
 * Counting for the runs test of float32 and its bits, with kernels, in bounded memory: an array is read three times, piece by piece.
 * The first reading finds the medians of the groups and half of each number's order, the second counts the runs of bits and groups and
 * the other half, the third counts the runs of the numbers.
 */
import { type Engine, InvalidArgumentError, type Pointer } from '@kindling/core';
import { findFloatPattern, mostLookedAt } from './bit-pattern.js';
import { type BitRefusal, fewestForBits, refuseNumbers } from './bit-refusal.js';
import { type BitTest, bitTestOfCounts, type SideCounts } from './bit-test.js';

/** Numbers that stand in the kernels' memory at once. */
const pieceFloats = 65_536;
const [groupWords, keyWords, stateWords] = [4 * 256, 65_536, 4 * 37];

/** Reads an array three times. */
export interface BitCounter {
  /** The next numbers of this reading, in order, any number of them. */
  add(piece: Float32Array): void;
  /**
   * Ends a reading. True: the array has to be read once more.
   *
   * @throws InvalidArgumentError when this reading was of another length than the first
   */
  endReading(): boolean;
  /** @throws InvalidArgumentError before the last reading has ended */
  finish(): BitTest;
}

/**
 * A counter for one array. It takes 0.6 MB of the arena, which the caller gives back with the arena's mark, and as much for arrays of
 * any length below 2³².
 */
export function openBitCounter(engine: Engine): BitCounter {
  const { arena, kernels } = engine;
  const piece = arena.allocateFloats(pieceFloats);
  const groupCounts = allocateWords(engine, groupWords);
  const keyCounts = allocateWords(engine, keyWords);
  const limits = allocateWords(engine, 8);
  const states = allocateWords(engine, stateWords);
  const valueState = states + 16 * 36;
  const looked: number[] = [];
  let [reading, size, seen] = [0, 0, 0];
  let median: KeyMedian = { low: 0, high: 0, upperLow: 0, upperHigh: 0 };
  let refusal: BitRefusal | null = null;

  function addPiece(numbers: Float32Array): void {
    const { length } = numbers;
    arena.floats(piece, length).set(numbers);
    if (reading === 0) {
      kernels.count_float_groups(length, piece, groupCounts);
      kernels.count_float_keys(length, piece, -1, keyCounts);
      for (let i = 0; i < length && looked.length < mostLookedAt; i++) {
        const value = numbers[i] as number;
        if (Number.isFinite(value)) looked.push(value);
      }
    } else if (reading === 1) {
      kernels.float_bit_runs(length, piece, limits, states);
      if (median.upperLow === median.upperHigh)
        kernels.count_float_keys(length, piece, median.upperLow, keyCounts);
    } else {
      const [below, above] = limitsOf(median);
      kernels.float_runs(length, piece, below, above, valueState);
    }
  }

  function endFirst(): boolean {
    size = seen;
    const groups = arena.words(groupCounts, groupWords);
    const everSet = fractionBitsSet(groups);
    refusal = refuseNumbers({
      size,
      notFinite: groups[3 * 256 + 255] ?? 0,
      lowZeroBits: everSet === 0 ? 23 : 31 - Math.clz32(everSet & -everSet),
      pattern: size < fewestForBits ? null : findFloatPattern(looked),
    });
    if (refusal !== null) return false;
    const sides = arena.words(limits, 8);
    for (let group = 0; group < 4; group++) {
      const [low, high] = middleOf(groups.subarray(256 * group, 256 * (group + 1)), size);
      // Nothing lies between the middle two: below is < high, above is > low, and where they are one, it is the tie.
      sides[2 * group] = high;
      sides[2 * group + 1] = low;
    }
    const [upperLow, upperHigh] = middleOf(arena.words(keyCounts, keyWords), size);
    median = { low: 0, high: 0, upperLow, upperHigh };
    if (upperLow !== upperHigh) {
      // Any key above the lower of the middle two and not above the upper one splits them.
      median = { ...median, low: upperHigh * 65_536 - 1, high: upperHigh * 65_536 };
    } else {
      median = { ...median, before: countBefore(arena.words(keyCounts, keyWords), upperLow) };
    }
    arena.words(keyCounts, keyWords).fill(0);
    return true;
  }

  function endSecond(): boolean {
    const { upperLow, upperHigh, before = 0 } = median;
    if (upperLow !== upperHigh) return true;
    const [low, high] = middleOf(arena.words(keyCounts, keyWords), size, before);
    median = { ...median, low: upperLow * 65_536 + low, high: upperLow * 65_536 + high };
    return true;
  }

  return {
    add(numbers) {
      seen += numbers.length;
      for (let from = 0; from < numbers.length; from += pieceFloats) {
        addPiece(numbers.subarray(from, from + pieceFloats));
      }
    },
    endReading() {
      if (seen >= 2 ** 32) {
        throw new InvalidArgumentError(`openBitCounter: ${seen} numbers came; expected fewer than 2^32`);
      }
      if (reading > 0 && seen !== size) {
        throw new InvalidArgumentError(
          `openBitCounter: reading ${reading + 1} gave ${seen} numbers; expected ${size} as in the first — read the same array again`,
        );
      }
      const more = reading === 0 ? endFirst() : reading === 1 ? endSecond() : false;
      reading = more ? reading + 1 : 3;
      seen = 0;
      return more;
    },
    finish() {
      if (reading !== 3) {
        throw new InvalidArgumentError(
          `openBitCounter: finish came before the last reading had ended; expected endReading to give false first`,
        );
      }
      const words = arena.words(states, stateWords);
      const counts = Array.from({ length: stateWords / 4 }, (_, test): SideCounts => {
        const [above = 0, below = 0, changes = 0] = words.subarray(4 * test, 4 * test + 3);
        return { above, below, runs: above + below === 0 ? 0 : changes + 1 };
      });
      return bitTestOfCounts(size, counts, refusal);
    },
  };
}

/** The test of an array in memory. */
export function testBits(engine: Engine, values: Float32Array): BitTest {
  const mark = engine.arena.mark();
  try {
    const counter = openBitCounter(engine);
    do counter.add(values);
    while (counter.endReading());
    return counter.finish();
  } finally {
    engine.arena.release(mark);
  }
}

/** Keys of the numbers in the middle, as far as they are known. */
interface KeyMedian {
  readonly low: number;
  readonly high: number;
  readonly upperLow: number;
  readonly upperHigh: number;
  /** Numbers whose key has a smaller upper half. */
  readonly before?: number;
}

function allocateWords({ arena }: Engine, count: number): Pointer {
  const pointer = arena.allocate(4 * count);
  arena.words(pointer, count).fill(0);
  return pointer;
}

/** Values of the numbers ⌊(n − 1)/2⌋ and ⌊n/2⌋ in order, from 0. @param before numbers that come before all counted ones */
function middleOf(counts: Uint32Array, size: number, before = 0): readonly [low: number, high: number] {
  return [
    valueAt(counts, Math.floor((size - 1) / 2) - before),
    valueAt(counts, Math.floor(size / 2) - before),
  ];
}

function valueAt(counts: Uint32Array, index: number): number {
  let [value, through] = [0, counts[0] ?? 0];
  while (through <= index && value < counts.length - 1) through += counts[++value] ?? 0;
  return value;
}

function countBefore(counts: Uint32Array, value: number): number {
  let before = 0;
  for (let i = 0; i < value; i++) before += counts[i] ?? 0;
  return before;
}

/** Which fraction bits are 1 in some number, by the counts of the groups. */
function fractionBitsSet(groups: Uint32Array): number {
  let bits = 0;
  for (let group = 0; group < 3; group++) {
    for (let value = 0; value < 256; value++) {
      if ((groups[256 * group + value] ?? 0) > 0) bits |= value << (8 * group);
    }
  }
  return bits;
}

const negativeZeroKey = 0x7fffffff;

/** A number is below where it is < the first, above where it is > the second. */
function limitsOf({ low, high }: KeyMedian): readonly [below: number, above: number] {
  // −0 is counted as +0, so nothing has its key, and > −0 would leave zeros out.
  return [numberOf(high), numberOf(low === negativeZeroKey ? low - 1 : low)];
}

/** The number of a key: the inverse of what `count_float_keys` makes. */
function numberOf(key: number): number {
  const bits = key >= 0x80000000 ? key - 0x80000000 : ~key >>> 0;
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
