/**
 * Architectures at random, blocks within blocks among them: whatever `predictNetworkLengths` calls exact is the mean that is measured, and
 * all else lies within its bounds. Which sums are exact depends on symmetries that are easy to get wrong; this finds such errors.
 */
import {
  type Architecture,
  createEngine,
  type Layer,
  parseArchitecture,
  rootKey,
  type TensorShape,
} from '@kindling/core';
import { measureNetworkStatistics, predictNetworkLengths } from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

/** Numbers from 0 to 1 for choosing. */
function choices(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

type Next = () => number;

function pick<Item>(next: Next, items: readonly Item[]): Item {
  return items[Math.floor(next() * items.length)] as Item;
}

const activations = ['relu', 'linear', { kind: 'leaky-relu', slope: 0.4 }] as const;

/** A layer that keeps the number of channels; of images also the size. */
function randomLayer(next: Next, shape: TensorShape, nested: number): Layer {
  const image = shape.height > 1;
  const choice = next();
  if (choice < 0.35 && nested < 2) {
    const branch = Array.from({ length: 1 + Math.floor(next() * 3) }, () =>
      randomLayer(next, shape, nested + 1),
    );
    const scale = pick(next, [0.4, 0.7, 1, -0.6]);
    return { kind: 'residual', branch, scale, shortcut: next() < 0.7 ? 'identity' : 'projection' };
  }
  if (choice < 0.5) return { kind: 'activation', activation: pick(next, activations) };
  if (image && choice < 0.58) {
    return { kind: pick(next, ['average-pool', 'max-pool'] as const), window: [1, 1], stride: 1 };
  }
  const activation = pick(next, activations);
  if (!image) return { kind: 'dense', units: shape.channels, activation };
  const padding = pick(next, ['zero', 'circular'] as const);
  return { kind: 'conv2d', filters: shape.channels, kernel: [3, 3], stride: 1, padding, activation };
}

function randomArchitecture(seed: number): Architecture {
  const next = choices(seed);
  for (let i = 0; i < 5; i++) next();
  const image = next() < 0.4;
  const shape = image ? { height: 3, width: 3, channels: 8 } : { height: 1, width: 1, channels: 12 };
  const layers = Array.from({ length: 4 }, () => randomLayer(next, shape, 0));
  return parseArchitecture({ input: image ? shape : { width: 12 }, layers });
}

const engine = createEngine();
const trials = 1500;

function measure(architecture: Architecture, name: string, input: readonly number[] | undefined) {
  const { initializer } = findInitializer(name);
  const options = { architecture, initializer, ...(input === undefined ? {} : { input }) };
  const steps = measureNetworkStatistics(engine, { ...options, trials, key: rootKey(23) });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { theory: predictNetworkLengths(options), measured: step.value };
  }
}

/** Standard errors allowed: 1,000 comparisons fail by chance once in 10 such files. */
const most = 4.9;

describe.each(['he-normal', 'pytorch:linear', 'orthogonal'])('%s', (name) => {
  it.each([0, 1, 2, 3])('batch %d of architectures', (batch) => {
    let exact = 0;
    let seen = 0;
    for (let seed = 12 * batch; seed < 12 * batch + 12; seed++) {
      const architecture = randomArchitecture(seed);
      const size = 'channels' in architecture.input ? 72 : 12;
      const given = Array.from({ length: size }, (_, i) => ((i * 5) % 7) - 2);
      const { theory, measured } = measure(architecture, name, seed % 2 === 0 ? undefined : given);
      theory.forEach(({ mean, lower, upper }, l) => {
        const found = measured.layers[l];
        const length = found?.meanLength ?? Number.NaN;
        // Of a layer that no weight has touched yet nothing varies but by rounding.
        const error = (found?.standardError ?? Number.NaN) + 1e-6 * length;
        const where = `${JSON.stringify(architecture)} layer ${l}, seed ${seed}`;
        if (mean !== null) {
          exact += 1;
          expect(Math.abs(length - mean) / error, where).toBeLessThan(most);
        }
        expect((length - (lower ?? Number.NaN)) / error, where).toBeGreaterThan(-most);
        expect((length - (upper ?? Number.NaN)) / error, where).toBeLessThan(most);
        seen += 1;
      });
    }
    // Neither all nor none.
    expect(exact).toBeGreaterThan(0.3 * seen);
    expect(exact).toBeLessThan(seen);
  });
});
