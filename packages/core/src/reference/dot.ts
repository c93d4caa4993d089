/** Twin of `dot`, in the kernel's order: the kernel's bits. */

/**
 * Σ x·y in f64 over m × n numbers each, row-major. The columns of every row below the last multiple of 4 go to four running
 * sums by their remainder mod 4, the rest to a fifth; then ((s₀ + s₁) + (s₂ + s₃)) + s₄.
 */
export function dot(m: number, n: number, x: ArrayLike<number>, y: ArrayLike<number>): number {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const whole = n - (n % 4);
  for (let i = 0; i < m * n; i++) {
    const column = i % n;
    const lane = (column < whole ? column % 4 : 4) as 0 | 1 | 2 | 3 | 4;
    sums[lane] += Number(x[i]) * Number(y[i]);
  }
  return sums[0] + sums[1] + (sums[2] + sums[3]) + sums[4];
}
