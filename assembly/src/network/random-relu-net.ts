// A random bias-free ReLU net, drawn layer by layer and passed through by one input, in one call: for the small nets of
// which a study measures thousands, calls and keys made outside cost more than the numbers.
import { sgemm_nn_bias_relu } from '../gemm/sgemm';
import { fill_normal } from '../random/normal';
import { log_f64 } from '../math/logarithm';
import { philox } from '../random/philox';
import { seed_stream } from '../random/stream';
import { fill_truncated_normal } from '../random/truncated-normal';
import { fill_uniform } from '../random/uniform';
import { sum_squares } from '../statistics/sum-squares';
import { scale } from '../vector/scale';

/** Purpose of the keys of weights (random/keys of core). */
const WEIGHTS: u32 = 3;
/** Laws of a layer's weights, as a row of the table says them. */
const NORMAL: u32 = 0;
const UNIFORM: u32 = 1;

/** Mean squares outside 2^±40 are brought back near 1 (measure/power-of-two of diagnostics). */
const COMFORTABLE: f64 = 1099511627776;
/** Largest power of two by which numbers are scaled at a time: f32 ends at 2^±126. */
const LARGEST_PART: i32 = 120;

const KEY: usize = memory.data(16, 16);
const STATE: usize = memory.data(64, 16);

/**
 * Draws the net of the key (k0 … k3) and passes the `from` row through it. Row j of the table has 16 bytes: fan-in, width (u32), law
 * (u32: 0 normal, 1 uniform, 2 truncated normal) and what the law's fill takes (f32: deviation, bound, parent's deviation). Weights
 * are numbers i·width + j of the stream of Philox((k2, k3, WEIGHTS, layer), (k0, k1)), the product that of `sgemm_nn_bias_relu`.
 *
 * A layer's result is two f64: the mean square of its stored activations, and the exponent e for which the true ones are 2^e
 * times these. Stored activations far from 1 are scaled by a power of two before they are passed on, which changes no digit.
 *
 * `from` and `to` hold the widest layer's floats, rounded up to 4; `weights` the largest matrix and 3 floats more; `zeros` as
 * many zeros as the widest layer has units, rounded up to 4. `from` and `to` are overwritten.
 */
export function random_relu_net(k0: u32, k1: u32, k2: u32, k3: u32, layers: u32, table: usize, from: usize, to: usize, weights: usize, zeros: usize, results: usize): void {
  let exponent: i32 = 0;
  for (let layer: u32 = 0; layer < layers; layer++) {
    const fanIn = load<u32>(table);
    const width = load<u32>(table, 4);
    const law = load<u32>(table, 8);
    const parameter = load<f32>(table, 12);
    table += 16;
    philox(k2, k3, WEIGHTS, layer, k0, k1, KEY);
    seed_stream(STATE, load<u32>(KEY), load<u32>(KEY, 4), load<u32>(KEY, 8), load<u32>(KEY, 12));
    if (law == NORMAL) fill_normal(STATE, fanIn * width, weights, parameter);
    else if (law == UNIFORM) fill_uniform(STATE, fanIn * width, weights, -parameter, parameter);
    else fill_truncated_normal(STATE, fanIn * width, weights, parameter);
    sgemm_nn_bias_relu(1, width, fanIn, from, fanIn, weights, width, to, width, weights, zeros);
    const square = sum_squares(1, width, to, width) / <f64>width;
    store<f64>(results, square);
    store<f64>(results, <f64>exponent, 8);
    results += 16;
    if (square == 0) exponent = 0;
    else if (!(square <= COMFORTABLE && square >= 1 / COMFORTABLE)) exponent += settle(square, width, to);
    const passed = to;
    to = from;
    from = passed;
  }
}

/** Brings numbers of this mean square near 1; returns how often they were halved: 0 for what is not finite. */
function settle(square: f64, width: usize, at: usize): i32 {
  if (!isFinite(square)) return 0;
  let halvings: i32 = 0;
  for (; square > 2; square /= 4) halvings++;
  for (; square < 0.5; square *= 4) halvings--;
  for (let rest = -halvings; rest != 0; ) {
    const part = max(-LARGEST_PART, min(LARGEST_PART, rest));
    scale(width, at, reinterpret<f32>((part + 127) << 23));
    rest -= part;
  }
  return halvings;
}

/** Purposes of the keys of trials and of inputs (random/keys of core). */
const TRIAL: u32 = 2;
const INPUT: u32 = 5;
const LN2: f64 = 0.6931471805599453;

/**
 * The logarithms of the lengths of nets `first` … `first` + `nets` − 1: net i is that of the key Philox((k2, k3, TRIAL, i), (k0, k1)), its
 * input normal numbers of the key INPUT/0 under that, and `logLengths` gets log(M_j / M₀) of its layers, one net after the other.
 * The rest as `random_relu_net`, one net after the other.
 */
export function random_relu_nets(k0: u32, k1: u32, k2: u32, k3: u32, first: u32, nets: u32, layers: u32, table: usize, from: usize, to: usize, weights: usize, zeros: usize, results: usize, logLengths: usize): void {
  const width = load<u32>(table);
  for (let net = first; net < first + nets; net++) {
    philox(k2, k3, TRIAL, net, k0, k1, KEY);
    const n0 = load<u32>(KEY);
    const n1 = load<u32>(KEY, 4);
    const n2 = load<u32>(KEY, 8);
    const n3 = load<u32>(KEY, 12);
    philox(n2, n3, INPUT, 0, n0, n1, KEY);
    seed_stream(STATE, load<u32>(KEY), load<u32>(KEY, 4), load<u32>(KEY, 8), load<u32>(KEY, 12));
    fill_normal(STATE, width, from, 1);
    const square = sum_squares(1, width, from, width) / <f64>width;
    random_relu_net(n0, n1, n2, n3, layers, table, from, to, weights, zeros, results);
    for (let layer: usize = 0; layer < layers; layer++) {
      const result = results + 16 * layer;
      store<f64>(logLengths, log_f64(load<f64>(result) / square) + 2 * load<f64>(result, 8) * LN2);
      logLengths += 8;
    }
  }
}
