// Lengths of random ReLU nets by their exact law, without matrices: given the length M of a layer, the pre-activations of the
// next are independent normals, so a layer of width n takes n random numbers (measure/exact-law of diagnostics has the law).
import { log_f64 } from '../math/logarithm';
import { fill_normal } from '../random/normal';
import { philox } from '../random/philox';
import { seed_stream } from '../random/stream';
import { positive_square_sum } from '../statistics/positive-square-sum';

/** Purposes of the keys of trials and of weights (random/keys of core). */
const TRIAL: u32 = 2;
const WEIGHTS: u32 = 3;
/** An index that no layer has: what is drawn here is independent of the matrices of the same key. */
const EXACT_LAW: u32 = 0xffffffff;
const LN2: f64 = 0.6931471805599453;

/** Lengths beyond 2^±400 are brought back; f64 ends at 2^±1022. */
const FAR_BITS: i32 = 400;
const FAR: f64 = reinterpret<f64>((<u64>(FAR_BITS + 1023)) << 52);

const KEY: usize = memory.data(16, 16);
const STATE: usize = memory.data(64, 16);

/**
 * Draws M_1 … M_d of the net of the key (k0 … k3), an input of length `inputLength` given. Row j of the table has 24 bytes: Var(w)·fan-in and
 * Var(b) (f64), the width (u32) and 4 bytes of nothing. Normal numbers come from one stream, that of the key WEIGHTS/0xffffffff
 * below the net's, a layer taking whole units of `fill_normal`.
 *
 * A layer's result is two f64: a ratio, and the exponent e for which M_j / inputLength is 2^e times it. `room` holds the widest
 * layer's floats.
 */
export function exact_length(k0: u32, k1: u32, k2: u32, k3: u32, layers: u32, table: usize, inputLength: f64, room: usize, results: usize): void {
  philox(k2, k3, WEIGHTS, EXACT_LAW, k0, k1, KEY);
  seed_stream(STATE, load<u32>(KEY), load<u32>(KEY, 4), load<u32>(KEY, 8), load<u32>(KEY, 12));
  let length = inputLength;
  let exponent: i32 = 0;
  for (let layer: u32 = 0; layer < layers; layer++) {
    const throughWeights = load<f64>(table);
    const biases = load<f64>(table, 8);
    const width = load<u32>(table, 16);
    table += 24;
    fill_normal(STATE, width, room, 1);
    // A variance of 0 stays 0, however small the lengths have become.
    const through = throughWeights * length + (biases == 0 ? 0 : biases * powerOfTwo(-exponent));
    length = (through / <f64>width) * positive_square_sum(width, room);
    // A dead layer has no scale; 0 · ∞ would have no value.
    if (length == 0) exponent = 0;
    store<f64>(results, length / inputLength);
    store<f64>(results, <f64>exponent, 8);
    results += 16;
    if (length > FAR) {
      length /= FAR;
      exponent += FAR_BITS;
    } else if (length < 1 / FAR && length != 0) {
      length *= FAR;
      exponent -= FAR_BITS;
    }
  }
}

/** 2^exponent of a multiple of `FAR_BITS`: 0 or Infinity beyond the range of f64. */
function powerOfTwo(exponent: i32): f64 {
  let power: f64 = 1;
  for (; exponent > 0; exponent -= FAR_BITS) power *= FAR;
  for (; exponent < 0; exponent += FAR_BITS) power /= FAR;
  return power;
}

/**
 * The logarithms of the lengths of nets `first` … `first` + `nets` − 1: net i is that of the key Philox((k2, k3, TRIAL, i), (k0, k1)), and
 * `logLengths` gets log(M_j / inputLength) of its layers, one net after the other. The rest as `exact_length`.
 */
export function exact_lengths(k0: u32, k1: u32, k2: u32, k3: u32, first: u32, nets: u32, layers: u32, table: usize, inputLength: f64, room: usize, results: usize, logLengths: usize): void {
  for (let net = first; net < first + nets; net++) {
    philox(k2, k3, TRIAL, net, k0, k1, KEY);
    exact_length(load<u32>(KEY), load<u32>(KEY, 4), load<u32>(KEY, 8), load<u32>(KEY, 12), layers, table, inputLength, room, results);
    for (let layer: usize = 0; layer < layers; layer++) {
      const result = results + 16 * layer;
      store<f64>(logLengths, log_f64(load<f64>(result)) + load<f64>(result, 8) * LN2);
      logLengths += 8;
    }
  }
}
