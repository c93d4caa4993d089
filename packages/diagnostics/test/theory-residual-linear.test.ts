/**
 * Residual modules that end in a linear layer: closed values and simulation. Standard errors of means come from the exact second
 * moment where there is one, else from the sample.
 */
import { predictResidualGrowth, predictResidualLengths, residualTheory } from '@kindling/diagnostics';
import type { Initializer, WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { geometricScales, simulateResidual } from './residual-simulation.js';
import { dot, normals, sampleMean, standardDraws } from './theory-simulation.js';

const scaled = (distribution: 'normal' | 'uniform', scale: number): WeightLaw => ({
  kind: 'variance-scaling',
  distribution,
  scale,
  mode: 'fan-in',
});
const exact = (value: number | null | undefined) => value ?? Number.NaN;
const trials = 20_000;
const input = [1.2, -0.4, 0.3, 0.1];
const square = dot(input, input);

it.each([
  ['He, 2/fan-in throughout', [6], 2, 2],
  ['a last layer of 1/fan-in', [6], 1, 1],
  ['two ReLU layers', [6, 8], 2, 2],
  ['no ReLU at all', [], 2, 2],
] as const)('%s: E[M_L] = Π (1 + cη²), and its spread', (_name, hidden, last, c) => {
  const scales = geometricScales(0.6, 4);
  const options = {
    width: 4,
    module: { kind: 'linear', hidden, lastInitializer: scaled('normal', last) },
    scales,
    initializer: scaled('normal', 2),
    input,
  } as const;
  expect(residualTheory(options)).toEqual({ mean: true, bounds: true, secondMoment: true });
  const weight = normals(51);
  const nets = Array.from({ length: trials }, () =>
    simulateResidual({
      width: 4,
      scales,
      hidden,
      weight,
      deviation: (fanIn) => Math.sqrt(2 / fanIn),
      lastDeviation: (fanIn) => Math.sqrt(last / fanIn),
      input,
    }),
  );
  let product = square;
  let wrong = square;
  predictResidualLengths(options).forEach((module, l) => {
    product *= 1 + c * (scales[l] ?? 0) ** 2;
    wrong *= 1 + c * (scales[l] ?? 0);
    expect(module.mean).toBeCloseTo(product, 10);
    expect(module.lower).toBe(module.upper);
    const lengths = nets.map((net) => net[l] ?? 0);
    const mean = sampleMean(lengths).mean;
    const standardError = product * Math.sqrt((exact(module.relativeSecondMoment) - 1) / trials);
    expect(Math.abs(mean - product)).toBeLessThan(4 * standardError);
    // Negative control: Σ η instead of Σ η².
    expect(Math.abs(mean - wrong)).toBeGreaterThan(4 * standardError);
    const squares = sampleMean(lengths.map((x) => x * x));
    const second = exact(module.relativeSecondMoment) * product * product;
    expect(Math.abs(squares.mean - second)).toBeLessThan(4 * squares.standardError);
    expect(squares.standardError).toBeLessThan(0.1 * second);
    expect(Math.abs(squares.mean - product * product)).toBeGreaterThan(4 * squares.standardError);
  });
  const growth = predictResidualGrowth(options);
  expect(growth.decisive).toBe('sum-of-squares');
  expect(exact(growth.logBound)).toBeCloseTo(Math.log(product / square), 10);
  const relative = exact(predictResidualLengths(options).at(-1)?.relativeSecondMoment);
  expect(exact(growth.logSecondMomentBound)).toBeCloseTo(Math.log(relative) + 2 * exact(growth.logBound), 10);
  expect(growth.sumOfSquares).toBeCloseTo(
    scales.reduce((sum, scale) => sum + scale * scale, 0),
    12,
  );
});

it('the second moment in closed form: one module, nothing but a linear layer', () => {
  // x + ηWx with W of variance 1/n: ‖·‖² = |1 + ηg_1/√n|² + …, of second moment 1 + (2 + 4/n)η² + (1 + 2/n)η⁴.
  const [module] = predictResidualLengths({
    width: 4,
    module: { kind: 'linear', hidden: [] },
    scales: [1],
    initializer: scaled('normal', 1),
  });
  expect(module?.relativeSecondMoment).toBeCloseTo((1 + 3 + 1.5) / 4, 12);
});

describe('other laws have the mean alone', () => {
  const biases = { kind: 'stated-variance', distribution: 'uniform', variance: 0.25 } as const;
  const initializer: Initializer = { kind: 'layerwise', weights: scaled('uniform', 2), biases };
  const scales = [1, 0.7, 0.4];
  const options = { width: 4, module: { kind: 'linear', hidden: [5] }, scales, initializer, input } as const;

  it('uniform weights with biases: E[M′] = E[M](1 + cη²) + η²h', () => {
    expect(residualTheory(options).secondMoment).toMatch(/Gaussian/);
    const weight = standardDraws.uniform(61);
    const nets = Array.from({ length: trials }, () =>
      simulateResidual({
        width: 4,
        scales,
        hidden: [5],
        weight,
        deviation: (fanIn) => Math.sqrt(2 / fanIn),
        biasDeviation: 0.5,
        input,
      }),
    );
    // h: a hidden bias adds 0.125 to every mean square, the linear layer doubles that and adds its own 0.25, four times.
    let mean = square;
    let without = square;
    predictResidualLengths(options).forEach((module, l) => {
      const eta = scales[l] ?? 0;
      mean = mean * (1 + 2 * eta * eta) + eta * eta * 2;
      without *= 1 + 2 * eta * eta;
      expect(module.mean).toBeCloseTo(mean, 10);
      expect(module.relativeSecondMoment).toBeNull();
      const found = sampleMean(nets.map((net) => net[l] ?? 0));
      expect(Math.abs(found.mean - mean)).toBeLessThan(4 * found.standardError);
      // Negative control: without the biases.
      expect(Math.abs(found.mean - without)).toBeGreaterThan(4 * found.standardError);
    });
    expect(predictResidualGrowth(options)).toMatchObject({ logBound: null, logSecondMomentBound: null });
  });

  it('normal weights with biases have no second moment, asymmetric ones nothing', () => {
    const normal = { ...initializer, weights: scaled('normal', 2) };
    expect(residualTheory({ ...options, initializer: normal }).secondMoment).toMatch(/biases/);
    const ones = { ...options, initializer: { kind: 'constant', value: 1 } } as const;
    expect(residualTheory(ones).mean).toMatch(/symmetric/);
    expect(predictResidualLengths(ones)[0]).toMatchObject({ estimate: null, relativeSecondMoment: null });
  });
});

it('Σ η² decides: 1/√L is bounded, 1 is not; a last layer of zeros, as Fixup has it, changes nothing', () => {
  const last = (scale: number, modules: number, lastInitializer: WeightLaw) =>
    predictResidualLengths({
      width: 10,
      module: { kind: 'linear', hidden: [10], lastInitializer },
      scales: new Array<number>(modules).fill(scale),
      initializer: scaled('normal', 2),
    }).at(-1);
  expect(last(1e-2, 10_000, scaled('normal', 2))?.mean).toBeCloseTo((1 + 2e-4) ** 10_000, 8);
  expect(last(1, 1000, scaled('normal', 2))?.logMean).toBeCloseTo(1000 * Math.log(3), 8);
  expect(last(1, 1000, { kind: 'constant', value: 0 })?.mean).toBe(1);
});
