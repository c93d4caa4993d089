// Rectangles of pixels: `images` × `rows` × `pixels` runs of `channels` floats. A grid lies in memory with three strides in
// floats: from image to image, row to row, pixel to pixel. Borders, their adjoint, and rows of a matrix are all such.

/** target ← source. The grids do not overlap, and floats past `channels` are left alone. */
export function copy_grid(images: usize, rows: usize, pixels: usize, channels: usize, source: usize, sourceImage: usize, sourceRow: usize, sourcePixel: usize, target: usize, targetImage: usize, targetRow: usize, targetPixel: usize): void {
  const whole = channels & ~3;
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      let from = source + 4 * (b * sourceImage + i * sourceRow);
      let to = target + 4 * (b * targetImage + i * targetRow);
      for (let j: usize = 0; j < pixels; j++) {
        for (let c: usize = 0; c < whole; c += 4) v128.store(to + 4 * c, v128.load(from + 4 * c));
        for (let c = whole; c < channels; c++) store<f32>(to + 4 * c, load<f32>(from + 4 * c));
        from += 4 * sourcePixel;
        to += 4 * targetPixel;
      }
    }
  }
}

/** target ← target + source, one rounding. The grids do not overlap, and floats past `channels` are left alone. */
export function add_grid(images: usize, rows: usize, pixels: usize, channels: usize, source: usize, sourceImage: usize, sourceRow: usize, sourcePixel: usize, target: usize, targetImage: usize, targetRow: usize, targetPixel: usize): void {
  const whole = channels & ~3;
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      let from = source + 4 * (b * sourceImage + i * sourceRow);
      let to = target + 4 * (b * targetImage + i * targetRow);
      for (let j: usize = 0; j < pixels; j++) {
        for (let c: usize = 0; c < whole; c += 4) v128.store(to + 4 * c, f32x4.add(v128.load(to + 4 * c), v128.load(from + 4 * c)));
        for (let c = whole; c < channels; c++) store<f32>(to + 4 * c, load<f32>(to + 4 * c) + load<f32>(from + 4 * c));
        from += 4 * sourcePixel;
        to += 4 * targetPixel;
      }
    }
  }
}

/** target ← +0. Floats past `channels` are left alone. */
export function zero_grid(images: usize, rows: usize, pixels: usize, channels: usize, target: usize, targetImage: usize, targetRow: usize, targetPixel: usize): void {
  const whole = channels & ~3;
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      let to = target + 4 * (b * targetImage + i * targetRow);
      for (let j: usize = 0; j < pixels; j++) {
        for (let c: usize = 0; c < whole; c += 4) v128.store(to + 4 * c, f32x4.splat(0));
        for (let c = whole; c < channels; c++) store<f32>(to + 4 * c, 0);
        to += 4 * targetPixel;
      }
    }
  }
}
