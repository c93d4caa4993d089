/**
 * Laws of whole matrices, which no test of single numbers sees: an orthogonal matrix looks normal entry by entry. They are told by what
 * they promise: WᵀW = gain²·1 within rounding, zeros in exact places, exact numbers of zeros.
 */
import { type Engine, InvalidArgumentError, philox4x32 } from '@kindling/core';
import { identifyLaw } from './identify-law.js';
import { sampleWeights } from './weight-sample.js';

/** A kernel's numbers and how they lie. */
export interface KernelMatrix {
  /** units × fanIn finite numbers. */
  readonly values: ArrayLike<number>;
  readonly fanIn: number;
  readonly units: number;
  /** Whether a unit's numbers stand together (`out-in`, OIHW); otherwise those of an input do (`in-out`, HWIO). */
  readonly unitsFirst: boolean;
  /** Of a convolution's kernel, the extents of its window; a dense kernel has none. */
  readonly window?: readonly number[];
}

/** A structure, with its name in the catalog. */
export type KernelStructure =
  | {
      /** Rows or columns, whichever are fewer, are orthogonal to each other and of length `gain`. */
      readonly kind: 'orthogonal';
      readonly gain: number;
    }
  | {
      /** A convolution that is zero but for its center, which is orthogonal. */
      readonly kind: 'delta-orthogonal';
      readonly gain: number;
    }
  | {
      /** `gain` where input and unit have the same number, zero elsewhere. */
      readonly kind: 'identity';
      readonly gain: number;
    }
  | {
      /** Every unit has `zeros` inputs of weight zero, or every input that many units; the others are normal. */
      readonly kind: 'sparse';
      readonly zeros: number;
      readonly of: 'unit' | 'input';
      /** Of the numbers that are not zero. */
      readonly deviation: number;
      /** Of their being normal. */
      readonly pValue: number;
    };

export interface IdentifyStructureOptions {
  /** By how much of itself rounding moves a number, as in `identifyLaw`; default 2⁻²⁰, half precision needs 2⁻⁹, bfloat16 2⁻⁷. */
  readonly slack?: number;
  /** Level of the test that the numbers of a sparse kernel are normal; default 0.01. */
  readonly level?: number;
}

/** Fewer rows and columns satisfy a structure by accident, or trivially: one column is always orthogonal to all others. */
const leastSide = 2;
/** WᵀW of rounded numbers is off by two roundings of one of them, twice that for safety. */
const roundings = 4;
/** What decompositions in f32 leave of orthogonality in matrices of some thousand rows. */
const leastTolerance = 2e-5;
/** Any constant will do; it is written down so that the vectors never change. */
const vectorKey = [0x6b696e64, 0x6f727468] as const;
/** Vectors that WᵀW is tried on. A matrix that is not orthogonal passes a random one with probability 0, the second guards the first. */
const tries = 2;

/**
 * The structure of a kernel; `null` if it has none. Costs 4·tries passes over the matrix, not its cube: WᵀWx = gain²·x is tried on
 * two vectors (Freivalds, IFIP 1977).
 *
 * @throws InvalidArgumentError for sizes that do not fit each other
 */
export function identifyStructure(
  engine: Engine,
  kernel: KernelMatrix,
  { slack = 2 ** -20, level = 0.01 }: IdentifyStructureOptions = {},
): KernelStructure | null {
  const { values, fanIn, units, window = [] } = kernel;
  const area = window.reduce((product, extent) => product * extent, 1);
  if (values.length !== fanIn * units || fanIn % area !== 0) {
    throw new InvalidArgumentError(
      `identifyStructure: ${values.length} numbers for fan-in ${fanIn} and ${units} units with a window of ${area}; expected fan-in × units, and whole channels`,
    );
  }
  if (Math.min(fanIn, units) < leastSide) return null;
  let [zeros, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) return null;
    if (value === 0) zeros++;
    squares += value * value;
  }
  if (squares === 0) return null;
  const at = kernel.unitsFirst
    ? (input: number, unit: number) => values[unit * fanIn + input] as number
    : (input: number, unit: number) => values[input * units + unit] as number;
  const whole: View = { rows: fanIn, columns: units, at };
  if (zeros > 0) {
    const gain = identityGain(whole);
    if (gain !== null) return { kind: 'identity', gain };
  }
  const gain = orthogonalGain(whole, squares, slack);
  if (gain !== null) return { kind: 'orthogonal', gain };
  if (zeros === 0) return null;
  const center = area > 1 ? centerOf(kernel, area, whole) : null;
  const centerGain = center === null ? null : orthogonalGain(center, squares, slack);
  if (centerGain !== null) return { kind: 'delta-orthogonal', gain: centerGain };
  return sparseStructure(engine, whole, { zeros, slack, level });
}

/** A matrix, whatever its order in memory. */
interface View {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

function identityGain({ rows, columns, at }: View): number | null {
  const gain = at(0, 0);
  if (gain === 0) return null;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) if (at(i, j) !== (i === j ? gain : 0)) return null;
  }
  return gain;
}

/** The gain of a matrix whose shorter side is orthogonal; `null` of others, and of those that chance could make so. */
function orthogonalGain(view: View, squares: number, slack: number): number | null {
  const { rows, columns } = view;
  const short = Math.min(rows, columns);
  if (short < leastSide) return null;
  const tolerance = Math.max(leastTolerance, roundings * slack);
  // What independent numbers miss by is √(short/long): it must be far from what rounding does.
  if (Math.sqrt(short / Math.max(rows, columns)) < 8 * tolerance) return null;
  const scale = squares / short;
  const multiply = (from: Float64Array, transposed: boolean): Float64Array => {
    const to = new Float64Array(transposed ? columns : rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const weight = view.at(i, j);
        if (transposed) to[j] = (to[j] as number) + weight * (from[i] as number);
        else to[i] = (to[i] as number) + weight * (from[j] as number);
      }
    }
    return to;
  };
  const isTall = rows >= columns;
  for (let i = 0; i < tries; i++) {
    const x = Float64Array.from({ length: short }, (_, j) => {
      const [word] = philox4x32([j, i, 0, 0], vectorKey);
      return word / 2 ** 32 - 0.5;
    });
    const back = multiply(multiply(x, !isTall), isTall);
    let [difference, size] = [0, 0];
    for (let j = 0; j < short; j++) {
      const wanted = x[j] as number;
      const missed = (back[j] as number) / scale - wanted;
      difference += missed * missed;
      size += wanted * wanted;
    }
    if (!(Math.sqrt(difference / size) <= tolerance)) return null;
  }
  return Math.sqrt(scale);
}

/** The middle of a window of odd extents, where all else is zero: channels × units. */
function centerOf({ fanIn, unitsFirst, window = [] }: KernelMatrix, area: number, whole: View): View | null {
  if (window.some((extent) => extent % 2 === 0)) return null;
  const channels = fanIn / area;
  const middle = (area - 1) / 2;
  // OIHW keeps a channel's window together, HWIO a place's channels.
  const rowOf = (channel: number, place: number) =>
    unitsFirst ? channel * area + place : place * channels + channel;
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < area; place++) {
      if (place === middle) continue;
      for (let unit = 0; unit < whole.columns; unit++) {
        if (whole.at(rowOf(channel, place), unit) !== 0) return null;
      }
    }
  }
  return {
    rows: channels,
    columns: whole.columns,
    at: (row, column) => whole.at(rowOf(row, middle), column),
  };
}

/** Fewer units with as many zeros each may be chance. */
const fewestUnits = 4;

function sparseStructure(
  engine: Engine,
  { rows, columns, at }: View,
  { zeros, slack, level }: { readonly zeros: number; readonly slack: number; readonly level: number },
): KernelStructure | null {
  const inRows = new Float64Array(rows);
  const inColumns = new Float64Array(columns);
  const others = new Float64Array(rows * columns - zeros);
  let [held, squares] = [0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = at(i, j);
      if (value === 0) {
        inRows[i] = (inRows[i] as number) + 1;
        inColumns[j] = (inColumns[j] as number) + 1;
      } else {
        others[held++] = value;
        squares += value * value;
      }
    }
  }
  const equal = (counts: Float64Array) =>
    counts.length >= fewestUnits && counts.every((count) => count === counts[0]);
  const of = equal(inColumns) ? 'unit' : equal(inRows) ? 'input' : null;
  if (of === null) return null;
  // What is pruned by size leaves a hole around zero, which is not normal.
  const law = identifyLaw(engine, sampleWeights(others), { fans: null, level, slack });
  if (law.kind !== 'shape' || law.shape !== 'normal') return null;
  return {
    ...{ kind: 'sparse', of, zeros: (of === 'unit' ? inColumns[0] : inRows[0]) ?? 0 },
    ...{ deviation: Math.sqrt(squares / held), pValue: law.pValue },
  };
}
