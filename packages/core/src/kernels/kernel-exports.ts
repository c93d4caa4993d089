/**
 * The calling convention of the kernels: every export of the WebAssembly module with its arguments. Sizes and leading
 * dimensions count elements, pointers are byte addresses in the engine's memory (`Pointer`). What each kernel promises,
 * its order of summation and what may overlap stand in the README of the kernels' sources. Nothing is checked here: a
 * wrong pointer reads or writes the wrong place. The functions of this package check before they call.
 */
import type { ConvolutionExports } from './convolution-exports.js';

/** A byte address in linear memory. */
export type Pointer = number;

/** What every product C[m×n] = A·B over k takes first: sizes, then each matrix with its leading dimension. */
export type ProductArguments = [
  m: number,
  n: number,
  k: number,
  a: Pointer,
  lda: number,
  b: Pointer,
  ldb: number,
  c: Pointer,
  ldc: number,
];

/** What every product C[m×n] = X·W takes first, X in sparse rows: `starts` m + 1 u32, `columns` u16, `values` f32. */
export type SparseProductArguments = [
  m: number,
  n: number,
  starts: Pointer,
  columns: Pointer,
  values: Pointer,
  w: Pointer,
  ldw: number,
  c: Pointer,
  ldc: number,
];

export interface KernelExports extends ConvolutionExports {
  /** First byte not used by the module's own tables. */
  memory_base(): Pointer;
  /** C[m×n] = A[m×k]·B[k×n]; `scratch` holds k·⌈n/4⌉·4 floats. */
  sgemm_nn(...product: [...ProductArguments, scratch: Pointer]): void;
  /** C = A·B + bias. */
  sgemm_nn_bias(...product: [...ProductArguments, scratch: Pointer, bias: Pointer]): void;
  /** C = max(A·B + bias, 0), NaN kept. */
  sgemm_nn_bias_relu(...product: [...ProductArguments, scratch: Pointer, bias: Pointer]): void;
  /** C[m×n] = A[m×k]·Bᵀ with B n×k; `scratch` holds k·⌈n/4⌉·4 floats. */
  sgemm_nt(...product: [...ProductArguments, scratch: Pointer]): void;
  /** C[m×n] = Aᵀ·B with A k×m and B k×n. */
  sgemm_tn(...product: ProductArguments): void;
  /** C[m×n] = X·W with X in sparse rows. */
  sparse_nn(...product: SparseProductArguments): void;
  /** C = X·W + bias. */
  sparse_nn_bias(...product: [...SparseProductArguments, bias: Pointer]): void;
  /** C = max(X·W + bias, 0), NaN kept. */
  sparse_nn_bias_relu(...product: [...SparseProductArguments, bias: Pointer]): void;
  /** G[k×n] = Xᵀ·D with X in sparse rows and D m×n; G's padding becomes 0. */
  sparse_tn(
    m: number,
    k: number,
    n: number,
    starts: Pointer,
    columns: Pointer,
    values: Pointer,
    d: Pointer,
    ldd: number,
    g: Pointer,
    ldg: number,
  ): void;
  /** out[j] = Σᵢ x[i][j]; `out` holds ⌈n/4⌉·4 floats. */
  column_sums(m: number, n: number, x: Pointer, ld: number, out: Pointer): void;
  /** gradient ← 0 where activation ≤ 0. */
  relu_backward(n: number, gradient: Pointer, activation: Pointer): void;
  /** x ← max(x, 0). */
  relu(n: number, x: Pointer): void;
  /** x ← slope·x where x < 0. */
  leaky_relu(n: number, x: Pointer, slope: number): void;
  /** gradient ← slope·gradient where activation ≤ 0. */
  leaky_relu_backward(n: number, gradient: Pointer, activation: Pointer, slope: number): void;
  /** x ← λx where x > 0, else λα(eˣ − 1). */
  selu(n: number, x: Pointer): void;
  /** gradient ← gradient·λ where activation > 0, else gradient·(activation + λα). */
  selu_backward(n: number, gradient: Pointer, activation: Pointer): void;
  /** y ← y + factor·x. */
  axpy(n: number, factor: number, x: Pointer, y: Pointer): void;
  /** Σ x·y in f64. */
  dot(m: number, n: number, x: Pointer, ldx: number, y: Pointer, ldy: number): number;
  /** x ← factor·x. */
  scale(n: number, x: Pointer, factor: number): void;
  /** Sum of the losses; logits ← gradient of the mean loss. */
  softmax_cross_entropy(m: number, n: number, logits: Pointer, ld: number, labels: Pointer): number;
  /** Rows whose largest logit is at the label. */
  count_correct(m: number, n: number, logits: Pointer, ld: number, labels: Pointer): number;
  /** Sum of the squared errors; outputs ← 2(o − t)/(m·n), the gradient of the mean. */
  mean_squared_error(
    m: number,
    n: number,
    outputs: Pointer,
    ldo: number,
    targets: Pointer,
    ldt: number,
  ): number;
  /** w ← w − rate·g. */
  sgd_update(n: number, w: Pointer, g: Pointer, rate: number): void;
  /** v ← momentum·v + g; w ← w − rate·v. */
  momentum_update(n: number, w: Pointer, g: Pointer, v: Pointer, rate: number, momentum: number): void;
  /** One step of Adam; correction1 = 1/(1 − β₁ᵗ), correction2 = 1/(1 − β₂ᵗ). */
  adam_update(
    n: number,
    w: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    rate: number,
    beta1: number,
    beta2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
  ): void;
  /** One step of Adamax; correction1 = 1/(1 − β₁ᵗ). */
  adamax_update(
    n: number,
    w: Pointer,
    g: Pointer,
    m: Pointer,
    u: Pointer,
    rate: number,
    beta1: number,
    beta2: number,
    correction1: number,
    epsilon: number,
  ): void;
  /** One step of RMSprop. */
  rmsprop_update(
    n: number,
    w: Pointer,
    g: Pointer,
    v: Pointer,
    rate: number,
    decay: number,
    epsilon: number,
  ): void;
  /** One step of Adagrad. */
  adagrad_update(n: number, w: Pointer, g: Pointer, v: Pointer, rate: number, epsilon: number): void;
  /** Gram–Schmidt over m ≤ n rows, in place: they become orthonormal. */
  orthonormalize_rows(m: number, n: number, x: Pointer, ld: number): void;
  /** Σ max(x, 0)² in f64, NaN kept. */
  positive_square_sum(n: number, x: Pointer): number;
  /** Adds to 4 × 256 counts how often each value of fraction bits 0–7, 8–15, 16–22 and of the exponent occurs. */
  count_float_groups(n: number, x: Pointer, counts: Pointer): void;
  /** Adds to 65,536 counts of upper halves of keys that sort as numbers, or of lower halves behind a prefix ≥ 0. */
  count_float_keys(n: number, x: Pointer, prefix: number, counts: Pointer): void;
  /** Goes on with runs of the 32 bits and of the four groups; `limits` 8 u32, `state` 36 × 4 u32. */
  float_bit_runs(n: number, x: Pointer, limits: Pointer, state: Pointer): void;
  /** Goes on with runs of the numbers below `below` and above `above`; `state` 4 u32. */
  float_runs(n: number, x: Pointer, below: number, above: number, state: Pointer): void;
  /** Σ x² in f64. */
  sum_squares(m: number, n: number, x: Pointer, ld: number): number;
  /** Rows of bytes by index, times 1/255. */
  gather_pixels(
    count: number,
    index: Pointer,
    source: Pointer,
    width: number,
    out: Pointer,
    ld: number,
  ): void;
  /** Rows of bytes by index, times 1/255, as sparse rows without their zeros. */
  gather_sparse_pixels(
    count: number,
    index: Pointer,
    source: Pointer,
    width: number,
    starts: Pointer,
    columns: Pointer,
    values: Pointer,
  ): void;
  /** Bytes by index. */
  gather_labels(count: number, index: Pointer, source: Pointer, out: Pointer): void;
  /** Philox4x32-10 of a counter under a key; writes four u32. */
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Pointer): void;
  /** Seeds a 64-byte stream state from a 128-bit key. */
  seed_stream(state: Pointer, k0: number, k1: number, k2: number, k3: number): void;
  /** The next 4·vectors words of a stream. */
  fill_words(state: Pointer, vectors: number, out: Pointer): void;
  /** Uniform on (low, high). */
  fill_uniform(state: Pointer, n: number, out: Pointer, low: number, high: number): void;
  /** Normal with mean 0. */
  fill_normal(state: Pointer, n: number, out: Pointer, deviation: number): void;
  /** Normal with mean 0 cut at two deviations of the parent law, variance not restored. */
  fill_truncated_normal(state: Pointer, n: number, out: Pointer, deviation: number): void;
  /** Laplace with mean 0 and this standard deviation. */
  fill_laplace(state: Pointer, n: number, out: Pointer, deviation: number): void;
  /** ±deviation. */
  fill_rademacher(state: Pointer, n: number, out: Pointer, deviation: number): void;
  /** Student's t of more than 2 degrees of freedom, scaled to mean 0 and this standard deviation. */
  fill_student_t(state: Pointer, n: number, out: Pointer, deviation: number, degreesOfFreedom: number): void;
  /** Draws a bias-free ReLU net and passes a row through it; the table and the results are described in `random-relu-net.ts`. */
  random_relu_net(
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    layers: number,
    table: Pointer,
    from: Pointer,
    to: Pointer,
    weights: Pointer,
    zeros: Pointer,
    results: Pointer,
  ): void;
  /** log(M_j / M₀) of many such nets with normal inputs. */
  random_relu_nets(
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    first: number,
    nets: number,
    layers: number,
    table: Pointer,
    from: Pointer,
    to: Pointer,
    weights: Pointer,
    zeros: Pointer,
    results: Pointer,
    logLengths: Pointer,
  ): void;
  /** Lengths of a ReLU net by their exact law; the table and the results are described in `exact-lengths.ts`. */
  exact_length(
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    layers: number,
    table: Pointer,
    inputLength: number,
    room: Pointer,
    results: Pointer,
  ): void;
  /** log(M_j / M₀) of many such nets. */
  exact_lengths(
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    first: number,
    nets: number,
    layers: number,
    table: Pointer,
    inputLength: number,
    room: Pointer,
    results: Pointer,
    logLengths: Pointer,
  ): void;
  /** A random order of 0 … n − 1, as u32. */
  fill_permutation(state: Pointer, n: number, out: Pointer): void;
  exp_f64(x: number): number;
  log_f64(x: number): number;
  /** Radians. */
  sin_f64(x: number): number;
  /** In [−π/2, π/2]. */
  atan_f64(x: number): number;
}
