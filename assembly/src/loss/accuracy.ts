/**
 * How many of m rows of n logits have their largest entry at the label. The first of equal entries wins; a row with
 * a NaN is never right.
 */
export function count_correct(m: usize, n: usize, logits: usize, ld: usize, labels: usize): u32 {
  let correct: u32 = 0;
  for (let i: usize = 0; i < m; i++) {
    const row = logits + 4 * i * ld;
    let best: usize = 0;
    let top = load<f32>(row);
    let whole = top == top;
    for (let j: usize = 1; j < n; j++) {
      const value = load<f32>(row + 4 * j);
      if (value > top) {
        top = value;
        best = j;
      }
      whole = whole && value == value;
    }
    if (whole && best == <usize>load<u8>(labels + i)) correct++;
  }
  return correct;
}
