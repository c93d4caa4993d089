// Copies B into panels 16, 12, 8 or 4 columns wide, each panel k rows deep and contiguous, in the order in which the
// tiles read it. Columns past n are filled with zeros, so a tile may always be whole.

@inline
function panelWidth(left: usize): usize {
  return left >= 16 ? 16 : left >= 12 ? 12 : left >= 8 ? 8 : 4;
}

/** B is k × n, row-major, `ldb` floats a row. */
export function pack_rows(k: usize, n: usize, b: usize, ldb: usize, out: usize): void {
  const padded: usize = (n + 3) & ~3;
  for (let j: usize = 0; j < padded; ) {
    const width = panelWidth(padded - j);
    const whole = min(width, n - j) & ~3;
    const rest = min(width, n - j) & 3;
    let source = b + 4 * j;
    for (let p: usize = 0; p < k; p++) {
      for (let x: usize = 0; x < whole; x += 4) v128.store(out + 4 * x, v128.load(source + 4 * x));
      if (rest) {
        v128.store(out + 4 * whole, f32x4.splat(0));
        for (let x: usize = whole; x < whole + rest; x++) store<f32>(out + 4 * x, load<f32>(source + 4 * x));
      }
      out += 4 * width;
      source += 4 * ldb;
    }
    j += width;
  }
}

/** B is given transposed: n × k, row-major, `ldb` floats a row; four rows are transposed in registers at a time. */
export function pack_columns(k: usize, n: usize, b: usize, ldb: usize, out: usize): void {
  const padded: usize = (n + 3) & ~3;
  for (let j: usize = 0; j < padded; ) {
    const width = panelWidth(padded - j);
    for (let x: usize = 0; x < width; x += 4) {
      let p: usize = 0;
      const row = b + 4 * (j + x) * ldb;
      let target = out + 4 * x;
      if (j + x + 4 <= n) {
        for (; p + 4 <= k; p += 4) {
          const r0 = v128.load(row + 4 * p);
          const r1 = v128.load(row + 4 * (p + ldb));
          const r2 = v128.load(row + 4 * (p + 2 * ldb));
          const r3 = v128.load(row + 4 * (p + 3 * ldb));
          const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
          const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
          const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
          const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
          v128.store(target, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
          v128.store(target + 4 * width, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
          v128.store(target + 8 * width, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
          v128.store(target + 12 * width, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
          target += 16 * width;
        }
      }
      for (; p < k; p++) {
        for (let y: usize = 0; y < 4; y++) {
          store<f32>(target + 4 * y, j + x + y < n ? load<f32>(row + 4 * (y * ldb + p)) : 0);
        }
        target += 4 * width;
      }
    }
    out += 4 * width * k;
    j += width;
  }
}
