import { pixel_panels } from './generated/tiles';

/**
 * The adjoint of `conv2d` in W: dW(p, q)[channels × outputs] = Σ x(b, i·stride + p, j·stride + q)ᵀ · dy(b, i, j) over images and
 * pixels of dy. Arguments as in `conv2d`: height and width are dy's, `x` is the pixel under the first tap at dy(0, 0, 0).
 *
 * Order: for every image a chain in f32 over its rows and columns, ((0 + x₀·d₀) + x₁·d₁) + …; then the images' sums are
 * added up in order, ((s₀ + s₁) + s₂) + …. An error bound of a chain is as long as the chain; this one is as long as an
 * image plus the batch.
 *
 * Memory: dW is overwritten; lddw ≥ ⌈outputs/4⌉·4, columns past `outputs` are overwritten with values that mean
 * nothing; dy may be read up to 3 floats past its last element. No pixels give zeros. `scratch` holds
 * kernelHeight·kernelWidth·channels·(⌈outputs/4⌉·4 + 1) + 2·height·width floats.
 */
export function conv2d_weight_gradient(batch: usize, height: usize, width: usize, outputs: usize, kernelHeight: usize, kernelWidth: usize, stride: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, dy: usize, dyImage: usize, dyRow: usize, dyPixel: usize, dw: usize, lddw: usize, scratch: usize): void {
  let next = scratch;
  for (let p: usize = 0; p < kernelHeight; p++) {
    for (let q: usize = 0; q < kernelWidth; q++) {
      for (let c: usize = 0; c < channels; c++, next += 4) store<usize>(next, 4 * (p * xRow + q * xPixel + c));
    }
  }
  const m = kernelHeight * kernelWidth * channels;
  const pixels = next;
  for (let i: usize = 0; i < height; i++) {
    for (let j: usize = 0; j < width; j++, next += 8) {
      store<usize>(next, 4 * stride * (i * xRow + j * xPixel));
      store<usize>(next, 4 * (i * dyRow + j * dyPixel), 4);
    }
  }
  const k = <i32>(height * width);
  const padded: usize = (outputs + 3) & ~3;
  pixel_panels(m, outputs, batch == 0 ? 0 : k, pixels, x, scratch, dy, dw, 4 * lddw);
  for (let b: usize = 1; b < batch; b++) {
    pixel_panels(m, outputs, k, pixels, x + 4 * b * xImage, scratch, dy + 4 * b * dyImage, next, 4 * padded);
    add_rows(m, padded, next, dw, 4 * lddw);
  }
}

/** target ← target + source, m rows of n floats; source's rows lie side by side. */
function add_rows(m: usize, n: usize, source: usize, target: usize, stride: usize): void {
  for (let i: usize = 0; i < m; i++) {
    for (let j: usize = 0; j < n; j += 4) v128.store(target + 4 * j, f32x4.add(v128.load(target + 4 * j), v128.load(source + 4 * j)));
    source += 4 * n;
    target += stride;
  }
}
