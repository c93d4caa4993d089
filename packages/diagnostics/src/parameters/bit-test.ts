/** The runs test of every part of a float32, over the numbers of a tensor in storage order. */
import type { BitRefusal } from './bit-refusal.js';
import { type RunsTest, runsTestOfCounts } from './runs-test.js';

/** Groups of bits that are tested as integers, in the order of `count_float_groups`; `sign` is one bit. */
export const bitGroups = [
  { name: 'fraction 0–7', firstBit: 0, lastBit: 7 },
  { name: 'fraction 8–15', firstBit: 8, lastBit: 15 },
  { name: 'fraction 16–22', firstBit: 16, lastBit: 22 },
  { name: 'exponent', firstBit: 23, lastBit: 30 },
  { name: 'sign', firstBit: 31, lastBit: 31 },
] as const;

/** Name of a group of bits. */
export type BitGroupName = (typeof bitGroups)[number]['name'];

/** What the test found of a tensor. A part is `null` where one of its sides has fewer than ten numbers. */
export interface BitTest {
  /** Numbers. */
  readonly size: number;
  /** Why nothing was tested; then every part is `null`. */
  readonly refusal: BitRefusal | null;
  /** The numbers themselves, split at their median. */
  readonly values: RunsTest | null;
  /** By bit, 0 the lowest of the fraction, 31 the sign: runs of 1 and 0, no median. */
  readonly bits: readonly (RunsTest | null)[];
  /** By bit: the share of numbers that have it; NaN where nothing was tested. */
  readonly shares: readonly number[];
  /** Integers of the groups, split at their median, ties dropped. */
  readonly groups: Readonly<Record<BitGroupName, RunsTest | null>>;
}

/** Of one test. */
export interface SideCounts {
  readonly above: number;
  readonly below: number;
  readonly runs: number;
}

/** The tests from their counts: 32 bits, 4 groups, the numbers. */
export function bitTestOfCounts(
  size: number,
  counts: readonly SideCounts[],
  refusal: BitRefusal | null,
): BitTest {
  const tests = counts.map(({ above, below, runs }) =>
    refusal === null ? runsTestOfCounts(above, below, runs) : null,
  );
  const at = (index: number) => tests[index] ?? null;
  return {
    size,
    refusal,
    values: at(36),
    bits: tests.slice(0, 32),
    shares: counts
      .slice(0, 32)
      .map(({ above }) => (refusal === null && size > 0 ? above / size : Number.NaN)),
    groups: {
      'fraction 0–7': at(32),
      'fraction 8–15': at(33),
      'fraction 16–22': at(34),
      exponent: at(35),
      sign: at(31),
    },
  };
}

/** The answer for a tensor that cannot be tested. */
export function refusedBitTest(size: number, refusal: BitRefusal): BitTest {
  const nothing = Array.from({ length: 37 }, () => ({ above: 0, below: 0, runs: 0 }));
  return bitTestOfCounts(size, nothing, refusal);
}
