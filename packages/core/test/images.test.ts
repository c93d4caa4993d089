/** Images in memory: layout, reading and writing, borders and their adjoint, flattening, grids of pixels. */
import { describe, expect, it } from 'vitest';
import {
  allFloats,
  allocateImages,
  allocateMatrix,
  type Border,
  createEngine,
  firstImages,
  flattenImages,
  foldBorder,
  type Images,
  InvalidArgumentError,
  noBorder,
  placeOf,
  readImages,
  readMatrix,
  sameLayout,
  sumSquaresOfImages,
  unflattenImages,
  widerBorder,
  wrapBorder,
  writeImages,
  zeroBorder,
} from '../src/index.js';
import {
  addGridF32,
  channelSums,
  copyGrid,
  type GridPlace,
  sumSquares,
  zeroGrid,
} from '../src/reference/index.js';
import { firstDifference, floatsWithSpecials, randomFloats } from './floats.js';
import { borrowing, guardedBlock, guardedVector } from './guarded.js';
import { brokenGuards, guardedImages } from './guarded-images.js';

const engine = createEngine();
const { kernels } = engine;
const border: Border = { top: 1, bottom: 2, left: 3, right: 1 };

/** The pixel (i, j) of image b, which may lie in the border. */
function pixelAt(images: Images, b: number, i: number, j: number): number[] {
  const { imageStride, rowStride, pixelStride, pointer, channels } = images;
  const at = pointer + 4 * (b * imageStride + i * rowStride + j * pixelStride);
  return [...engine.arena.floats(at, channels)];
}

describe('images', () => {
  it('are all zero when allocated, border and padding included, in memory that was not', () => {
    borrowing(engine, () => {
      borrowing(engine, () => engine.arena.floats(engine.arena.allocateFloats(5000), 5000).fill(7));
      const images = allocateImages(engine, { batch: 2, height: 4, width: 3, channels: 5 }, { border });
      expect([images.pixelStride, images.rowStride, images.imageStride]).toEqual([8, 56, 392]);
      const { pointer, count } = allFloats(images);
      expect(count).toBe(784);
      expect(engine.arena.floats(pointer, count).every((x) => Object.is(x, 0))).toBe(true);
    });
  });

  it('give back what was written, whatever the channels and the layout', () => {
    for (const channels of [1, 2, 3, 4, 5, 8, 17, 512]) {
      for (const layout of [{}, { border }, { dense: true }, { border, dense: true }]) {
        borrowing(engine, () => {
          const shape = { batch: 3, height: 2, width: 5, channels };
          const values = floatsWithSpecials(channels, 30 * channels, 9);
          const images = guardedImages(engine, shape, layout);
          writeImages(engine, images, values);
          expect(firstDifference(readImages(engine, images), values)).toBeNull();
          expect(images.block.brokenGuard()).toBeNull();
          const two = readImages(engine, firstImages(images, 2));
          expect(firstDifference(two, values.slice(0, 20 * channels))).toBeNull();
        });
      }
    }
  });

  it('keep pixels off multiples of 1 KiB, and side by side where they are dense', () => {
    borrowing(engine, () => {
      const shape = { batch: 1, height: 1, width: 2, channels: 256 };
      expect(allocateImages(engine, shape).pixelStride).toBe(260);
      expect(allocateImages(engine, { ...shape, channels: 3 }, { dense: true }).pixelStride).toBe(3);
    });
  });

  it('refuse sizes that are none, and values of another count', () => {
    const shape = { batch: 1, height: 2, width: 2, channels: 1 };
    const cases: readonly [() => unknown, string][] = [
      [() => allocateImages(engine, { ...shape, batch: -1 }), 'batch is -1; expected an integer ≥ 0'],
      [() => allocateImages(engine, { ...shape, width: 0 }), 'width is 0; expected an integer ≥ 1'],
      [() => allocateImages(engine, { ...shape, channels: 1.5 }), 'channels is 1.5'],
      [
        () => allocateImages(engine, shape, { border: { ...noBorder, left: -2 } }),
        'border.left is -2; expected an integer ≥ 0',
      ],
      [
        () => writeImages(engine, allocateImages(engine, shape), [1, 2, 3]),
        'writeImages: got 3 values; expected 1 × 2 × 2 × 1 = 4',
      ],
      [() => firstImages(allocateImages(engine, shape), 2), 'batch is 2; expected an integer from 0 to 1'],
      [
        () => flattenImages(engine, allocateImages(engine, shape), allocateMatrix(engine, 1, 5)),
        'flattenImages: the matrix is 1 × 5; expected 1 × 4',
      ],
    ];
    for (const [refused, message] of cases) {
      expect(refused).toThrow(message);
      expect(refused).toThrow(InvalidArgumentError);
    }
  });

  it('know when their layouts agree', () => {
    borrowing(engine, () => {
      const shape = { batch: 2, height: 3, width: 3, channels: 2 };
      const images = allocateImages(engine, shape, { border });
      expect(sameLayout(images, allocateImages(engine, shape, { border }))).toBe(true);
      expect(sameLayout(images, allocateImages(engine, shape))).toBe(false);
      expect(sameLayout(images, { ...images, border: { ...border, top: 2, bottom: 1 } })).toBe(false);
    });
  });

  it('sum squares row by row, without border and padding', () => {
    borrowing(engine, () => {
      const values = randomFloats(1, 2 * 3 * 4 * 5);
      const images = guardedImages(
        engine,
        { batch: 2, height: 3, width: 4, channels: 5 },
        { border },
        values,
      );
      let want = 0;
      for (let row = 0; row < 6; row++) want += sumSquares(4, 5, values.subarray(20 * row, 20 * row + 20));
      expect(sumSquaresOfImages(engine, images)).toBe(want);
    });
  });

  it('flatten to rows and back', () => {
    for (const channels of [1, 3, 4, 6]) {
      borrowing(engine, () => {
        const shape = { batch: 3, height: 2, width: 3, channels };
        const values = randomFloats(channels, 18 * channels);
        const images = guardedImages(engine, shape, { border }, values);
        const rows = allocateMatrix(engine, 3, 6 * channels);
        flattenImages(engine, images, rows);
        expect(firstDifference(readMatrix(engine, rows), values)).toBeNull();
        const back = guardedImages(engine, shape);
        unflattenImages(engine, rows, back);
        expect(firstDifference(readImages(engine, back), values)).toBeNull();
        expect(brokenGuards({ images: images.block, back: back.block })).toEqual([]);
      });
    }
  });
});

describe('borders', () => {
  const shapes = [
    { batch: 2, height: 4, width: 5, channels: 3 },
    { batch: 1, height: 1, width: 1, channels: 1 },
    { batch: 2, height: 2, width: 1, channels: 4 },
  ];
  const wide = { top: 3, bottom: 2, left: 2, right: 4 };

  it('are the union of two, side by side', () => {
    expect(widerBorder(border, wide)).toEqual({ top: 3, bottom: 2, left: 3, right: 4 });
  });

  it.each(shapes)('are set to zero, and only they: %j', (shape) => {
    borrowing(engine, () => {
      const { batch, height, width, channels } = shape;
      const values = randomFloats(1, batch * height * width * channels);
      const images = guardedImages(
        engine,
        shape,
        { border: widerBorder(wide, { ...noBorder, top: 4 }) },
        values,
      );
      zeroBorder(engine, images, wide);
      expect(firstDifference(readImages(engine, images), values)).toBeNull();
      expect(images.block.brokenGuard()).toBeNull();
      for (let i = -4; i < height + 2; i++) {
        for (let j = -2; j < width + 4; j++) {
          if (i >= 0 && i < height && j >= 0 && j < width) continue;
          const want = new Array<number>(channels).fill(i < -3 ? Number.NaN : 0);
          expect(pixelAt(images, batch - 1, i, j), `${i}, ${j}`).toEqual(want);
        }
      }
    });
  });

  it.each(shapes)('continue the image periodically, also round and round: %j', (shape) => {
    borrowing(engine, () => {
      const { batch, height, width, channels } = shape;
      const values = randomFloats(1, batch * height * width * channels);
      const images = guardedImages(engine, shape, { border: wide }, values);
      wrapBorder(engine, images, wide);
      expect(firstDifference(readImages(engine, images), values)).toBeNull();
      expect(images.block.brokenGuard()).toBeNull();
      for (let i = -3; i < height + 2; i++) {
        for (let j = -2; j < width + 4; j++) {
          const source = pixelAt(images, batch - 1, (i + 4 * height) % height, (j + 4 * width) % width);
          expect(pixelAt(images, batch - 1, i, j), `${i}, ${j}`).toEqual(source);
        }
      }
    });
  });

  it.each(shapes)('fold by the adjoint of that: ⟨wrap x, y⟩ = ⟨x, fold y⟩: %j', (shape) => {
    borrowing(engine, () => {
      const { batch, height, width, channels } = shape;
      const count = batch * height * width * channels;
      // Small integers: f32 sums of them are exact in any order.
      const integers = (seed: number, n: number) => randomFloats(seed, n).map((x) => Math.round(8 * x));
      const x = guardedImages(engine, shape, { border: wide }, integers(1, count));
      const whole = {
        ...{ batch, channels, height: height + wide.top + wide.bottom },
        width: width + wide.left + wide.right,
      };
      const y = integers(2, batch * whole.height * whole.width * channels);
      // The same floats, once with their border as border and once as image.
      const folded = guardedImages(engine, shape, { border: wide });
      const unbordered = { ...folded, ...whole, border: noBorder, pointer: allFloats(folded).pointer };
      writeImages(engine, unbordered, y);
      wrapBorder(engine, x, wide);
      const wrapped = readImages(engine, { ...unbordered, pointer: allFloats(x).pointer });
      foldBorder(engine, folded, wide);
      const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * Number(b[i]), 0);
      expect(inner(wrapped, y)).toBe(inner(readImages(engine, x), readImages(engine, folded)));
    });
  });
});

describe('grids', () => {
  const size = { images: 2, rows: 3, pixels: 2, channels: 0 };
  const strides = { image: 120, row: 40, pixel: 18 };

  it.each([0, 1, 3, 4, 7, 16, 17])(
    'of %i channels are copied, added and cleared, and nothing else',
    (channels) => {
      const grid = { ...size, channels };
      const [a, b] = [floatsWithSpecials(1, 260, 9), floatsWithSpecials(2, 260, 9)];
      const source: GridPlace = { values: a, start: 5, ...strides };
      const target: GridPlace = { values: b, start: 2, ...strides, pixel: 20 };
      borrowing(engine, () => {
        const [from, to] = [guardedVector(engine, a), guardedBlock(engine, 260)];
        const sizes = [grid.images, grid.rows, grid.pixels, channels] as const;
        const read = [from.pointer + 20, strides.image, strides.row, strides.pixel] as const;
        const write = [to.pointer + 8, strides.image, strides.row, 20] as const;
        const view = () => engine.arena.floats(to.pointer, 260);
        view().set(b);
        kernels.copy_grid(...sizes, ...read, ...write);
        expect(firstDifference(view().slice(), Float32Array.from(copyGrid(grid, source, target)))).toBeNull();
        view().set(b);
        kernels.add_grid(...sizes, ...read, ...write);
        expect(firstDifference(view().slice(), addGridF32(grid, source, target))).toBeNull();
        view().set(b);
        kernels.zero_grid(...sizes, ...write);
        expect(firstDifference(view().slice(), Float32Array.from(zeroGrid(grid, target)))).toBeNull();
        expect(brokenGuards({ from, to })).toEqual([]);
      });
    },
  );

  it('have sums of channels in f64 with one rounding, NaN and all', () => {
    for (const channels of [1, 3, 4, 5, 16, 33]) {
      for (const [batch, height, width] of [
        [0, 2, 2],
        [1, 1, 1],
        [2, 3, 5],
      ] as const) {
        borrowing(engine, () => {
          const grid = { images: batch, rows: height, pixels: width, channels };
          const values = floatsWithSpecials(channels, batch * height * width * channels, 20);
          const images = guardedImages(engine, { batch, height, width, channels }, { border }, values);
          const padded = 4 * Math.ceil(channels / 4);
          const [out, scratch] = [guardedBlock(engine, padded), guardedBlock(engine, 2 * padded)];
          const where = [placeOf(images), out.pointer, scratch.pointer] as const;
          kernels.channel_sums(batch, height, width, channels, ...where[0], where[1], where[2]);
          const got = engine.arena.floats(out.pointer, channels).slice();
          expect(firstDifference(got, Float32Array.from(channelSums(grid, values)))).toBeNull();
          expect(brokenGuards({ out, scratch, images: images.block })).toEqual([]);
        });
      }
    }
  });
});
