// Student's t by the polar method (R. W. Bailey, "Polar generation of random variates with the t-distribution",
// Mathematics of Computation 62, 1994): t = √(ν(u^(−2/ν) − 1)) · cos 2πv. The same radius with the sine is a t too, but
// not independent of the first unless ν is infinite, so it is not used. In f64 and one at a time: u^(−2/ν) − 1 loses all
// its digits for large ν, and the exponential of an f32 has none to spare.
import { fill_words, WORDS } from './stream';

/** 2^−32. */
const UNIT: f64 = 2.3283064365386963e-10;

/**
 * out[i] = deviation · t · √((ν − 2)/ν): mean 0, standard deviation `deviation`, tails of Student's law of ν > 2 degrees
 * of freedom; n floats. Draws ⌈n/4⌉ · 8 words; of every eight the first four give u, the last four v, each as the midpoint
 * of one of 2^32 cells. What is past n is thrown away.
 */
export function fill_student_t(state: usize, n: usize, out: usize, deviation: f32, degreesOfFreedom: f64): void {
  const power = -2.0 / degreesOfFreedom;
  const scale = <f64>deviation * sqrt<f64>(degreesOfFreedom - 2.0);
  for (let start: usize = 0; start < n; start += 4) {
    fill_words(state, 2, WORDS);
    const count = min<usize>(4, n - start);
    for (let l: usize = 0; l < count; l++) {
      const u = (<f64>load<u32>(WORDS + 4 * l) + 0.5) * UNIT;
      const v = (<f64>load<u32>(WORDS + 4 * l + 16) + 0.5) * UNIT;
      const radius = sqrt<f64>(NativeMath.expm1(power * NativeMath.log(u)));
      store<f32>(out + 4 * (start + l), <f32>(scale * radius * NativeMath.cos(2.0 * NativeMath.PI * v)));
    }
  }
}
