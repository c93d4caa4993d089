import { fill_words, WORDS } from './stream';

/**
 * out ← a uniformly random order of 0 … n − 1 (u32), by Fisher & Yates from the end. A number below `bound` is the
 * high half of word · bound, and a word whose low half falls short is drawn again, so no value is favored
 * (Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019). Only the first word of every
 * four is used.
 */
export function fill_permutation(state: usize, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(out + 4 * <usize>i, i);
  for (let i: u32 = n; i > 1; i--) {
    const j = below(state, i);
    const last = out + 4 * <usize>(i - 1);
    const chosen = out + 4 * <usize>j;
    const value = load<u32>(chosen);
    store<u32>(chosen, load<u32>(last));
    store<u32>(last, value);
  }
}

function below(state: usize, bound: u32): u32 {
  const threshold: u32 = (0 - bound) % bound; // 2^32 mod bound
  let product: u64;
  do {
    fill_words(state, 1, WORDS);
    product = <u64>load<u32>(WORDS) * <u64>bound;
  } while (<u32>product < threshold);
  return <u32>(product >> 32);
}
