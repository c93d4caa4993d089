/**
 * out[c] = Σ over all pixels of a grid, in f64, rounded once: the bias gradient of a convolution. The sum over a row of
 * pixels starts at +0 and goes in order; the rows' sums are added in order of images and rows, from +0.
 *
 * x may be read up to 3 floats past a pixel's last channel. `out` has room for ⌈channels/4⌉·4 floats; those past
 * `channels` mean nothing. `scratch` holds 2·⌈channels/4⌉·4 floats at an address that 8 divides.
 */
export function channel_sums(images: usize, rows: usize, pixels: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, out: usize, scratch: usize): void {
  const padded = (channels + 3) & ~3;
  memory.fill(scratch, 0, 8 * padded);
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      const row = x + 4 * (b * xImage + i * xRow);
      for (let c: usize = 0; c < padded; c += 4) {
        let low = f64x2.splat(0);
        let high = f64x2.splat(0);
        let from = row + 4 * c;
        for (let j: usize = 0; j < pixels; j++) {
          const value = v128.load(from);
          low = f64x2.add(low, f64x2.promote_low_f32x4(value));
          high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3)));
          from += 4 * xPixel;
        }
        const sums = scratch + 8 * c;
        v128.store(sums, f64x2.add(v128.load(sums), low));
        v128.store(sums + 16, f64x2.add(v128.load(sums + 16), high));
      }
    }
  }
  for (let c: usize = 0; c < padded; c += 4) {
    const low = f32x4.demote_f64x2_zero(v128.load(scratch + 8 * c));
    const high = f32x4.demote_f64x2_zero(v128.load(scratch + 8 * c + 16));
    v128.store(out + 4 * c, v128.shuffle<f32>(low, high, 0, 1, 4, 5));
  }
}
