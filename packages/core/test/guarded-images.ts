/** Images between guards, every float of them NaN at first: borders that nobody sets and padding that leaks show. */
import {
  type Engine,
  type ImageLayout,
  type ImageShape,
  type Images,
  leadingDimension,
  noBorder,
} from '../src/index.js';
import { type Guarded, guardedBlock } from './guarded.js';

export interface GuardedImages extends Images {
  readonly block: Guarded;
}

/** Images whose numbers, border and padding are NaN; with `values` (NHWC) the numbers are these. */
export function guardedImages(
  engine: Engine,
  shape: ImageShape,
  layout: ImageLayout = {},
  values?: ArrayLike<number>,
): GuardedImages {
  const { batch, height, width, channels } = shape;
  const { border = noBorder, dense = false } = layout;
  const pixelStride = dense ? channels : leadingDimension(channels);
  const rowStride = (border.left + width + border.right) * pixelStride;
  const imageStride = (border.top + height + border.bottom) * rowStride;
  const block = guardedBlock(engine, batch * imageStride);
  const first = border.top * rowStride + border.left * pixelStride;
  const pointer = block.pointer + 4 * first;
  const view = engine.arena.floats(block.pointer, batch * imageStride);
  for (let at = 0; values !== undefined && at < values.length; at++) {
    const [pixel, c] = [Math.floor(at / channels), at % channels];
    const [i, j] = [Math.floor(pixel / width) % height, pixel % width];
    const b = Math.floor(pixel / (width * height));
    view[first + b * imageStride + i * rowStride + j * pixelStride + c] = Number(values[at]);
  }
  return { ...shape, pointer, border, pixelStride, rowStride, imageStride, block };
}

/** The guards that something wrote over, in words. */
export function brokenGuards(blocks: Readonly<Record<string, Guarded>>): readonly string[] {
  return Object.entries(blocks).flatMap(([name, block]) => {
    const broken = block.brokenGuard();
    return broken === null ? [] : [`${name}: ${broken}`];
  });
}
