/**
 * Predictions for networks of any architecture beside nets drawn by the kernels: every kind of part, and where a mean that looks exact is
 * not. Standard errors are theory's where it has a second moment, else the sample's, of nets whose lengths scatter little (asked below).
 */
import {
  type Architecture,
  createEngine,
  deriveKey,
  keyPurpose,
  type Layer,
  mean,
  parseArchitecture,
  rootKey,
  standardError,
} from '@kindling/core';
import {
  measureNetworkLengths,
  measureNetworkStatistics,
  type NetworkPrediction,
  predictNetworkLengths,
} from '@kindling/diagnostics';
import { findInitializer, type Initializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const he = findInitializer('he-normal').initializer;

type Input =
  | { readonly width: number }
  | { readonly height: number; readonly width: number; channels: number };
type Activation = 'relu' | 'linear' | { readonly kind: 'leaky-relu'; readonly slope: number };

const dense = (units: number, activation: Activation = 'relu'): Layer => ({
  kind: 'dense',
  units,
  activation,
});
const conv = (
  filters: number,
  activation: Activation = 'relu',
  padding: 'zero' | 'circular' = 'zero',
  stride = 1,
): Layer => ({ kind: 'conv2d', filters, kernel: [3, 3], stride, padding, activation });
const block = (branch: readonly Layer[], scale = 1): Layer => ({
  kind: 'residual',
  branch,
  scale,
  shortcut: 'identity',
});
const projected = (branch: readonly Layer[], scale = 1): Layer => ({
  kind: 'residual',
  branch,
  scale,
  shortcut: 'projection',
});
const normalization: Layer = { kind: 'batch-normalization' };
const relu: Layer = { kind: 'activation', activation: 'relu' };
const leaky = { kind: 'leaky-relu', slope: 0.4 } as const;

const image = { height: 5, width: 5, channels: 3 };

interface Drawn {
  readonly mean: number;
  readonly error: number;
  readonly theory: NetworkPrediction;
}

/** Every layer of so many nets beside its prediction. */
function draw(
  architecture: Architecture,
  trials: number,
  initializer: Initializer = he,
  inputLength?: number,
): readonly Drawn[] {
  const steps = measureNetworkStatistics(engine, {
    architecture,
    initializer,
    trials,
    key: rootKey(23),
    inputLength,
  });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const { layers } = step.value;
  return predictNetworkLengths({ architecture, initializer, inputLength }).map((theory, l) => {
    const { meanLength, standardError: own, predictedStandardError } = layers[l] ?? expect.unreachable();
    // Behind a normalization the sample hardly scatters: what is left is the share of epsilon, below 1 %.
    const error = predictedStandardError ?? Math.max(own ?? Number.NaN, 1e-9);
    return { mean: meanLength ?? Number.NaN, error, theory };
  });
}

/** Whether a number is the mean, up to 4 standard errors and `share` of itself. */
function agrees({ mean, error }: Drawn, expected: number, share: number): boolean {
  return Math.abs(mean - expected) < 4 * error + share * expected;
}

/** A net; and one that is taken for it in the negative control, whose prediction must not agree. */
interface Case {
  readonly input: Input;
  readonly layers: readonly Layer[];
  readonly mistaken: readonly Layer[];
  readonly initializer?: string;
  readonly inputLength?: number;
  readonly trials?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'a leaky layer and biases': {
    input: { width: 12 },
    layers: [dense(16, leaky), dense(14)],
    mistaken: [dense(16), dense(14)],
    initializer: 'pytorch:linear',
    inputLength: 3,
  },
  'a projection beside a ReLU branch': {
    input: { width: 12 },
    layers: [dense(16), projected([dense(14)], 0.8)],
    mistaken: [dense(16), dense(14)],
  },
  'a projection beside a linear end, Glorot': {
    input: { width: 12 },
    layers: [projected([dense(20), dense(14, 'linear')], -0.7), dense(20)],
    mistaken: [dense(14), dense(20)],
    initializer: 'glorot-uniform',
  },
  'a linear end behind ReLU': {
    input: { width: 12 },
    layers: [dense(16), block([dense(20), dense(16, 'linear')], 0.7)],
    mistaken: [dense(16), block([dense(20), dense(16, 'linear')], 0.5)],
  },
  'an activation behind a symmetric sum': {
    input: { width: 16 },
    layers: [block([dense(20), dense(16, 'linear')], 0.6), relu, dense(16)],
    mistaken: [block([dense(20), dense(16, 'linear')], 0.6), dense(16)],
  },
  'a leaky activation by itself': {
    input: { width: 20 },
    layers: [{ kind: 'activation', activation: leaky }, dense(20)],
    mistaken: [relu, dense(20)],
  },
  'nested blocks': {
    input: { width: 14 },
    layers: [
      dense(14),
      block([dense(14), block([dense(16), dense(14, 'linear')], 0.5), dense(14, 'linear')], 0.6),
    ],
    mistaken: [dense(14), dense(14)],
  },
  'a ReLU module of a random direction, and behind ReLU': {
    input: { width: 8 },
    layers: [dense(8), block([dense(8)], 0.7)],
    mistaken: [dense(8), block([dense(8), dense(8, 'linear')], 0.4)],
    trials: 2000,
  },
  'convolutions that leak': {
    input: image,
    layers: [conv(8), conv(8), { kind: 'flatten' }, dense(20)],
    mistaken: [conv(8, 'relu', 'circular'), conv(8, 'relu', 'circular'), { kind: 'flatten' }, dense(20)],
  },
  'convolutional blocks, strided': {
    input: image,
    layers: [
      conv(8),
      block([conv(8), conv(8, 'linear')], 0.7),
      projected([conv(10, 'relu', 'zero', 2), conv(10, 'linear')], 0.7),
    ],
    mistaken: [
      conv(8),
      block([conv(8), conv(8, 'linear')], 0.7),
      projected([conv(10, 'relu', 'zero', 2), conv(10)], 0.7),
    ],
  },
  'batch normalization, activations and what comes behind': {
    input: { width: 12 },
    layers: [dense(14, 'linear'), normalization, relu, dense(16, 'linear'), normalization, relu, dense(16)],
    mistaken: [dense(14, 'linear'), normalization, dense(16, 'linear'), normalization, dense(16)],
    trials: 200,
    initializer: 'glorot-normal',
  },
  'blocks with batch normalization': {
    input: { width: 12 },
    layers: [
      dense(14, 'linear'),
      normalization,
      block([dense(14, 'linear'), normalization, relu, dense(14, 'linear'), normalization], 0.8),
      dense(10),
    ],
    mistaken: [dense(14, 'linear'), normalization, block([dense(14, 'linear')], 1), dense(10)],
    trials: 200,
  },
  'convolutions with batch normalization, circular': {
    input: { ...image, height: 4, width: 4 },
    layers: [conv(8, 'linear', 'circular'), normalization, relu, conv(8, 'linear', 'circular')],
    mistaken: [conv(8, 'linear', 'circular'), normalization, conv(8, 'linear', 'circular')],
    trials: 100,
  },
};

it.each(Object.keys(cases))('%s: every mean that is exact', (name) => {
  const {
    input,
    layers,
    mistaken,
    initializer = 'he-normal',
    inputLength,
    trials = 500,
  } = cases[name] ?? expect.unreachable();
  const law = findInitializer(initializer).initializer;
  const normalized = JSON.stringify(layers).includes(normalization.kind);
  const share = normalized ? 2e-3 : 0;
  const drawn = draw(parseArchitecture({ input, layers }), trials, law, inputLength);
  for (const layer of drawn) {
    expect(layer.error).toBeLessThan(0.06 * layer.mean);
    expect(agrees(layer, layer.theory.mean ?? expect.unreachable(), share)).toBe(true);
  }
  const other = predictNetworkLengths({
    architecture: parseArchitecture({ input, layers: mistaken }),
    initializer: law,
    inputLength,
  }).at(-1);
  const wrong = other?.estimate ?? expect.unreachable();
  expect(agrees(drawn.at(-1) ?? expect.unreachable(), wrong, share)).toBe(false);
});

describe('a batch normalization', () => {
  /** Its lengths are at most 1, so that the sample's own error can be trusted where that of heavier tails would refuse the mean. */
  function behind(width: number, hidden: readonly Layer[], initializer: Initializer = he): Drawn {
    const architecture = parseArchitecture({ input: { width }, layers: [...hidden, normalization] });
    const lengths = Array.from({ length: 60 }, (_, net) => {
      const key = deriveKey(rootKey(23), keyPurpose.trial, net);
      const { layers } = measureNetworkLengths(engine, { architecture, initializer, key });
      return layers.at(-1)?.length ?? expect.unreachable();
    });
    const theory = predictNetworkLengths({ architecture, initializer }).at(-1) ?? expect.unreachable();
    return { mean: mean(lengths), error: standardError(lengths), theory };
  }
  const lecun = findInitializer('lecun-normal').initializer;

  it.each([
    ['dead and nearly constant channels behind narrow ReLU layers', 2, 12, 'relu', he],
    ['nearly constant channels behind wide and deep ones', 10, 30, 'relu', he],
    ['products of narrow linear layers, whose mean few nets come near', 2, 30, 'linear', lecun],
  ] as const)('has bounds only behind %s', (_, width, depth, activation, initializer) => {
    const hidden = Array.from({ length: depth }, () => dense(width, activation));
    const found = behind(width, [...hidden, dense(width, 'linear')], initializer);
    // An exact 1 would be far off.
    expect(found.mean + 4 * found.error).toBeLessThan(0.9);
    expect(found.theory).toMatchObject({ mean: null, lower: 0, upper: 1, estimate: 1 });
    expect(found.theory.why).toMatch(/nearly constant over the batch/);
  });

  it('gives 1 where every channel varies, whatever came before, to less than 1 %', () => {
    for (const hidden of [
      [dense(4), dense(4, 'linear')],
      [dense(12, 'linear')],
      [dense(12), dense(12, 'linear'), normalization, relu, dense(12, 'linear')],
    ]) {
      const found = behind(12, hidden);
      expect(found.theory).toMatchObject({ mean: 1, why: null });
      expect(Math.abs(found.mean - 1)).toBeLessThan(0.01);
    }
  });

  it('over one input gives nothing, and the prediction for one does not claim more', () => {
    const architecture = parseArchitecture({
      input: { width: 4 },
      layers: [dense(4, 'linear'), normalization],
    });
    const input = [1, 2, -1, 0.5];
    const [, alone] = measureNetworkLengths(engine, {
      architecture,
      initializer: he,
      key: rootKey(3),
      input,
    }).layers;
    expect(alone?.length).toBe(0);
    const [, known] = predictNetworkLengths({ architecture, initializer: he, input });
    expect(known).toMatchObject({ mean: null, lower: 0 });
  });

  it('of independent pixels that a global average pool makes small is not exact', () => {
    const input = { height: 32, width: 32, channels: 3 };
    const layers: Layer[] = [conv(4, 'linear'), { kind: 'global-average-pool' }, normalization];
    expect(
      predictNetworkLengths({ architecture: parseArchitecture({ input, layers }), initializer: he })[2],
    ).toMatchObject({
      mean: null,
      why: expect.stringContaining('epsilon'),
    });
  });
});

describe('asymmetric weights in a block with a batch normalization', () => {
  const constant: Initializer = {
    kind: 'layerwise',
    weights: { kind: 'constant', value: 0.3 },
    biases: { kind: 'zeros' },
  };

  it.each([
    ['identity', findInitializer('identity').initializer, [dense(12, 'linear')], 3.979],
    ['identity with ReLU', findInitializer('identity').initializer, [dense(12)], 3.729],
    ['constant', constant, [dense(12, 'linear')], 2.6],
    ['randomized asymmetric', findInitializer('rai').initializer, [dense(12, 'linear')], 2.1],
  ])('%s: the cross term stays, within bounds', (_, initializer, hidden, about) => {
    const layers = [block([...hidden, normalization])];
    const [found] = draw(parseArchitecture({ input: { width: 12 }, layers }), 300, initializer);
    const { mean, error, theory } = found ?? expect.unreachable();
    expect(mean).toBeCloseTo(about, 0);
    // A sum without a cross term, 1 + 1, is refuted.
    expect(mean - 4 * error).toBeGreaterThan(2);
    expect(theory.mean).toBeNull();
    expect(theory.lower ?? Number.NaN).toBeLessThan(mean);
    expect((theory.upper ?? Number.NaN) + 1e-12).toBeGreaterThan(mean);
  });
});
