/** Twin of `random_relu_net`: the pieces it is made of, one after the other. The kernel's bits. */
import { portableMath } from '../math/portable-math.js';
import { deriveKey, keyPurpose } from '../random/keys.js';
import type { Words } from '../random/philox.js';
import { round32 } from './f32.js';
import { gemmF32 } from './gemm.js';
import { normalF32 } from './normal.js';
import { seedStream } from './stream.js';
import { sumSquares } from './sum-squares.js';
import { truncatedNormalF32 } from './truncated-normal.js';
import { uniformF32 } from './uniform.js';

/** A layer, as a row of the kernel's table. */
export interface RandomReluLayer {
  readonly fanIn: number;
  readonly width: number;
  readonly law: 'normal' | 'uniform' | 'truncated-normal';
  /** Deviation, bound, or the parent's deviation. */
  readonly parameter: number;
}

/** What a layer gives: the mean square of its stored activations, which are 2^−exponent times the true ones. */
export interface RandomReluResult {
  readonly square: number;
  readonly exponent: number;
}

/** The net of `key`, passed through by `input`. */
export function randomReluNet(
  key: Words,
  layers: readonly RandomReluLayer[],
  input: Float32Array,
): RandomReluResult[] {
  let from = input;
  let exponent = 0;
  return layers.map(({ fanIn, width, law, parameter }, layer) => {
    const stream = seedStream(deriveKey(key, keyPurpose.weights, layer));
    const count = fanIn * width;
    // The table holds f32.
    const rounded = round32(parameter);
    const b =
      law === 'normal'
        ? normalF32(stream, count, parameter)
        : law === 'uniform'
          ? uniformF32(stream, { n: count, low: -rounded, high: rounded })
          : truncatedNormalF32(stream, count, parameter);
    from = gemmF32({
      m: 1,
      n: width,
      k: fanIn,
      layout: 'nn',
      a: from,
      b,
      bias: new Float32Array(width),
      relu: true,
    });
    const square = sumSquares(1, width, from) / width;
    const result = { square, exponent };
    if (square === 0) exponent = 0;
    else if (square > 2 ** 40 || square < 2 ** -40) {
      const halvings = halvingsToOne(square);
      from = from.map((x) => x * 2 ** -halvings);
      exponent += halvings;
    }
    return result;
  });
}

/** Twin of `random_relu_nets`: log(M_j / M₀) of the nets deriveKey(parent, trial, i) with normal inputs, one after the other. */
export function randomReluNets(parent: Words, nets: number, layers: readonly RandomReluLayer[]): number[][] {
  return Array.from({ length: nets }, (_, net) => {
    const key = deriveKey(parent, keyPurpose.trial, net);
    const width = layers[0]?.fanIn ?? 0;
    const input = normalF32(seedStream(deriveKey(key, keyPurpose.input)), width, 1);
    const start = sumSquares(1, width, input) / width;
    return randomReluNet(key, layers, input).map(
      ({ square, exponent }) => portableMath.log(square / start) + 2 * exponent * Math.LN2,
    );
  });
}

function halvingsToOne(square: number): number {
  let halvings = 0;
  if (!Number.isFinite(square)) return halvings;
  for (let rest = square; rest > 2; rest /= 4) halvings += 1;
  for (let rest = square; rest < 0.5; rest *= 4) halvings -= 1;
  return halvings;
}
