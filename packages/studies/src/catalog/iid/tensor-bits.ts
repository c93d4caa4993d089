/** The runs tests of a tensor as counts, which is what specs and records hold: Z and its p-value follow from them. */
import type { Engine } from '@kindling/core';
import {
  type BitColumn,
  type BitTest,
  bitColumns,
  refusedBitTest,
  runsTestOfCounts,
  testBits,
  testOfColumn,
} from '@kindling/diagnostics';
import { z } from 'zod';

/** Numbers above the split, below it, and runs; null where a side has fewer than ten. */
export type RunCounts = readonly [above: number, below: number, runs: number] | null;

/** A tensor and what was counted in it. */
export type TensorBits = {
  /** Its name in the net or file. */
  readonly name: string;
  /** What it is, such as `convolution weights`: a row of the table. */
  readonly type: string;
  /** Numbers. */
  readonly size: number;
  /** Why it was not tested; null where it was. */
  readonly refusal: string | null;
  /** By column in the order of `bitColumns`; empty where it was not tested. */
  readonly counts: readonly RunCounts[];
};

const whole = z.int().min(0);

/** As JSON from outside. */
export const tensorBitsSchema = z.strictObject({
  name: z.string(),
  type: z.string().min(1),
  size: whole,
  refusal: z.string().nullable(),
  counts: z
    .array(z.tuple([whole, whole, whole]).nullable())
    .refine(
      (counts) => counts.length === 0 || counts.length === bitColumns.length,
      `expected ${bitColumns.length} counts or none`,
    ),
});

/** Counts of a test that was made. */
export function tensorBits(name: string, type: string, test: BitTest): TensorBits {
  const { size, refusal } = test;
  return {
    ...{ name, type, size, refusal: refusal?.reason ?? null },
    counts:
      refusal === null
        ? bitColumns.map((column) => {
            const found = testOfColumn(test, column);
            return found === null ? null : [found.above, found.below, found.runs];
          })
        : [],
  };
}

/** Tests numbers in memory. */
export function countBits(engine: Engine, name: string, type: string, values: Float32Array): TensorBits {
  return tensorBits(name, type, testBits(engine, values));
}

/** The test that counts were taken from, as the table of layers reads it; single bits are not kept. */
export function bitTestOf({ size, refusal, counts }: TensorBits): BitTest {
  const nothing = refusedBitTest(size, { code: 'few-values', reason: refusal ?? '' });
  if (refusal !== null) return nothing;
  const at = (column: BitColumn) => {
    const found = counts[bitColumns.indexOf(column)] ?? null;
    return found === null ? null : runsTestOfCounts(...found);
  };
  return {
    ...nothing,
    refusal: null,
    values: at('values'),
    groups: {
      'fraction 0–7': at('fraction 0–7'),
      'fraction 8–15': at('fraction 8–15'),
      'fraction 16–22': at('fraction 16–22'),
      exponent: at('exponent'),
      sign: at('sign'),
    },
  };
}
