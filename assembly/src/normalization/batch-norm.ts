// Batch normalization over the pixels of a grid (images × rows × pixels runs of `channels` floats; a matrix is one image of
// one row). Grids have strides in floats: from image to image, row to row, pixel to pixel. Their pixels are read up to 3
// floats past the last channel, and where they are written, ⌈channels/4⌉·4 floats apart at least and overwritten there.
//
// `statistics` is 2·⌈channels/4⌉·4 f64 at an address that 8 divides: the means, then the variances.
//
// All sums are f64. A sum over a row of pixels starts at +0 and goes in order; the rows' sums are added from +0 in order of
// images and rows. `scratch` holds 8·⌈channels/4⌉·4 floats at an address that 8 divides.

/** The lanes of two f64 pairs as f32. */
@inline
function demote(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

@inline
function high_half(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
}

/** sums[c…c+3] += low, high; 8 bytes each. */
@inline
function add_to(sums: usize, low: v128, high: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), low));
  v128.store(sums + 16, f64x2.add(v128.load(sums + 16), high));
}

@inline
function divide(values: usize, count: usize, by: f64): void {
  const divisor = f64x2.splat(by);
  for (let c: usize = 0; c < count; c += 2) v128.store(values + 8 * c, f64x2.div(v128.load(values + 8 * c), divisor));
}

/** Means and variances of every channel: Σx/count, then Σ(x − mean)²/count, both in f64. An empty grid gives NaN. */
export function batch_norm_statistics(images: usize, rows: usize, pixels: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, statistics: usize): void {
  const padded = (channels + 3) & ~3;
  const count = <f64>(images * rows * pixels);
  memory.fill(statistics, 0, 16 * padded);
  for (let pass = 0; pass < 2; pass++) {
    const sums = statistics + (pass ? 8 * padded : 0);
    for (let b: usize = 0; b < images; b++) {
      for (let i: usize = 0; i < rows; i++) {
        const row = x + 4 * (b * xImage + i * xRow);
        for (let c: usize = 0; c < padded; c += 4) {
          let low = f64x2.splat(0);
          let high = f64x2.splat(0);
          let from = row + 4 * c;
          if (pass == 0) {
            for (let j: usize = 0; j < pixels; j++) {
              const value = v128.load(from);
              low = f64x2.add(low, f64x2.promote_low_f32x4(value));
              high = f64x2.add(high, high_half(value));
              from += 4 * xPixel;
            }
          } else {
            const lowMean = v128.load(statistics + 8 * c);
            const highMean = v128.load(statistics + 8 * c + 16);
            for (let j: usize = 0; j < pixels; j++) {
              const value = v128.load(from);
              const lowGap = f64x2.sub(f64x2.promote_low_f32x4(value), lowMean);
              const highGap = f64x2.sub(high_half(value), highMean);
              low = f64x2.add(low, f64x2.mul(lowGap, lowGap));
              high = f64x2.add(high, f64x2.mul(highGap, highGap));
              from += 4 * xPixel;
            }
          }
          add_to(sums + 8 * c, low, high);
        }
      }
    }
    divide(sums, padded, count);
  }
}

/** means ← f32(mean), inverses ← f32(1/√(variance + epsilon)), ⌈channels/4⌉·4 floats each. */
@inline
function round_statistics(padded: usize, statistics: usize, epsilon: f64, means: usize, inverses: usize): void {
  const one = f64x2.splat(1);
  const offset = f64x2.splat(epsilon);
  for (let c: usize = 0; c < padded; c += 4) {
    const mean = statistics + 8 * c;
    const variance = mean + 8 * padded;
    v128.store(means + 4 * c, demote(v128.load(mean), v128.load(mean + 16)));
    const low = f64x2.div(one, f64x2.sqrt(f64x2.add(v128.load(variance), offset)));
    const high = f64x2.div(one, f64x2.sqrt(f64x2.add(v128.load(variance + 16), offset)));
    v128.store(inverses + 4 * c, demote(low, high));
  }
}

/**
 * y = gamma·((x − m)·r) + beta in f32, every operation rounded, with m = f32(mean) and r = f32(1/√(variance + epsilon)). y
 * is apart from x or the same. gamma and beta may be read up to 3 floats past their last element.
 */
export function batch_norm(images: usize, rows: usize, pixels: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, y: usize, yImage: usize, yRow: usize, yPixel: usize, statistics: usize, epsilon: f64, gamma: usize, beta: usize, scratch: usize): void {
  const padded = (channels + 3) & ~3;
  const inverses = scratch + 4 * padded;
  round_statistics(padded, statistics, epsilon, scratch, inverses);
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      for (let c: usize = 0; c < padded; c += 4) {
        const mean = v128.load(scratch + 4 * c);
        const inverse = v128.load(inverses + 4 * c);
        const factor = v128.load(gamma + 4 * c);
        const offset = v128.load(beta + 4 * c);
        let from = x + 4 * (b * xImage + i * xRow + c);
        let to = y + 4 * (b * yImage + i * yRow + c);
        for (let j: usize = 0; j < pixels; j++) {
          const normal = f32x4.mul(f32x4.sub(v128.load(from), mean), inverse);
          v128.store(to, f32x4.add(f32x4.mul(factor, normal), offset));
          from += 4 * xPixel;
          to += 4 * yPixel;
        }
      }
    }
  }
}

/**
 * The gradients of `batch_norm` with the statistics of x itself: with n = (x − m)·r in f32 as there and count pixels,
 * dbeta = Σdy and dgamma = Σdy·n in f64, rounded once; dy ← ((dy − f32(Σdy/count)) − n·f32(Σdy·n/count))·f32(gamma·r) in f32.
 *
 * dy becomes dx in place. dgamma and dbeta have room for ⌈channels/4⌉·4 floats.
 */
export function batch_norm_backward(images: usize, rows: usize, pixels: usize, channels: usize, x: usize, xImage: usize, xRow: usize, xPixel: usize, dy: usize, dyImage: usize, dyRow: usize, dyPixel: usize, statistics: usize, epsilon: f64, gamma: usize, dgamma: usize, dbeta: usize, scratch: usize): void {
  const padded = (channels + 3) & ~3;
  const count = <f64>(images * rows * pixels);
  const products = scratch + 8 * padded;
  const means = scratch + 16 * padded;
  const inverses = means + 4 * padded;
  const sumShares = inverses + 4 * padded;
  const productShares = sumShares + 4 * padded;
  round_statistics(padded, statistics, epsilon, means, inverses);
  memory.fill(scratch, 0, 16 * padded);
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      for (let c: usize = 0; c < padded; c += 4) {
        const mean = v128.load(means + 4 * c);
        const inverse = v128.load(inverses + 4 * c);
        let low = f64x2.splat(0);
        let high = f64x2.splat(0);
        let lowProduct = f64x2.splat(0);
        let highProduct = f64x2.splat(0);
        let from = x + 4 * (b * xImage + i * xRow + c);
        let at = dy + 4 * (b * dyImage + i * dyRow + c);
        for (let j: usize = 0; j < pixels; j++) {
          const normal = f32x4.mul(f32x4.sub(v128.load(from), mean), inverse);
          const gradient = v128.load(at);
          const lowGradient = f64x2.promote_low_f32x4(gradient);
          const highGradient = high_half(gradient);
          low = f64x2.add(low, lowGradient);
          high = f64x2.add(high, highGradient);
          lowProduct = f64x2.add(lowProduct, f64x2.mul(lowGradient, f64x2.promote_low_f32x4(normal)));
          highProduct = f64x2.add(highProduct, f64x2.mul(highGradient, high_half(normal)));
          from += 4 * xPixel;
          at += 4 * dyPixel;
        }
        add_to(scratch + 8 * c, low, high);
        add_to(products + 8 * c, lowProduct, highProduct);
      }
    }
  }
  for (let c: usize = 0; c < padded; c += 4) {
    v128.store(dbeta + 4 * c, demote(v128.load(scratch + 8 * c), v128.load(scratch + 8 * c + 16)));
    v128.store(dgamma + 4 * c, demote(v128.load(products + 8 * c), v128.load(products + 8 * c + 16)));
  }
  divide(scratch, 2 * padded, count);
  for (let c: usize = 0; c < padded; c += 4) {
    v128.store(sumShares + 4 * c, demote(v128.load(scratch + 8 * c), v128.load(scratch + 8 * c + 16)));
    v128.store(productShares + 4 * c, demote(v128.load(products + 8 * c), v128.load(products + 8 * c + 16)));
  }
  for (let b: usize = 0; b < images; b++) {
    for (let i: usize = 0; i < rows; i++) {
      for (let c: usize = 0; c < padded; c += 4) {
        const mean = v128.load(means + 4 * c);
        const inverse = v128.load(inverses + 4 * c);
        const sumShare = v128.load(sumShares + 4 * c);
        const productShare = v128.load(productShares + 4 * c);
        const factor = f32x4.mul(v128.load(gamma + 4 * c), inverse);
        let from = x + 4 * (b * xImage + i * xRow + c);
        let at = dy + 4 * (b * dyImage + i * dyRow + c);
        for (let j: usize = 0; j < pixels; j++) {
          const normal = f32x4.mul(f32x4.sub(v128.load(from), mean), inverse);
          const centered = f32x4.sub(f32x4.sub(v128.load(at), sumShare), f32x4.mul(normal, productShare));
          v128.store(at, f32x4.mul(centered, factor));
          from += 4 * xPixel;
          at += 4 * dyPixel;
        }
      }
    }
  }
}
