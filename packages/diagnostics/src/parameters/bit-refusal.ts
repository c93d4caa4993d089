/** Which numbers have no float32 bits to test, and why. */
import type { FloatPattern } from './bit-pattern.js';

/** Why a tensor was not tested, for programs. */
export type BitRefusalCode =
  | 'few-numbers'
  | 'quantized'
  | 'half-precision'
  | 'not-float32'
  | 'not-finite'
  | 'few-values'
  | 'patterned-bits';

/** Why a tensor was not tested. */
export interface BitRefusal {
  readonly code: BitRefusalCode;
  /** A clause for people, such as `numbers of 16 bits: …`. */
  readonly reason: string;
}

/** How a file stores a tensor. */
export interface StoredAs {
  /** Such as `f32`, `f16`, `bf16`, `f8e4m3`, `i8`, `u16`, `bool`; of quantized numbers the type they stand for. */
  readonly dtype: string;
  /** Whether they stand as integers or narrower floats with a scale. */
  readonly quantized: boolean;
}

/** Numbers below which no median has ten on either side. */
export const fewestForBits = 20;
/** Low fraction bits that are 0 in all numbers: those that half precision (13) and bfloat16 (16) leave, or at least a whole group. */
const patternedBits = 8;

/** Why numbers that are stored so have no float32 bits; `null` where they may have. */
export function refuseStorage({ dtype, quantized }: StoredAs): BitRefusal | null {
  if (quantized) {
    return {
      code: 'quantized',
      reason: 'quantized: the low bits of scale · integer + offset come from the scale, not from training',
    };
  }
  if (dtype === 'f32') return null;
  if (dtype === 'f16' || dtype === 'bf16' || dtype.startsWith('f8')) {
    return {
      code: 'half-precision',
      reason: `${dtype}: as float32 its low fraction bits are all 0, and those are what the test reads`,
    };
  }
  const what = dtype === 'f64' ? 'its float32 bits would be roundings of its own' : 'it has no fraction bits';
  return { code: 'not-float32', reason: `${dtype}: ${what}` };
}

/** What was seen of numbers at their first reading. */
export interface SeenNumbers {
  readonly size: number;
  readonly notFinite: number;
  /** How many of the lowest fraction bits are 0 in all of them. */
  readonly lowZeroBits: number;
  readonly pattern: FloatPattern | null;
}

/** Why these numbers are not tested; `null` where they are. */
export function refuseNumbers({ size, notFinite, lowZeroBits, pattern }: SeenNumbers): BitRefusal | null {
  if (notFinite > 0) {
    return {
      code: 'not-finite',
      reason: `${notFinite} of its numbers ${notFinite === 1 ? 'is' : 'are'} NaN or infinite`,
    };
  }
  if (size < fewestForBits) {
    return {
      code: 'few-numbers',
      reason: `${size} ${size === 1 ? 'number' : 'numbers'}; the test needs at least ${fewestForBits}`,
    };
  }
  if (pattern?.kind === 'few-values') {
    const { distinct } = pattern;
    return {
      code: 'few-values',
      reason: distinct === 1 ? 'all its numbers are equal' : `it holds ${distinct} different numbers only`,
    };
  }
  if (lowZeroBits >= patternedBits) {
    const origin =
      lowZeroBits >= 16 ? 'bfloat16 or coarser' : lowZeroBits >= 13 ? 'float16 or TF32' : 'rounded numbers';
    return {
      code: 'patterned-bits',
      reason: `the lowest ${lowZeroBits} fraction bits are 0 in all its numbers, as in what was ${origin}`,
    };
  }
  if (pattern?.kind === 'grid') {
    return {
      code: 'patterned-bits',
      reason: `its numbers stand on ${pattern.levels} evenly spaced levels, as integers times a scale do`,
    };
  }
  return null;
}
