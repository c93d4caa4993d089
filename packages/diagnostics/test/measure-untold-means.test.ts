/** Means that no sample of this size can tell are not told, whatever the sample's own standard error says. */
import {
  type Architecture,
  convolutionalArchitecture,
  createEngine,
  residualArchitecture,
  rootKey,
} from '@kindling/core';
import {
  measureNetworkStatistics,
  type NetworkStatistics,
  predictNetworkLengths,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { expect, it } from 'vitest';

const engine = createEngine();
const { initializer } = findInitializer('he-normal');

function measure(architecture: Architecture, trials: number, seed = 1): NetworkStatistics {
  const steps = measureNetworkStatistics(engine, { architecture, initializer, trials, key: rootKey(seed) });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** How many layers from the first on are told; fails where one behind them is. */
function toldLayers({ layers }: NetworkStatistics, field: 'meanLength' | 'secondMoment'): number {
  const told = layers.map((layer) => layer[field] !== null);
  const first = told.indexOf(false);
  const count = first === -1 ? told.length : first;
  expect(told.slice(count)).not.toContain(true);
  return count;
}

const narrow = convolutionalArchitecture({
  input: { height: 8, width: 8, channels: 1 },
  filters: new Array<number>(40).fill(2),
  kernel: [3, 3],
  stride: 1,
  padding: 'zero',
  activation: 'relu',
});

it('of narrow convolutions only the first layers are told, and these are near theory', () => {
  const theory = predictNetworkLengths({ architecture: narrow, initializer });
  let falselyToldByTheSample = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const found = measure(narrow, 60, seed);
    const told = toldLayers(found, 'meanLength');
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(10);
    found.layers.slice(0, told).forEach(({ meanLength }, l) => {
      const ratio = (meanLength ?? Number.NaN) / (theory[l]?.mean ?? Number.NaN);
      expect(ratio).toBeGreaterThan(0.25);
      expect(ratio).toBeLessThan(4);
    });
    expect(toldLayers(found, 'secondMoment')).toBeLessThanOrEqual(told);
    expect(found.lengthVarianceAcrossLayers).toBeNull();
    // The negative control: what the sample's logarithms say is far below what theory knows.
    const last = found.layers.at(-1);
    if ((last?.meanLogLength ?? 0) < Math.log(theory.at(-1)?.mean ?? 1) - 3) falselyToldByTheSample += 1;
  }
  expect(falselyToldByTheSample).toBeGreaterThan(3);
});

it('refuses a deep residual ReLU net from one module on to the end, in one range each', () => {
  const architecture = residualArchitecture({
    module: 'relu',
    width: 16,
    modules: 300,
    scale: { rule: 'constant', value: 1 },
  });
  const found = measure(architecture, 50);
  const told = toldLayers(found, 'meanLength');
  expect(told).toBeGreaterThan(3);
  expect(told).toBeLessThan(100);
  const refused = found.refusals
    .filter(({ quantity }) => quantity === 'meanLength')
    .flatMap(({ layers }) => layers)
    .sort((a, b) => a - b);
  expect(refused).toEqual(Array.from({ length: 300 - told }, (_, i) => told + 1 + i));
});

it('tells what wide nets have in any depth, and all again behind a batch normalization', () => {
  const wide = convolutionalArchitecture({
    input: { height: 4, width: 4, channels: 3 },
    filters: new Array<number>(6).fill(32),
    kernel: [3, 3],
    stride: 1,
    padding: 'circular',
    activation: 'relu',
  });
  const found = measure(wide, 60);
  expect(toldLayers(found, 'meanLength')).toBe(6);
  expect(found.lengthVarianceAcrossLayers).not.toBeNull();
  const normalized: Architecture = {
    ...narrow,
    layers: [...narrow.layers.slice(0, 12), { kind: 'batch-normalization' }, ...narrow.layers.slice(0, 1)],
  };
  const { layers } = measure(normalized, 40);
  expect(layers[11]?.meanLength).toBeNull();
  expect(layers[12]?.meanLength).toBeGreaterThan(0.5);
  expect(layers[12]?.meanLength).toBeLessThan(1.01);
  expect(layers[13]?.meanLength).not.toBeNull();
});
