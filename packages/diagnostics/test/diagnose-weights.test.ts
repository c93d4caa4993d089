/** The diagnosis of one network with the weights it has: measured lengths and gradients, dead units, and what changes help. */
import {
  type Architecture,
  allocateMatrix,
  allocateNetwork,
  createEngine,
  denseArchitecture,
  type Engine,
  type Matrix,
  type Network,
  openStream,
  readMatrix,
  rootKey,
  writeMatrix,
} from '@kindling/core';
import {
  criticalScale,
  diagnoseWeights,
  identifyLaw,
  judgeKernels,
  measureWeights,
  type ParameterStatistics,
  sampleWeights,
} from '@kindling/diagnostics';
import { findInitializer, initializeParameters } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

interface Drawn {
  readonly engine: Engine;
  readonly network: Network;
  readonly inputs: Matrix;
}

function drawn(architecture: Architecture, initializer: string, seed = 5, rows = 32): Drawn {
  const engine = createEngine();
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, findInitializer(initializer).initializer, rootKey(seed));
  const columns = 'channels' in architecture.input ? 0 : architecture.input.width;
  const inputs = allocateMatrix(engine, rows, columns);
  const stream = openStream(engine, rootKey(seed + 1));
  for (let row = 0; row < rows; row++) {
    engine.kernels.fill_normal(stream, columns, inputs.pointer + 4 * row * inputs.stride, 1);
  }
  return { engine, network, inputs };
}

function statistics({ engine, network }: Drawn): readonly ParameterStatistics[] {
  return network.parameters.flatMap(({ name, kind, fans, matrix }) => {
    if (kind !== 'weights' || fans === null) return [];
    const values = readMatrix(engine, matrix);
    const meanSquare = values.reduce((sum, w) => sum + w * w, 0) / values.length;
    const fourth = values.reduce((sum, w) => sum + w ** 4, 0) / values.length;
    const { fanIn, fanOut } = fans;
    const law = identifyLaw(engine, sampleWeights(values), { fans, level: 1e-4 });
    const excessKurtosis = fourth / meanSquare ** 2 - 3;
    return [{ name, parameter: name, fanIn, fanOut, count: values.length, meanSquare, excessKurtosis, law }];
  });
}

const deep = denseArchitecture({ widths: [100, ...new Array<number>(50).fill(100)], outputs: 10 });

describe('a stock net of TensorFlow.js', () => {
  const stock = drawn(deep, 'tfjs:he-normal');
  const diagnosis = diagnoseWeights(stock.engine, { ...stock, kernels: statistics(stock) });

  it('vanishes by 0.774 a layer, and the cause is named for each', () => {
    expect(diagnosis.verdict).toBe('fm1-vanishing');
    // E log of a layer is log 0.7737 − 5/(2n), with a deviation of √(5/n)/√50 in the mean of fifty: 0.032.
    const expected = Math.log(0.7737413) - 0.025421;
    expect(Math.abs(Math.log(diagnosis.lengthFactor ?? 0) - expected)).toBeLessThan(4 * 0.032);
    const wrong = diagnosis.kernels.filter(({ wrong: is }) => is);
    expect(wrong).toHaveLength(50);
    for (const { cause, factor, standardError } of wrong) {
      expect(cause).toBe('TensorFlow.js heNormal: truncated at 2σ, variance not restored');
      expect(Math.abs(factor - 0.7737413)).toBeLessThan(5 * standardError);
    }
    expect(diagnosis.kernels.at(-1)).toMatchObject({ beforeRelu: false, wrong: false });
  });

  it('starts after either change, and its weights are put back', () => {
    expect(diagnosis.remedies.map(({ change, after }) => [change, after.verdict])).toEqual([
      ['he-normal', 'starts'],
      ['scale-only', 'starts'],
    ]);
    const again = diagnoseWeights(stock.engine, { ...stock, kernels: statistics(stock), remedies: false });
    expect(again.measurement).toEqual(diagnosis.measurement);
  });

  it('has gradients that vanish as lengths do', () => {
    // Both are the same product of factors, each net with its own scatter √(5/n) a layer either way.
    const spread = Math.sqrt(2 * 50 * 0.052) / Math.LN10;
    expect(Math.abs(diagnosis.gradientDecades - diagnosis.lengthDecades)).toBeLessThan(4 * spread);
  });

  it('by its weights alone gets the same verdict, and says what that cannot know', () => {
    const kernels = judgeKernels(statistics(stock));
    expect(kernels.verdict).toBe('fm1-vanishing');
    expect(kernels.lengthFactor).toBeCloseTo(0.774, 2);
    expect(kernels.notes.join(' ')).toContain('Only the weights are known');
  });
});

describe('other nets', () => {
  const shallow = denseArchitecture({ widths: [20, 40, 40, 40], outputs: 5 });

  it('with He weights start, and no layer is called wrong', () => {
    const he = drawn(shallow, 'he-normal');
    const diagnosis = diagnoseWeights(he.engine, { ...he, kernels: statistics(he) });
    expect(diagnosis).toMatchObject({ verdict: 'starts', remedies: [] });
    expect(diagnosis.kernels.filter(({ wrong }) => wrong)).toEqual([]);
    expect(judgeKernels(statistics(he)).verdict).toBe('starts');
  });

  it('explode with variances that are too large', () => {
    const loud = drawn(deep, 'he-normal-2x');
    const diagnosis = diagnoseWeights(loud.engine, { ...loud, kernels: statistics(loud) });
    expect(diagnosis.verdict).toBe('fm1-exploding');
    expect(diagnosis.remedies.every(({ after }) => after.verdict === 'starts')).toBe(true);
  });

  it('have a signal that biases cannot hide', () => {
    const biased = drawn(deep, 'pytorch:linear');
    const diagnosis = diagnoseWeights(biased.engine, { ...biased, kernels: statistics(biased) });
    expect(diagnosis.verdicts).toContain('vanishing-gradients');
    expect(diagnosis.signalDecades).toBeLessThan(diagnosis.lengthDecades - 10);
  });

  it('of constants have unbroken symmetry, of zeros nothing', () => {
    const equal = drawn(shallow, 'constant');
    expect(diagnoseWeights(equal.engine, { ...equal, kernels: statistics(equal) }).verdict).toBe(
      'no-symmetry-breaking',
    );
    const zero = drawn(shallow, 'zeros');
    const diagnosis = diagnoseWeights(zero.engine, { ...zero, kernels: statistics(zero) });
    expect(diagnosis.verdict).toBe('zero-output');
    expect(judgeKernels(statistics(zero)).verdict).toBe('zero-output');
    expect(diagnosis.lengthFactor).toBeNull();
  });

  it('that leave the range of f32 are exploding, not an error', () => {
    const huge = drawn(deep, 'he-normal');
    for (const { kind, matrix } of huge.network.parameters) {
      if (kind !== 'weights') continue;
      const values = readMatrix(huge.engine, matrix);
      writeMatrix(
        huge.engine,
        matrix,
        values.map((w) => w * 100),
      );
    }
    expect(diagnoseWeights(huge.engine, { ...huge, kernels: statistics(huge) }).verdict).toBe(
      'fm1-exploding',
    );
  });

  it('with shortcuts have a verdict, too', () => {
    const layers = Array.from({ length: 8 }, () => ({
      kind: 'residual' as const,
      branch: [
        { kind: 'dense' as const, units: 30, activation: 'relu' as const },
        { kind: 'dense' as const, units: 30, activation: 'linear' as const },
      ],
      scale: 1 as const,
      shortcut: 'identity' as const,
    }));
    const end = { kind: 'dense' as const, units: 3, activation: 'linear' as const };
    const residual = drawn({ input: { width: 30 }, layers: [...layers, end] }, 'lecun-normal');
    const diagnosis = diagnoseWeights(residual.engine, { ...residual, kernels: statistics(residual) });
    expect(diagnosis.measurement.layers.filter(({ nested }) => nested === 1)).toHaveLength(16);
    // A module multiplies by 1 + 1/2 with LeCun's variance in both of its layers.
    expect(Math.abs(diagnosis.lengthDecades - 8 * Math.log10(1.5))).toBeLessThan(0.5);
  });
});

describe('dead units', () => {
  it('are permanent in the first layer and tentative behind one that moves', () => {
    const { engine, network, inputs } = drawn(
      denseArchitecture({ widths: [6, 8, 8], outputs: 2 }),
      'he-normal',
    );
    for (const { name, matrix } of network.parameters) {
      if (!/^layers\.[01]\.biases$/.test(name)) continue;
      writeMatrix(engine, matrix, [-1e3, -1e3, 1, 1, 1, 1, 1, 1]);
    }
    const { layers, closed } = measureWeights(engine, network, inputs, rootKey(3));
    expect(layers[0]?.dead).toEqual({ width: 8, active: 6, tentativelyDead: 0, permanentlyDead: 2 });
    expect(layers[1]?.dead).toMatchObject({ width: 8, permanentlyDead: 0 });
    expect(layers[1]?.dead?.tentativelyDead).toBeGreaterThanOrEqual(2);
    expect(layers[2]?.dead).toBeNull();
    expect(closed).toEqual([]);
  });

  it('in a whole layer close the net: everything in and before it is permanent', () => {
    const closedNet = drawn(denseArchitecture({ widths: [6, 8, 8], outputs: 2 }), 'he-normal');
    const { engine, network, inputs } = closedNet;
    const biases = network.parameters.find(({ name }) => name === 'layers.1.biases');
    if (biases !== undefined) writeMatrix(engine, biases.matrix, new Array<number>(8).fill(-1e3));
    const { layers, closed } = measureWeights(engine, network, inputs, rootKey(3));
    expect(closed).toEqual(['layers[1]']);
    expect(layers[1]?.dead).toMatchObject({ active: 0, tentativelyDead: 0, permanentlyDead: 8 });
    const diagnosis = diagnoseWeights(engine, { ...closedNet, kernels: statistics(closedNet) });
    expect(diagnosis.verdict).toBe('born-dead');
    expect(diagnosis.headline).toContain('constant function');
  });
});

describe('what cannot be measured', () => {
  it('is refused', () => {
    const { engine, network, inputs } = drawn(denseArchitecture({ widths: [6, 8], outputs: 2 }), 'he-normal');
    const zeros = allocateMatrix(engine, 2, 6);
    writeMatrix(engine, zeros, new Array<number>(12).fill(0));
    expect(() => measureWeights(engine, network, zeros, rootKey(1))).toThrow('not all zero');
    writeMatrix(engine, zeros, new Array<number>(12).fill(Number.NaN));
    expect(() => measureWeights(engine, network, zeros, rootKey(1))).toThrow('finite');
    const mark = engine.arena.mark();
    measureWeights(engine, network, inputs, rootKey(1));
    expect(engine.arena.mark()).toEqual(mark);
  });

  it('has no critical scale where weights are zero or not finite', () => {
    expect(criticalScale(2 / 50, 50)).toBe(1);
    expect([0, Number.NaN, Number.POSITIVE_INFINITY].map((square) => criticalScale(square, 50))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
