/** Predictions for networks of any architecture: the recursions they are put together from, closed values, and where they stop. */
import { denseArchitecture, parseArchitecture, residualArchitecture } from '@kindling/core';
import {
  predictConvolutionLengths,
  predictLengths,
  predictNetworkLengths,
  predictResidualLengths,
} from '@kindling/diagnostics';
import { findInitializer } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const he = findInitializer('he-normal').initializer;

it.each(['he-normal', 'he-uniform', 'pytorch:linear', 'orthogonal', 'lecun-normal'])(
  'a dense net, %s: predictLengths',
  (name) => {
    const { initializer } = findInitializer(name);
    const widths = [7, 9, 4, 30, 12];
    const found = predictNetworkLengths({
      architecture: denseArchitecture({ widths, outputs: 0 }),
      initializer,
    });
    predictLengths({ widths, initializer }).forEach(({ mean, relativeSecondMoment, secondMoment }, l) => {
      expect(found[l]?.mean).toBeCloseTo(mean ?? Number.NaN, 12);
      expect(found[l]?.relativeSecondMoment).toBeCloseTo(relativeSecondMoment ?? Number.NaN, 10);
      expect(found[l]?.secondMoment).toBeCloseTo(secondMoment ?? Number.NaN, 10);
      expect(found[l]?.why).toBeNull();
    });
  },
);

it.each(['relu', 'linear'] as const)('a residual net of %s modules: predictResidualLengths', (module) => {
  for (const name of ['he-normal', 'he-uniform', 'glorot-normal']) {
    const { initializer } = findInitializer(name);
    const scales = [0.9, 0.5, 0, 0.3];
    const sizes = { module, width: 6, modules: 4, scale: { rule: 'list', values: scales } } as const;
    for (const input of [undefined, [1, 2, 0, -1, 3, 0.5], [1, 2, 0, 1, 3, 0.5]]) {
      const options = { architecture: residualArchitecture(sizes), initializer };
      const found = predictNetworkLengths(input === undefined ? options : { ...options, input });
      predictResidualLengths({
        width: 6,
        module: module === 'relu' ? { kind: 'relu' } : { kind: 'linear', hidden: [6] },
        scales,
        initializer,
        ...(input === undefined ? {} : { input }),
      }).forEach((expected, l) => {
        const square = input?.reduce((sum, x) => sum + x * x, 0) ?? 1;
        const { mean, lower, upper, estimate, relativeSecondMoment } = found[l] ?? {};
        expect(mean === null).toBe(expected.mean === null);
        expect(mean ?? 0).toBeCloseTo((expected.mean ?? 0) / square, 10);
        expect(lower).toBeCloseTo((expected.lower ?? Number.NaN) / square, 10);
        expect(upper).toBeCloseTo((expected.upper ?? Number.NaN) / square, 10);
        expect(estimate).toBeCloseTo((expected.estimate ?? Number.NaN) / square, 10);
        if (module === 'linear')
          expect(relativeSecondMoment ?? 0).toBeCloseTo(expected.relativeSecondMoment ?? 0, 10);
      });
    }
  }
});

it.each(['zero', 'circular', 'valid'] as const)(
  'a convolutional net, %s padding: predictConvolutionLengths',
  (padding) => {
    for (const name of ['he-normal', 'pytorch:linear', 'delta-orthogonal']) {
      const { initializer } = findInitializer(name);
      const input = { height: 17, width: 16, channels: 3 };
      const layers = [4, 5, 6].map((channels) => ({ channels, kernel: 3, stride: 2, padding }));
      const architecture = parseArchitecture({
        input,
        layers: layers.map(({ channels }) => ({
          kind: 'conv2d',
          filters: channels,
          kernel: [3, 3],
          stride: 2,
          padding,
          activation: 'relu',
        })),
      });
      const inputEnergy = Array.from({ length: 17 * 16 }, (_, p) => (p % 5) + 0.5);
      for (const more of [{}, { inputEnergy }]) {
        const found = predictNetworkLengths({ architecture, initializer, ...more });
        const start = 'inputEnergy' in more ? inputEnergy.reduce((a, b) => a + b, 0) / inputEnergy.length : 1;
        predictConvolutionLengths({ input, layers, initializer, ...more }).forEach(({ mean }, l) => {
          expect(found[l]?.mean).toBeCloseTo((mean ?? Number.NaN) / start, 12);
        });
      }
    }
  },
);
