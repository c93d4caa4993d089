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

/**
 * The same batch without its zeros, as sparse rows: `starts` takes count + 1 u32, `columns` (u16) and `values` (f32) have room
 * for count · width entries. width ≤ 65,536.
 */
export function gather_sparse_pixels(count: usize, index: usize, source: usize, width: usize, starts: usize, columns: usize, values: usize): void {
  const unit: f32 = 1.0 / 255.0;
  const whole = width & ~15;
  let at: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    store<u32>(starts + 4 * i, <u32>at);
    const row = source + <usize>load<u32>(index + 4 * i) * width;
    for (let j: usize = 0; j < whole; j += 16) {
      for (let rest = i8x16.bitmask(i8x16.ne(v128.load(row + j), i8x16.splat(0))); rest != 0; rest &= rest - 1) {
        const column = j + <usize>ctz(rest);
        store<u16>(columns + 2 * at, <u16>column);
        store<f32>(values + 4 * at, <f32>load<u8>(row + column) * unit);
        at += 1;
      }
    }
    for (let column = whole; column < width; column++) {
      const pixel = load<u8>(row + column);
      if (pixel == 0) continue;
      store<u16>(columns + 2 * at, <u16>column);
      store<f32>(values + 4 * at, <f32>pixel * unit);
      at += 1;
    }
  }
  store<u32>(starts + 4 * count, <u32>at);
}

/** out[i] = source[index[i]], bytes: the labels of a batch. */
export function gather_labels(count: usize, index: usize, source: usize, out: usize): void {
  for (let i: usize = 0; i < count; i++) store<u8>(out + i, load<u8>(source + <usize>load<u32>(index + 4 * i)));
}
