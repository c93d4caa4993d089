/** sin x in f64, x in radians, by AssemblyScript's own implementation compiled into the module (error below 1 ulp). */
export function sin_f64(x: f64): f64 {
  return NativeMath.sin(x);
}

/** The angle in [−π/2, π/2] whose tangent is x, in f64, by AssemblyScript's own implementation (error below 1 ulp). */
export function atan_f64(x: f64): f64 {
  return NativeMath.atan(x);
}
