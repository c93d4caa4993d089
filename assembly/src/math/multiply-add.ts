/**
 * a · b + c, lane by lane: the one operation by which the builds differ. In the strict build product and sum are rounded apart,
 * so every machine gives the same bits. In the relaxed build the machine may round once (a fused multiply-add) where that is
 * faster; which it does is its own choice.
 */

@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}
