/**
 * Numbers that a tensor of a shape has; 0 if any extent is, whatever the others are (their product may be beyond f64, and 0 · ∞ is no
 * number).
 */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
}
