/** Twin of `sum_squares`, in the kernel's order: the kernel's bits. */

/**
 * Σ x² in f64 over m × n numbers, row-major. The columns of every row below the last multiple of 4 go to four running sums
 * by their remainder mod 4, the rest to a fifth; then ((s₀ + s₁) + (s₂ + s₃)) + s₄.
 */
export function sumSquares(m: number, n: number, x: ArrayLike<number>): number {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const whole = n - (n % 4);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const value = Number(x[i * n + j]);
      const lane = (j < whole ? j % 4 : 4) as 0 | 1 | 2 | 3 | 4;
      sums[lane] += value * value;
    }
  }
  return sums[0] + sums[1] + (sums[2] + sums[3]) + sums[4];
}
