/** Was it trained? Fresh weights of every kind, changed ones, and those that cannot tell. */
import { createEngine, InvalidArgumentError } from '@kindling/core';
import {
  openTensorEvidence,
  type TensorEvidence,
  type TensorQuestion,
  tensorEvidence,
  tensorLogOdds,
  trainedModel,
  trainedProbability,
} from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import {
  evidenceFeatures,
  kernelFeatureNames,
  vectorFeatureNames,
} from '../src/parameters/trained/evidence-features.js';
import { fileFeatureNames } from '../src/parameters/trained/trained-model.js';
import { drawnWeights, normals } from './parameter-draws.js';

const engine = createEngine();
const [fanIn, units] = [100, 60];

function kernelQuestion(rows = fanIn, columns = units, slack: number | null = 2 ** -20): TensorQuestion {
  const fans = { fanIn: rows, fanOut: columns };
  return { kind: 'kernel', axes: { shape: [rows, columns], rowAxes: [0], columnAxes: [1] }, fans, slack };
}

const kernel = (values: ArrayLike<number>, rows = fanIn, columns = units, slack: number | null = 2 ** -20) =>
  tensorEvidence(engine, kernelQuestion(rows, columns, slack), values);
const vector = (values: ArrayLike<number>, inputs: number | null = fanIn) =>
  tensorEvidence(engine, { kind: 'vector', size: values.length, fanIn: inputs }, values);
const file = (...evidence: readonly TensorEvidence[]) =>
  trainedProbability(evidence.map((found, i) => ({ name: `t${i}`, evidence: found })));
const zeros = (count = units) => new Float32Array(count);
const uniform = (count: number, bound: number, number: number) =>
  drawnWeights('uniform:low=-1,high=1', 1, count, number).map((x) => x * bound);

/** What training adds: a direction of its own, as gradients have, and biases that differ. */
function stepped(weights: Float32Array, size: number): Float32Array {
  const [left, right] = [normals(fanIn, 31), normals(units, 32)];
  return weights.map(
    (w, i) => w + (size / Math.sqrt(fanIn)) * (left[Math.floor(i / units)] ?? 0) * (right[i % units] ?? 0),
  );
}

describe('fresh tensors', () => {
  const laws = [
    'he-normal',
    'he-uniform',
    'glorot-uniform',
    'lecun-normal',
    'he-laplace',
    'tfjs:dense',
    'flax:dense',
  ];

  it.each([...laws, 'orthogonal', 'he-rademacher', 'zeros'])('of %s with zero biases are fresh', (name) => {
    for (let number = 0; number < 5; number++) {
      const answer = file(kernel(drawnWeights(name, fanIn, units, number)), vector(zeros()));
      expect(answer.probability).toBeLessThan(0.2);
    }
  });

  it('with the random biases of PyTorch are fresh, with less certainty', () => {
    for (let number = 0; number < 10; number++) {
      const biases = uniform(units, 0.1, number);
      const { probability } = file(
        kernel(drawnWeights('pytorch:linear', fanIn, units, number)),
        vector(biases),
      );
      expect(probability).toBeLessThan(0.5);
    }
  });

  it('of no known scale, and normalizations of ones and zeros, are fresh', () => {
    const scaled = drawnWeights('he-normal', fanIn, units, 1).map((w) => 0.9 * w);
    const answer = file(
      kernel(scaled),
      vector(zeros()),
      vector(zeros().fill(1), null),
      vector(zeros(), null),
    );
    expect(answer.probability).toBeLessThan(0.2);
    expect(answer.tensors[0]?.surprises.map(({ test }) => test)).toEqual(['catalogLaw']);
    expect(answer.tensors[2]?.words).toBe('all numbers the same, as before a first step');
  });

  it('that are orthogonal are known to be, until something moves them', () => {
    const square = drawnWeights('orthogonal', 60, 60, 1);
    expect(file(kernel(square, 60, 60)).tensors[0]?.words).toBe('orthogonal, as drawn');
    const moved = square.map((w, i) => (i === 7 ? w + 0.01 : w));
    expect(kernel(moved, 60, 60)).toMatchObject({ orthogonal: false });
  });
});

describe('changed tensors', () => {
  const fresh = drawnWeights('he-normal', fanIn, units, 3);

  it('are the more probably trained the more they are changed', () => {
    const found = [0, 0.3, 0.6, 1].map((size) => file(kernel(stepped(fresh, size))).probability);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeLessThan(0.4);
    expect(found[3]).toBeGreaterThan(0.9);
  });

  it('are told by their order alone where they are rounded to 8 bits, and fresh ones are not', () => {
    const quantized = (values: Float32Array) => {
      const largest = values.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
      return values.map((w) => (Math.round((w / largest) * 127) / 127) * largest);
    };
    const trained = kernel(quantized(stepped(fresh, 1)), fanIn, units, null);
    expect(trained).toMatchObject({ law: null });
    expect(file(trained).probability).toBeGreaterThan(0.8);
    expect(file(kernel(quantized(fresh), fanIn, units, null)).probability).toBeLessThan(0.4);
  });

  it('are told when four of five weights were pruned', () => {
    const trained = stepped(fresh, 1);
    const threshold = [...trained].map(Math.abs).sort((a, b) => a - b)[Math.floor(0.8 * trained.length)] ?? 0;
    const pruned = trained.map((w) => (Math.abs(w) < threshold ? 0 : w));
    expect(file(kernel(pruned)).probability).toBeGreaterThan(0.9);
  });

  it('are told by their biases after one small step that weights do not show', () => {
    const one = stepped(fresh, 0.02);
    const biases = normals(units, 5).map((z) => 0.001 * z);
    expect(file(kernel(one)).probability).toBeLessThan(0.5);
    expect(file(kernel(one), vector(biases)).probability).toBeGreaterThan(0.9);
    // Small as they are, no law of random biases is so narrow.
    expect(file(vector(biases)).tensors[0]?.surprises[0]).toMatchObject({ test: 'biasLaw', surprise: 8 });
  });

  it('make a file trained when one of its layers is', () => {
    const others = [1, 2, 3].flatMap((number) => [
      kernel(drawnWeights('he-normal', fanIn, units, number)),
      vector(zeros()),
    ]);
    expect(file(...others).probability).toBeLessThan(0.2);
    const head = vector(normals(units, 6).map((z) => 0.1 * z));
    expect(file(...others, kernel(stepped(fresh, 1)), head).probability).toBeGreaterThan(0.9);
  });
});

describe('tensors that cannot tell', () => {
  it('of few numbers leave even odds, and say so', () => {
    const answer = file(kernel(drawnWeights('he-normal', 3, 2, 1), 3, 2));
    expect(answer.probability).toBe(0.5);
    expect(answer.tensors[0]?.words).toBe('too few numbers to tell');
    // However odd they look.
    expect(file(kernel([1, 2, 3, 4, 5, 6], 3, 2)).probability).toBe(0.5);
  });

  it('that are empty or not finite leave even odds', () => {
    const broken = drawnWeights('he-normal', fanIn, units, 1).fill(Number.NaN, 5, 6);
    const answer = file(kernel(broken), kernel([], 0, 4), vector([]), vector([1, Number.POSITIVE_INFINITY]));
    expect(answer.probability).toBe(0.5);
    expect(answer.tensors.map(({ probability }) => probability)).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(answer.tensors[0]?.words).toContain('NaN');
    expect(file().words).toBe('nothing in it can tell');
  });

  it('of a single bias say something only where it is 0 or 1', () => {
    expect(vector([0])).toMatchObject({ constant: true });
    expect(vector([0.05])).toMatchObject({ constant: false });
    expect(file(vector([0.05])).probability).toBe(0.5);
    expect(file(vector([7])).probability).toBeGreaterThan(0.9);
  });

  it('refuse numbers that do not come, and sizes that are none', () => {
    expect(() => openTensorEvidence(engine, { kind: 'vector', size: -1, fanIn: null })).toThrow(
      InvalidArgumentError,
    );
    expect(() => openTensorEvidence(engine, kernelQuestion()).finish()).toThrow(/0 numbers came/);
  });
});

describe('the fit', () => {
  it('has a coefficient for each feature, and none that speaks for training where a tensor is silent', () => {
    expect(trainedModel.kernel).toHaveLength(kernelFeatureNames.length);
    expect(trainedModel.vector).toHaveLength(vectorFeatureNames.length);
    expect(trainedModel.file).toHaveLength(fileFeatureNames.length);
    expect(trainedModel.kernel[0]).toBeLessThan(0);
    expect(trainedModel.vector[0]).toBeLessThan(0);
    // No surprise makes training less probable, up to what noise makes of a coefficient.
    for (const coefficient of [
      ...trainedModel.kernel.slice(1),
      ...trainedModel.vector.slice(1),
      ...trainedModel.file,
    ]) {
      expect(coefficient).toBeGreaterThan(-0.1);
    }
  });

  it('weighs the same numbers the same, however they come', () => {
    const values = stepped(drawnWeights('he-normal', fanIn, units, 4), 0.5);
    const collector = openTensorEvidence(engine, kernelQuestion());
    for (let start = 0; start < values.length; start += 77) collector.add(values.slice(start, start + 77));
    const pieces = collector.finish();
    expect(pieces).toEqual(kernel(values));
    expect(tensorLogOdds(trainedModel, pieces)).toBe(tensorLogOdds(trainedModel, kernel(values)));
    expect(evidenceFeatures(pieces)?.every((feature) => feature >= 0 && feature <= 8)).toBe(true);
  });
});
