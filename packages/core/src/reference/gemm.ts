/**
 * Twins of `sgemm_nn`, `sgemm_nn_bias`, `sgemm_nn_bias_relu`, `sgemm_nt` and `sgemm_tn`: three loops. The f32 twin
 * follows the kernels' contract and gives their bits (NaN has no contract about its payload); the f64 twin is what the
 * product ought to be, with a bound on how far the kernels may be from it.
 */
import { round32 } from './f32.js';

/** A product C = op(A) · op(B) [+ bias] [then ReLU], all matrices row-major and without padding. */
export interface GemmProblem {
  /** Rows of C. */
  readonly m: number;
  /** Columns of C. */
  readonly n: number;
  /** Length of every sum. */
  readonly k: number;
  /** `nn`: A m × k, B k × n. `nt`: A m × k, B n × k. `tn`: A k × m, B k × n. */
  readonly layout: 'nn' | 'nt' | 'tn';
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  /** n numbers, added to every row. Default: none. */
  readonly bias?: ArrayLike<number>;
  /** Replace what is below 0 by 0, keeping NaN and −0. Default: false. */
  readonly relu?: boolean;
}

/** C in f64, m × n, summed in order of k. */
export function gemm(problem: GemmProblem): Float64Array<ArrayBuffer> {
  const c = new Float64Array(problem.m * problem.n);
  fill(problem, c, (x) => x);
  return c;
}

/** C in f32, m × n: ((0 + a₀·b₀) + a₁·b₁) + …, then + bias, then ReLU, each operation rounded. The kernels' bits. */
export function gemmF32(problem: GemmProblem): Float32Array<ArrayBuffer> {
  const c = new Float32Array(problem.m * problem.n);
  fill(problem, c, round32);
  return c;
}

/**
 * How far `gemmF32` may be from `gemm`, element by element: γ_{k+1} · (Σ |a|·|b| + |bias|) with γ_j = j·u / (1 − j·u) and
 * u = 2^−24 (Higham, "Accuracy and Stability of Numerical Algorithms", §3.1), plus half the least denormal for every
 * product. Holds while nothing overflows. ReLU does not widen it.
 */
export function gemmErrorBound(problem: GemmProblem): Float64Array<ArrayBuffer> {
  const { a, b, bias, k } = problem;
  const absolute = (values: ArrayLike<number>) => Float64Array.from(values, Math.abs);
  const magnitudes = gemm({
    ...problem,
    a: absolute(a),
    b: absolute(b),
    ...(bias === undefined ? {} : { bias: absolute(bias) }),
  });
  return magnitudes.map((magnitude) => roundingBound(k + 1) * magnitude + k * 2 ** -150);
}

/** γ_j = j·u / (1 − j·u) with u = 2^−24: the relative error of j roundings in f32, at most. */
export function roundingBound(j: number): number {
  return (j * 2 ** -24) / (1 - j * 2 ** -24);
}

function fill(problem: GemmProblem, c: Float32Array | Float64Array, round: (x: number) => number): void {
  const { m, n, k, layout, a, b, bias, relu = false } = problem;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = Number(layout === 'tn' ? a[p * m + i] : a[i * k + p]);
        const right = Number(layout === 'nt' ? b[j * k + p] : b[p * n + j]);
        sum = round(sum + round(left * right));
      }
      if (bias !== undefined) sum = round(sum + Number(bias[j]));
      c[i * n + j] = relu && sum < 0 ? 0 : sum;
    }
  }
}
