// Makes a batch: picks rows of bytes by index.

/**
 * out[i][j] = source[index[i]][j] · (1/255), both factors f32: pixels in [0, 1]. `count` indices (u32), `width` bytes
 * a row of the source, `ld` floats a row of the batch.
 */
export function gather_pixels(count: usize, index: usize, source: usize, width: usize, out: usize, ld: usize): void {
  const unit: f32 = 1.0 / 255.0;
  const units = f32x4.splat(unit);
  const whole = width & ~7;
  for (let i: usize = 0; i < count; i++) {
    const row = source + <usize>load<u32>(index + 4 * i) * width;
    const target = out + 4 * i * ld;
    for (let j: usize = 0; j < whole; j += 8) {
      const bytes = v128.load_ext<u8>(row + j);
      const first = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(bytes));
      const second = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(bytes));
      v128.store(target + 4 * j, f32x4.mul(first, units));
      v128.store(target + 4 * j + 16, f32x4.mul(second, units));
    }
    for (let j = whole; j < width; j++) store<f32>(target + 4 * j, <f32>load<u8>(row + j) * unit);
  }
}

/** out[i] = source[index[i]], bytes: the labels of a batch. */
export function gather_labels(count: usize, index: usize, source: usize, out: usize): void {
  for (let i: usize = 0; i < count; i++) store<u8>(out + i, load<u8>(source + <usize>load<u32>(index + 4 * i)));
}
