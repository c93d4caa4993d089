/** A kernel as a matrix, fan-in by units, or a part of it: small enough for tests of order however large the tensor is. */
import { InvalidArgumentError } from '@kindling/core';
import type { WeightMatrix } from '../weight-matrix.js';

/** Which axes of a tensor make the rows (what a unit reads) and which the columns (units). */
export interface KernelAxes {
  /** Sizes of the tensor's axes, slowest first. Integers ≥ 1. */
  readonly shape: readonly number[];
  /** Places in `shape` of the axes that are counted by a row, slowest first: of images the pixels last, so that neighbors stay such. */
  readonly rowAxes: readonly number[];
  /** The same for a column. Both together name every axis once. */
  readonly columnAxes: readonly number[];
}

/** Most of a sample; a matrix within these is taken whole. */
export const mostKernelRows = 1024;
/** Beyond it units are left out. */
export const mostKernelColumns = 128;
/** Rows and columns are left out between runs of so many neighbors. */
const runLength = 8;

/** Takes a tensor piece by piece. */
export interface KernelSampler {
  /** The next numbers, in storage order. */
  add(piece: ArrayLike<number>): void;
  /** @throws InvalidArgumentError unless all numbers came */
  finish(): KernelSample;
}

/** A kernel's numbers, or some of its rows and columns. */
export interface KernelSample {
  readonly matrix: WeightMatrix;
  /** Whether it is all of it. */
  readonly whole: boolean;
}

/**
 * A sampler of up to 1,024 rows and 128 columns, in runs of eight neighbors evenly spread. Of a matrix of independent entries
 * every part is one.
 *
 * @throws InvalidArgumentError unless the axes name every axis of the shape once
 */
export function openKernelSample({ shape, rowAxes, columnAxes }: KernelAxes): KernelSampler {
  const named = [...rowAxes, ...columnAxes].sort((a, b) => a - b);
  if (named.length !== shape.length || named.some((axis, i) => axis !== i)) {
    throw new InvalidArgumentError(
      `openKernelSample: axes ${named.join(', ')} of a tensor of ${shape.length}; expected each once`,
    );
  }
  const [rowOffsets, allRows] = offsets(shape, rowAxes, mostKernelRows);
  const [columnOffsets, allColumns] = offsets(shape, columnAxes, mostKernelColumns);
  const [rows, columns] = [rowOffsets.length, columnOffsets.length];
  const values = new Float64Array(rows * columns);
  const place = (entry: number) =>
    (rowOffsets[Math.floor(entry / columns)] as number) + (columnOffsets[entry % columns] as number);
  const order = Uint32Array.from(values, (_, entry) => entry);
  const places = Float64Array.from(values, (_, entry) => place(entry));
  order.sort((a, b) => (places[a] as number) - (places[b] as number));
  const size = shape.reduce((product, extent) => product * extent, 1);
  let [seen, taken] = [0, 0];
  return {
    add(piece) {
      const end = seen + piece.length;
      while (taken < order.length) {
        const entry = order[taken] as number;
        const at = places[entry] as number;
        if (at >= end) break;
        values[entry] = piece[at - seen] as number;
        taken++;
      }
      seen = end;
    },
    finish() {
      if (seen !== size) {
        throw new InvalidArgumentError(`openKernelSample: ${seen} numbers came; expected ${size}`);
      }
      return { matrix: { rows, columns, values }, whole: allRows && allColumns };
    },
  };
}

/** Where the chosen rows (columns) begin in storage. */
function offsets(
  shape: readonly number[],
  axes: readonly number[],
  most: number,
): readonly [Float64Array, boolean] {
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, extent) => product * extent, 1),
  );
  const count = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  const chosen = spread(count, most);
  return [
    chosen.map((index) => {
      let [rest, offset] = [index, 0];
      for (const axis of [...axes].reverse()) {
        const extent = shape[axis] ?? 1;
        offset += (rest % extent) * (strides[axis] ?? 1);
        rest = Math.floor(rest / extent);
      }
      return offset;
    }),
    count <= most,
  ];
}

/** All of 0 … count − 1, or `most` of them in runs of neighbors that are evenly spread. */
function spread(count: number, most: number): Float64Array {
  if (count <= most) return Float64Array.from({ length: count }, (_, i) => i);
  const runs = most / runLength;
  return Float64Array.from({ length: most }, (_, i) => {
    const run = Math.floor(i / runLength);
    return Math.floor((run * (count - runLength)) / (runs - 1)) + (i % runLength);
  });
}
