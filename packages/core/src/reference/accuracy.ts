/** Twin of `count_correct`. Nothing is rounded, so one twin serves both precisions. */

/**
 * Rows of m × n logits whose largest entry stands at the label: the first of equal entries wins, a row with a NaN never
 * counts.
 */
export function countCorrect(
  m: number,
  n: number,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  let correct = 0;
  for (let i = 0; i < m; i++) {
    const row = Array.from({ length: n }, (_, j) => Number(logits[i * n + j]));
    // Math.max is NaN if any entry is, and NaN is found nowhere.
    const top = Math.max(...row);
    if (row.indexOf(top) === labels[i]) correct += 1;
  }
  return correct;
}
