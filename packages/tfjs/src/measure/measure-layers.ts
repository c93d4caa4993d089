/** One pass through all layers: the length of each, and which units of ReLU layers are ever above zero. */
import { slice, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { endsInRelu, type Tap, type TappedModel } from '../model/tap-model.js';
import type { InputBatch } from './input-batch.js';

/** What a call of a layer gives on the batch. */
export interface LayerActivity {
  readonly tap: Tap;
  /** Mean square of all its numbers, f64: not divided by the input's. NaN and Infinity stand for themselves. */
  readonly meanSquare: number;
  /** Of a layer that ends in ReLU, else `null`. */
  readonly units: UnitActivity | null;
}

/** Units of a ReLU layer: its last axis, which for a convolution are the channels. */
export interface UnitActivity {
  /** 1 a unit that is above 0 at some row and pixel. */
  readonly active: Uint8Array;
  /** 1 a row at which some unit is. */
  readonly awake: Uint8Array;
}

/** Numbers that all layers may give at once, 64 MB. Larger batches are passed in parts. */
const mostNumbers = 2 ** 24;

/** Passes the batch. Numbers are those of the backend, f32; sums are f64, in order. Leaves no tensors behind. */
export async function measureLayers(
  { taps, tapped }: TappedModel,
  batch: InputBatch,
): Promise<readonly LayerActivity[]> {
  const relu = taps.map(({ layer }) => endsInRelu(layer));
  const sums = new Float64Array(taps.length);
  const counts = new Float64Array(taps.length);
  const units = taps.map((): { active: Uint8Array; awake: Uint8Array } | null => null);
  const perRow = taps.reduce((sum, { output }) => sum + numbersOf(output.shape), 0);
  const chunk = Math.max(1, Math.min(batch.rows, Math.floor(mostNumbers / perRow)));
  for (let first = 0; first < batch.rows; first += chunk) {
    const rows = Math.min(chunk, batch.rows - first);
    const outputs = passRows(tapped, batch, first, rows);
    try {
      for (const [index, output] of outputs.entries()) {
        const values = await output.data();
        sums[index] = (sums[index] ?? 0) + sumOfSquares(values);
        counts[index] = (counts[index] ?? 0) + values.length;
        if (relu[index] !== true) continue;
        const width = output.shape.at(-1) ?? 1;
        const found = units[index] ?? { active: new Uint8Array(width), awake: new Uint8Array(batch.rows) };
        units[index] = found;
        noteActivity(values, values.length / rows, first, found);
      }
    } finally {
      for (const output of outputs) output.dispose();
    }
  }
  return taps.map((tap, index) => ({
    tap,
    meanSquare: (sums[index] ?? 0) / (counts[index] ?? 1),
    units: units[index] ?? null,
  }));
}

function passRows(
  tapped: TappedModel['tapped'],
  { tensors, rows: all }: InputBatch,
  first: number,
  rows: number,
): readonly Tensor[] {
  return tidy(() => {
    const part = tensors.map((whole) =>
      rows === all
        ? whole
        : slice(whole, [first, ...whole.shape.slice(1).map(() => 0)], [rows, ...whole.shape.slice(1)]),
    );
    const [only] = part;
    const output = tapped.predict(part.length === 1 && only !== undefined ? only : part, { batchSize: rows });
    return Array.isArray(output) ? output : [output];
  });
}

/** Numbers a row; open sizes count as 64. */
function numbersOf(shape: readonly (number | null)[]): number {
  return shape.slice(1).reduce<number>((product, size) => product * (size ?? 64), 1);
}

function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i] ?? 0;
    sum += x * x;
  }
  return sum;
}

function noteActivity(
  values: ArrayLike<number>,
  perRow: number,
  firstRow: number,
  { active, awake }: UnitActivity,
): void {
  const width = active.length;
  for (let i = 0; i < values.length; i++) {
    // NaN is not dead: it has left f32 upwards.
    if ((values[i] ?? 0) <= 0) continue;
    active[i % width] = 1;
    awake[firstRow + Math.floor(i / perRow)] = 1;
  }
}
