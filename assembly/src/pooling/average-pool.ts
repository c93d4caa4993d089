// y(b, i, j)[channels] = mean of x over the window of windowHeight × windowWidth pixels whose first is
// x(b, i·stride, j·stride). Height and width are y's; windows lie inside x. One window as large as the image gives the global
// average. Strides are in floats: from image to image, row to row, pixel to pixel.
import { zero_grid } from '../grid/grid';

/**
 * Order: the window's rows and columns in order, in f64 from +0; then / the number of pixels, rounded to f32 once.
 *
 * Memory: x may be read up to 3 floats past a pixel's last channel. y overlaps nothing; its pixels are ⌈channels/4⌉·4 floats
 * apart at least, those past `channels` are overwritten with values that mean nothing.
 */
export function average_pool(batch: usize, height: usize, width: usize, channels: usize, windowHeight: usize, windowWidth: usize, stride: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize): void {
  const count = f64x2.splat(<f64>(windowHeight * windowWidth));
  for (let b: usize = 0; b < batch; b++) {
    for (let i: usize = 0; i < height; i++) {
      for (let j: usize = 0; j < width; j++) {
        const first = x + 4 * (b * xImage + stride * (i * xRow + j * xPixel));
        const to = y + 4 * (b * yImage + i * yRow + j * yPixel);
        for (let c: usize = 0; c < channels; c += 4) {
          let low = f64x2.splat(0);
          let high = f64x2.splat(0);
          for (let p: usize = 0; p < windowHeight; p++) {
            let from = first + 4 * (p * xRow + c);
            for (let q: usize = 0; q < windowWidth; q++) {
              const value = v128.load(from);
              low = f64x2.add(low, f64x2.promote_low_f32x4(value));
              high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3)));
              from += 4 * xPixel;
            }
          }
          const lowMean = f32x4.demote_f64x2_zero(f64x2.div(low, count));
          const highMean = f32x4.demote_f64x2_zero(f64x2.div(high, count));
          v128.store(to + 4 * c, v128.shuffle<f32>(lowMean, highMean, 0, 1, 4, 5));
        }
      }
    }
  }
}

/**
 * The adjoint of `average_pool`: dx(pixel) = Σ fl(dy(window) · fl(1/count)) over the windows that hold the pixel. dx is
 * overwritten on all inputHeight × inputWidth pixels: +0 first, then the windows in order, each added in f32.
 *
 * Memory: dy may be read up to 3 floats past a pixel's last channel; dx overlaps nothing, its pixels are
 * ⌈channels/4⌉·4 floats apart at least, those past `channels` are overwritten.
 */
export function average_pool_backward(batch: usize, height: usize, width: usize, channels: usize, windowHeight: usize, windowWidth: usize, stride: usize, dy: usize, dyImage: usize, dyRow: usize, dyPixel: usize, inputHeight: usize, inputWidth: usize, dx: usize, dxImage: usize, dxRow: usize, dxPixel: usize): void {
  zero_grid(batch, inputHeight, inputWidth, (channels + 3) & ~3, dx, dxImage, dxRow, dxPixel);
  const share = f32x4.splat(<f32>1 / <f32>(windowHeight * windowWidth));
  for (let b: usize = 0; b < batch; b++) {
    for (let i: usize = 0; i < height; i++) {
      for (let j: usize = 0; j < width; j++) {
        const from = dy + 4 * (b * dyImage + i * dyRow + j * dyPixel);
        const first = dx + 4 * (b * dxImage + stride * (i * dxRow + j * dxPixel));
        for (let c: usize = 0; c < channels; c += 4) {
          const value = f32x4.mul(v128.load(from + 4 * c), share);
          for (let p: usize = 0; p < windowHeight; p++) {
            let to = first + 4 * (p * dxRow + c);
            for (let q: usize = 0; q < windowWidth; q++) {
              v128.store(to, f32x4.add(v128.load(to), value));
              to += 4 * dxPixel;
            }
          }
        }
      }
    }
  }
}
