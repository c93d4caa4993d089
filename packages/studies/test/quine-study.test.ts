/** The quine study: its net against f64, its spec, pure trials, what regeneration finds, and figures. */
import { createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import { selu, seluHeight, seluSlope } from '@kindling/core/reference';
import {
  canonicalJson,
  hashSpec,
  type JsonObject,
  parseQuineSpec,
  type QuineMethodName,
  type QuineSpec,
  quine,
  quineMethodNames,
  quineSpec,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import {
  addTargetGradient,
  openQuineNet,
  openQuineRoom,
  predictAll,
  quineGradient,
  quineParameters,
} from '../src/catalog/quine/quine-net.js';
import { predictQuineStart, seluMeanSquare } from '../src/catalog/quine/theory.js';
import { runInThread } from './run-in-thread.js';
import { checkDrawings } from './study-drawings.js';

const engine = createEngine();

/** f(c) in f64 by the textbook's loops, from SELU of the projection's row. */
function outputInF64(width: number, theta: ArrayLike<number>, features: ArrayLike<number>): number {
  const layer = (below: ArrayLike<number>, start: number, outputs: number) =>
    Array.from({ length: outputs }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += Number(below[k]) * Number(theta[start + k * outputs + j]);
      return sum;
    });
  const first = selu(layer(features, 0, width));
  const second = selu(layer(first, width * width, width));
  return layer(second, 2 * width * width, 1)[0] ?? Number.NaN;
}

/** A net of width 8, its numbers, and f of every coordinate as the kernels give it. */
function smallNet() {
  const width = 8;
  const net = openQuineNet(engine, width, rootKey(3));
  const room = openQuineRoom(engine, width, 40);
  const out = engine.arena.allocateFloats(net.count);
  predictAll(engine, net, room, out);
  const theta = Float64Array.from(engine.arena.floats(net.parameters.pointer, net.count));
  const features = engine.arena.floats(net.features, net.count * width).slice();
  const rowOf = (c: number) => features.subarray(c * width, (c + 1) * width);
  return { width, net, room, theta, rowOf, outputs: engine.arena.floats(out, net.count).slice() };
}

describe('the net', () => {
  it('has 20,100 parameters at width 100 and gives what f64 does', () => {
    expect(quineParameters(100)).toBe(20_100);
    const { width, theta, rowOf, outputs } = smallNet();
    expect(outputs).toHaveLength(136);
    outputs.forEach((value, c) => {
      // Sums of 8 numbers below 1, three layers deep: some 30 roundings of size 2⁻²⁴.
      expect(Math.abs(value - outputInF64(width, theta, rowOf(c)))).toBeLessThan(30 * 2 ** -24);
    });
  });

  it('has the gradient of central differences, and that through the targets', () => {
    const { width, net, room, theta, rowOf } = smallNet();
    const coordinates = Uint32Array.of(0, 135, 70, 3, 64);
    const lossAt = (shifted: Float64Array, targets: Float64Array) =>
      [...coordinates].reduce((sum, c) => {
        const error = outputInF64(width, shifted, rowOf(c)) - Number(targets[c]);
        return sum + error * error;
      }, 0);
    const shiftedBy = (index: number, step: number) =>
      theta.map((value, i) => (i === index ? value + step : value));
    const targets = Float32Array.from(theta);
    quineGradient(engine, net, room, coordinates, targets);
    const frozen = engine.arena.floats(net.gradient, net.count).slice();
    addTargetGradient(engine, net, room, coordinates);
    const through = engine.arena.floats(net.gradient, net.count);
    const h = 1e-5;
    for (let i = 0; i < net.count; i++) {
      const [up, down] = [shiftedBy(i, h), shiftedBy(i, -h)];
      const constant = (lossAt(up, theta) - lossAt(down, theta)) / (2 * h);
      const whole = (lossAt(up, up) - lossAt(down, down)) / (2 * h);
      expect(Math.abs((frozen[i] ?? 0) - constant)).toBeLessThan(2e-6);
      expect(Math.abs((through[i] ?? 0) - whole)).toBeLessThan(2e-6);
    }
    expect(Math.abs((frozen[135] ?? 0) - (through[135] ?? 0))).toBeGreaterThan(0.1);
  });
});

describe('theory', () => {
  it('has SELU keep a mean square of 1, and its limits', () => {
    expect(seluMeanSquare(1)).toBeCloseTo(1, 9);
    // Near 0 SELU is two lines; of huge numbers half meet a line and half the floor.
    expect(seluMeanSquare(1e-8) / 1e-8).toBeCloseTo((seluSlope ** 2 + seluHeight ** 2) / 2, 3);
    expect(seluMeanSquare(1e8) / 1e8).toBeCloseTo(seluSlope ** 2 / 2, 3);
  });

  it('expects the published initial loss of about 90 at width 100', () => {
    const { norm, loss } = predictQuineStart(100);
    expect(norm).toBeCloseTo(67, 9);
    expect(loss).toBeGreaterThan(86);
    expect(loss).toBeLessThan(94);
  });

  it('expects what 60 nets measure, within four standard errors; He’s law is far off', async () => {
    const spec = quineSpec({ methods: ['pair'], width: 40, runs: 1, epochs: 1 });
    const nets: QuineSpec = {
      ...spec,
      methods: spec.methods.map((method) => ({ ...method, nets: 1 })),
      runs: 60,
    };
    const records = await runInThread(quine, nets);
    const losses = records.map(({ result }) => Number((result['losses'] as readonly number[])[0]));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 60;
    const error = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 60 / 59);
    const { loss, norm } = predictQuineStart(40);
    expect(Math.abs(mean - loss)).toBeLessThan(4 * error);
    expect(6 * norm - mean).toBeGreaterThan(100 * error);
  });
});

describe('its spec', () => {
  it('has width 100, 100 epochs and every method', () => {
    const spec = quineSpec();
    expect(spec).toMatchObject({ width: 100, epochs: 100, reportEvery: 2, runs: 3 });
    expect(spec.methods.map(({ name }) => name)).toEqual(quineMethodNames);
    expect(hashSpec(parseQuineSpec(JSON.parse(JSON.stringify(spec))))).toBe(hashSpec(spec));
  });

  const [method] = quineSpec({ methods: ['pair'] }).methods;
  it.each([
    [{ version: 2 }, 'version'],
    [{ width: 10 }, 'width'],
    [{ epochs: 0 }, 'epochs'],
    [{ methods: [] }, 'methods'],
    [{ methods: [method, method] }, 'methods'],
    [{ methods: [{ ...method, nets: 0 }] }, 'methods.0.nets'],
    [{ methods: [{ ...method, regenerate: false }] }, 'methods.0.regenerate'],
    [{ methods: [{ ...method, optimizer: { kind: 'sgd', learningRate: 1 } }] }, 'methods.0.norm'],
    [{ methods: [{ ...method, optimizer: { kind: 'lion', learningRate: 1 } }] }, 'methods.0.optimizer.kind'],
    [{ methods: [{ ...method, targets: 'through' }] }, 'methods.0.targets'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseQuineSpec({ ...quineSpec(), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`quine: ${field}: `);
  });
});

describe('its trials', () => {
  it('are pure: any order gives the same records', async () => {
    const spec = quineSpec({ width: 8, epochs: 3, runs: 2 });
    const planned = await runInThread(quine, spec);
    const reversed = await runInThread(quine, spec, 'reversed');
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(quine.summarize(spec, reversed)).toEqual(quine.summarize(spec, planned));
  });

  it('show that some norms are held', async () => {
    const spec = quineSpec({ width: 16, epochs: 4, runs: 1, methods: ['through-fixed', 'adamax-through'] });
    const [held, free] = await runInThread(quine, spec);
    const norms = (record: typeof held) => record?.result['norms'] as readonly number[];
    for (const norm of norms(held)) expect(norm / Number(norms(held)[0])).toBeCloseTo(1, 5);
    expect(Number(norms(free)[4]) / Number(norms(free)[0])).toBeLessThan(0.9);
  });
});

describe('quick', () => {
  it('finds pairs and negatives by regeneration alone, and optimizers that hardly find more than zero', async () => {
    const spec = quineSpec({ quick: true });
    const summary = quine.summarize(spec, await runInThread(quine, spec));
    const at = (name: QuineMethodName) => summary.courses.find(({ method }) => method === name);
    const ratio = (name: QuineMethodName) => at(name)?.ratios.at(-1)?.median ?? Number.NaN;
    expect(ratio('pair')).toBeLessThan(1e-9);
    expect(ratio('negative')).toBeLessThan(1e-9);
    expect(ratio('regeneration')).toBeLessThan(0.3);
    expect(ratio('regeneration-fixed')).toBeLessThan(0.3);
    expect(at('regeneration-fixed')?.meanShare.median).toBeLessThan(0.1);
    // The controls: without regeneration there is little but shrinking.
    for (const name of ['sgd', 'momentum', 'adam', 'adamax', 'adamax-through', 'pair-adamax'] as const) {
      expect(ratio(name), name).toBeGreaterThan(0.7);
    }
    expect(quine.findings(summary)[0]).toContain('pair');
  });
});

describe('drawings', () => {
  const spec = quineSpec({ quick: true, epochs: 40 });
  checkDrawings({
    study: quine,
    spec,
    names: ['quine-loss', 'quine-ratio'],
    result: (cell, trial): JsonObject => {
      const gone = cell.includes('rmsprop') && trial === 1;
      const exact = cell.includes('pair/') || cell.includes('negative');
      const epochs = Array.from({ length: gone ? 3 : 41 }, (_, i) => i);
      return {
        outcome: gone ? 'diverged' : 'finished',
        losses: epochs.map((i) => (gone && i === 2 ? 'Infinity' : exact ? 90 / 10 ** (i / 2) : 90 / (1 + i))),
        norms: epochs.map((i) => 67 / (1 + (exact ? i : i / (1 + trial)))),
        cosines: epochs.map(() => 0.4),
        meanShares: epochs.map(() => 0.1),
      };
    },
  });
});
