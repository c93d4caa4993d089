/** Standard errors from an information matrix. */

/**
 * Roots of the diagonal of the inverse; none where the matrix is not positive definite, as where the likelihood is flat.
 *
 * @param information symmetric, k rows of k numbers
 * @returns k numbers, or none
 */
export function standardErrorsOf(information: readonly (readonly number[])[]): readonly number[] {
  const size = information.length;
  // In units of the diagonal, so that parameters of very different sizes do not spoil each other.
  const units = information.map((row, i) => Math.sqrt(row[i] as number));
  if (units.some((unit) => !(unit > 0 && unit < Number.POSITIVE_INFINITY))) return [];
  // Cholesky: L Lᵀ.
  const factor = information.map(() => new Float64Array(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (information[i]?.[j] as number) / ((units[i] as number) * (units[j] as number));
      for (let k = 0; k < j; k++) sum -= at(factor, i, k) * at(factor, j, k);
      if (i === j && !(sum > 1e-12)) return [];
      (factor[i] as Float64Array)[j] = i === j ? Math.sqrt(sum) : sum / at(factor, j, j);
    }
  }
  // Column i of L⁻¹: the inverse's diagonal is the sum of its squares.
  return information.map((_, i) => {
    const column = new Float64Array(size);
    let squares = 0;
    for (let row = i; row < size; row++) {
      let sum = row === i ? 1 : 0;
      for (let k = i; k < row; k++) sum -= at(factor, row, k) * (column[k] as number);
      column[row] = sum / at(factor, row, row);
      squares += (column[row] as number) * (column[row] as number);
    }
    return Math.sqrt(squares) / (units[i] as number);
  });
}

function at(rows: readonly Float64Array[], i: number, j: number): number {
  return rows[i]?.[j] as number;
}
