// e^x for four f32 at a time, x ≤ 0, the same everywhere. x = k·log 2 + r with |r| ≤ ½ log 2 (log 2 split in two, so
// that k times its high part is exact), e^r by its Taylor series to r⁷/7! (the rest is below 6·10⁻⁹). Below −87 the
// result is 0: e^−87 is the last one that a normal f32 holds. NaN stays NaN.

const TABLE: usize = memory.data<f32>([
  1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634, // 1 / log 2
  0.693359375, 0.693359375, 0.693359375, 0.693359375, // log 2, its first 9 bits
  -0.00021219444005469057, -0.00021219444005469057, -0.00021219444005469057, -0.00021219444005469057, // the rest
  0.0001984126984126984, 0.0001984126984126984, 0.0001984126984126984, 0.0001984126984126984, // 1/7!
  0.001388888888888889, 0.001388888888888889, 0.001388888888888889, 0.001388888888888889, // 1/6!
  0.008333333333333333, 0.008333333333333333, 0.008333333333333333, 0.008333333333333333, // 1/5!
  0.041666666666666664, 0.041666666666666664, 0.041666666666666664, 0.041666666666666664, // 1/4!
  0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, // 1/3!
  0.5, 0.5, 0.5, 0.5,
  1, 1, 1, 1,
  -87, -87, -87, -87,
], 16);

/** e^x of four f32, each ≤ 0 or NaN. */
@inline
export function exp4(x: v128): v128 {
  const lowest = v128.load(TABLE, 160);
  const tiny = f32x4.lt(x, lowest);
  // pmax(x, lowest) returns x when x is NaN.
  const bounded = f32x4.pmax(x, lowest);
  const k = f32x4.nearest(f32x4.mul(bounded, v128.load(TABLE)));
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(k, v128.load(TABLE, 16))), f32x4.mul(k, v128.load(TABLE, 32)));
  const one = v128.load(TABLE, 144);
  let p = f32x4.add(f32x4.mul(r, v128.load(TABLE, 48)), v128.load(TABLE, 64));
  p = f32x4.add(f32x4.mul(r, p), v128.load(TABLE, 80));
  p = f32x4.add(f32x4.mul(r, p), v128.load(TABLE, 96));
  p = f32x4.add(f32x4.mul(r, p), v128.load(TABLE, 112));
  p = f32x4.add(f32x4.mul(r, p), v128.load(TABLE, 128));
  p = f32x4.add(f32x4.mul(r, p), one);
  p = f32x4.add(f32x4.mul(r, p), one);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), tiny);
}

/** e^x in f64, by AssemblyScript's own implementation compiled into the module (error below 1 ulp). */
export function exp_f64(x: f64): f64 {
  return NativeMath.exp(x);
}
