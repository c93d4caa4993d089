// y(b, i, j)[channels] = the largest x in the window of windowHeight × windowWidth pixels whose first is
// x(b, i·stride, j·stride), channel by channel; the first of equals; the first NaN if there is one. Height and width are y's;
// windows lie inside x and hold a pixel at least. Strides are in floats: from image to image, row to row, pixel to pixel.
import { zero_grid } from '../grid/grid';

/** Lanes in which `value` takes the place of `best`: it is larger, or the first NaN. */
@inline
function beats(value: v128, best: v128): v128 {
  return v128.or(f32x4.gt(value, best), v128.and(f32x4.ne(value, value), f32x4.eq(best, best)));
}

/**
 * Memory: x may be read up to 3 floats past a pixel's last channel. y overlaps nothing; its pixels are ⌈channels/4⌉·4 floats
 * apart at least, those past `channels` are overwritten with values that mean nothing.
 */
export function max_pool(batch: usize, height: usize, width: usize, channels: usize, windowHeight: usize, windowWidth: usize, stride: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize): void {
  for (let b: usize = 0; b < batch; b++) {
    for (let i: usize = 0; i < height; i++) {
      for (let j: usize = 0; j < width; j++) {
        const first = x + 4 * (b * xImage + stride * (i * xRow + j * xPixel));
        const to = y + 4 * (b * yImage + i * yRow + j * yPixel);
        for (let c: usize = 0; c < channels; c += 4) {
          let best = v128.load(first + 4 * c);
          for (let p: usize = 0; p < windowHeight; p++) {
            let from = first + 4 * (p * xRow + c);
            for (let q: usize = 0; q < windowWidth; q++) {
              const value = v128.load(from);
              best = v128.bitselect(value, best, beats(value, best));
              from += 4 * xPixel;
            }
          }
          v128.store(to + 4 * c, best);
        }
      }
    }
  }
}

/**
 * dx(pixel) = Σ dy(window) over the windows whose maximum is this pixel; the maxima are found again in x. dx is overwritten
 * on all inputHeight × inputWidth pixels: +0 first, then the windows in order, each added in f32. Windows of more than
 * 2³¹ pixels are not meant.
 *
 * Memory: x and dy may be read up to 3 floats past a pixel's last channel; dx overlaps nothing, its pixels are
 * ⌈channels/4⌉·4 floats apart at least, those past `channels` are overwritten.
 */
export function max_pool_backward(batch: usize, height: usize, width: usize, channels: usize, windowHeight: usize, windowWidth: usize, stride: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, dy: usize, dyImage: usize, dyRow: usize, dyPixel: usize, inputHeight: usize, inputWidth: usize, dx: usize, dxImage: usize, dxRow: usize, dxPixel: usize): void {
  zero_grid(batch, inputHeight, inputWidth, (channels + 3) & ~3, dx, dxImage, dxRow, dxPixel);
  for (let b: usize = 0; b < batch; b++) {
    for (let i: usize = 0; i < height; i++) {
      for (let j: usize = 0; j < width; j++) {
        const first = x + 4 * (b * xImage + stride * (i * xRow + j * xPixel));
        const from = dy + 4 * (b * dyImage + i * dyRow + j * dyPixel);
        const to = dx + 4 * (b * dxImage + stride * (i * dxRow + j * dxPixel));
        for (let c: usize = 0; c < channels; c += 4) {
          let best = v128.load(first + 4 * c);
          let place = i32x4.splat(0);
          let tap = 0;
          for (let p: usize = 0; p < windowHeight; p++) {
            let at = first + 4 * (p * xRow + c);
            for (let q: usize = 0; q < windowWidth; q++) {
              const value = v128.load(at);
              const better = beats(value, best);
              best = v128.bitselect(value, best, better);
              place = v128.bitselect(i32x4.splat(tap), place, better);
              tap++;
              at += 4 * xPixel;
            }
          }
          const gradient = v128.load(from + 4 * c);
          tap = 0;
          for (let p: usize = 0; p < windowHeight; p++) {
            let at = to + 4 * (p * dxRow + c);
            for (let q: usize = 0; q < windowWidth; q++) {
              const old = v128.load(at);
              v128.store(at, v128.bitselect(f32x4.add(old, gradient), old, i32x4.eq(place, i32x4.splat(tap))));
              tap++;
              at += 4 * dxPixel;
            }
          }
        }
      }
    }
  }
}
