/** Which pixels a convolution or a pool reads for each of its outputs, and means over them. */
import { type Convolution, convolutionGeometry } from '@kindling/core';

/** What one direction reads for each of its outputs: places in the image, and what their sum is divided by. */
interface Axis {
  readonly places: readonly (readonly number[])[];
  readonly divisor: number;
}

/** Windows are products of two intervals. */
export interface Windows {
  /** Of the output. */
  readonly height: number;
  readonly width: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inputHeight: number;
  readonly inputWidth: number;
}

/**
 * The windows of a convolution over an image of this size.
 *
 * @param centered of every window the center alone counts: delta-orthogonal kernels
 * @throws InvalidArgumentError where `convolutionGeometry` does
 */
export function windowsOf(
  convolution: Convolution,
  height: number,
  width: number,
  centered = false,
): Windows {
  const { border, ...size } = convolutionGeometry(convolution, height, width);
  return {
    ...size,
    rows: axis(convolution.kernelHeight, convolution, height, size.height, border.top, centered),
    columns: axis(convolution.kernelWidth, convolution, width, size.width, border.left, centered),
    inputHeight: height,
    inputWidth: width,
  };
}

function axis(
  kernel: number,
  { stride, padding }: Convolution,
  size: number,
  outputs: number,
  before: number,
  centered: boolean,
): Axis {
  const [from, to] = centered ? [(kernel - 1) / 2, (kernel + 1) / 2] : [0, kernel];
  const places = Array.from({ length: outputs }, (_, output) => {
    const read: number[] = [];
    for (let tap = from; tap < to; tap++) {
      const place = output * stride + tap - before;
      if (padding === 'circular') read.push(((place % size) + size) % size);
      else if (place >= 0 && place < size) read.push(place);
    }
    return read;
  });
  return { places, divisor: centered ? 1 : kernel };
}

/** (1/k²) Σ of the map over every window, rows first; what is beyond the image counts as 0. */
export function averageOverWindows(map: Float64Array, windows: Windows): Float64Array {
  const { rows, columns, width, inputWidth } = windows;
  const area = rows.divisor * columns.divisor;
  const output = new Float64Array(rows.places.length * width);
  const line = new Float64Array(inputWidth);
  rows.places.forEach((read, i) => {
    line.fill(0);
    for (const row of read) {
      for (let j = 0; j < inputWidth; j++) line[j] = (line[j] ?? 0) + (map[row * inputWidth + j] ?? 0);
    }
    columns.places.forEach((places, j) => {
      let sum = 0;
      for (const place of places) sum += line[place] ?? 0;
      output[i * width + j] = sum / area;
    });
  });
  return output;
}

/**
 * How much a pixel counts, at least and at most, in the mean of `averageOverWindows` over the outputs, relative to the mean over
 * the inputs: both are 1 where every pixel is in equally many windows, and then the map's mean alone gives the next one.
 */
export function windowCoverage(windows: Windows): { readonly least: number; readonly greatest: number } {
  const rows = axisCoverage(windows.rows, windows.inputHeight);
  const columns = axisCoverage(windows.columns, windows.inputWidth);
  return { least: rows.least * columns.least, greatest: rows.greatest * columns.greatest };
}

function axisCoverage({ places, divisor }: Axis, size: number) {
  const counts = new Float64Array(size);
  for (const read of places) for (const place of read) counts[place] = (counts[place] ?? 0) + 1;
  const share = size / (places.length * divisor);
  return {
    least: share * counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
    greatest: share * counts.reduce((most, count) => Math.max(most, count), 0),
  };
}
