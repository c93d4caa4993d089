/** Twins of `sin_f64` and `atan_f64`: the host's, whose last digit is the host's choice. */

/** sin x by the host, x in radians. */
export function sine(x: number): number {
  return Math.sin(x);
}

/** The angle in [−π/2, π/2] whose tangent is x, by the host. */
export function arcTangent(x: number): number {
  return Math.atan(x);
}
