/** Which law weights follow: p-values are uniform where the law holds, small where it does not, and every initializer finds its name. */
import { allocateMatrix, createEngine, deriveKey, readMatrix, rootKey } from '@kindling/core';
import {
  candidateLaws,
  identifyLaw,
  kolmogorovDistance,
  kolmogorovPValue,
  kurtosisPValue,
  lawShapes,
  sampleWeights,
  testFreeScale,
  variancePValue,
} from '@kindling/diagnostics';
import { drawWeights, findInitializer, type LayerShape } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const key = rootKey(11);

function draw(name: string, shape: LayerShape, index: number): Float32Array {
  const { initializer } = findInitializer(name);
  if (initializer.kind !== 'layerwise') throw new Error(`${name} has no law`);
  const mark = engine.arena.mark();
  const matrix = allocateMatrix(engine, shape.fanIn, shape.fanOut);
  drawWeights(engine, initializer.weights, shape, deriveKey(key, 3, index), matrix);
  const values = readMatrix(engine, matrix).slice();
  engine.arena.release(mark);
  return values;
}

/** Largest distance of sorted p-values from the uniform law, times √n: 2.7 has probability 1e-6 (2 exp(−2t²)). */
function unevenness(pValues: readonly number[]): number {
  const sorted = [...pValues].sort((a, b) => a - b);
  const n = sorted.length;
  const distance = sorted.reduce((most, p, i) => Math.max(most, p - i / n, (i + 1) / n - p), 0);
  return Math.sqrt(n) * distance;
}
const uneven = 2.7;

const shape = { fanIn: 24, fanOut: 20 };
const trials = 500;
const families = [
  ['he-normal', 'normal'],
  ['pytorch:linear', 'uniform'],
  ['glorot-uniform', 'uniform'],
  ['tfjs:he-normal', 'truncated-normal'],
  ['flax:dense', 'truncated-normal'],
  ['he-laplace', 'laplace'],
] as const;

describe('p-values over 500 fresh tensors', () => {
  it.each(families)('of %s are uniform', (name, family) => {
    const law = candidateLaws(shape).find(({ names }) => names.some((other) => other === name));
    if (law === undefined) throw new Error('no such candidate');
    expect(law.shape).toBe(family);
    const found = Array.from({ length: trials }, (_, index) => {
      const { sorted } = sampleWeights(draw(name, shape, index));
      const square = sorted.reduce((sum, w) => sum + w * w, 0);
      return {
        distribution: kolmogorovPValue(kolmogorovDistance(sorted, family, law.deviation), sorted.length),
        variance: variancePValue(square / (sorted.length * law.deviation ** 2), sorted.length, family),
        free: testFreeScale(engine, sorted, family).pValue,
        tails: kurtosisPValue(engine, sorted, family),
        // A tenth more variance: the control, which must not look uniform.
        wrong: variancePValue(square / (sorted.length * 1.1 * law.deviation ** 2), sorted.length, family),
      };
    });
    expect(unevenness(found.map(({ distribution }) => distribution))).toBeLessThan(uneven);
    expect(unevenness(found.map(({ variance }) => variance))).toBeLessThan(uneven);
    expect(unevenness(found.map(({ free }) => free))).toBeLessThan(uneven);
    expect(unevenness(found.map(({ tails }) => tails))).toBeLessThan(uneven);
    expect(unevenness(found.map(({ wrong }) => wrong))).toBeGreaterThan(uneven);
  });

  it('of a scale taken from the numbers would not be uniform without its own null', () => {
    // The mean being known, the fit is only a little closer than it should be: more tensors to see it.
    const naive = Array.from({ length: 10 * trials }, (_, index) => {
      const { sorted } = sampleWeights(draw('he-normal', shape, index));
      const deviation = Math.sqrt(sorted.reduce((sum, w) => sum + w * w, 0) / sorted.length);
      return kolmogorovPValue(kolmogorovDistance(sorted, 'normal', deviation), sorted.length);
    });
    expect(unevenness(naive)).toBeGreaterThan(uneven);
  });

  it('of one shape are small under another', () => {
    for (const [name, family] of families) {
      const { sorted } = sampleWeights(draw(name, { fanIn: 100, fanOut: 100 }, 7));
      for (const other of lawShapes) {
        const { pValue } = testFreeScale(engine, sorted, other);
        if (other === family) expect(pValue).toBeGreaterThan(1e-4);
        else expect(pValue).toBeLessThan(5e-3);
      }
    }
  });
});

describe('the law of fresh weights', () => {
  const layer = { fanIn: 120, fanOut: 90 };
  const names = candidateLaws(layer).flatMap(({ names: all }) => all);

  it('is told for every name of the catalog with an independent symmetric law', () => {
    expect(names).toEqual(
      expect.arrayContaining(['he-normal', 'he-uniform', 'glorot-normal', 'lecun-uniform']),
    );
    for (const [index, name] of names.entries()) {
      const law = identifyLaw(engine, sampleWeights(draw(name, layer, index)), { fans: layer, level: 1e-4 });
      expect(law, name).toMatchObject({ kind: 'catalog', names: expect.arrayContaining([name]) });
    }
  });

  it('is wrongly called unknown no oftener than stated', () => {
    let wronged = 0;
    for (let index = 0; index < trials; index++) {
      const law = identifyLaw(engine, sampleWeights(draw('he-normal', shape, index)), {
        fans: shape,
        level: 0.05,
      });
      const holds = law.kind === 'catalog' && [...law.names, ...law.alsoPossible].includes('he-normal');
      if (!holds) wronged++;
    }
    // At most 5 % of 500 are expected, with a deviation of 5.
    expect(wronged).toBeLessThanOrEqual(25 + 5 * 5);
    expect(wronged).toBeGreaterThan(0);
  });

  it('knows truncation that was made up for from one that was not', () => {
    const stock = identifyLaw(engine, sampleWeights(draw('tfjs:he-normal', layer, 1)), { fans: layer });
    expect(stock).toMatchObject({ kind: 'catalog', shape: 'truncated-normal' });
    if (stock.kind !== 'catalog') return;
    expect(stock.names[0]).toBe('tfjs:he-normal');
    expect((stock.deviation ** 2 * layer.fanIn) / 2).toBeCloseTo(0.7737413, 6);
  });

  it('is a shape where only the scale is unknown, and unknown where weights were trained', () => {
    const fresh = draw('he-normal', layer, 3);
    const rescaled = sampleWeights(fresh.map((w) => 1.7 * w));
    expect(identifyLaw(engine, rescaled, { fans: layer })).toMatchObject({ kind: 'shape', shape: 'normal' });
    // What training does: a few directions grow.
    const trained = sampleWeights(fresh.map((w, i) => w + (i % 90 < 6 ? 0.35 : 0)));
    expect(identifyLaw(engine, trained, { fans: layer })).toMatchObject({ kind: 'unknown' });
  });

  it('of constants, signs, few numbers and NaN is told without a test', () => {
    const of = (values: readonly number[]) => identifyLaw(engine, sampleWeights(values), { fans: layer });
    expect(of(new Array<number>(50).fill(0))).toEqual({ kind: 'constant', value: 0 });
    expect(of(Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? 0.1 : -0.1)))).toEqual({
      kind: 'signs',
      size: 0.1,
      names: [],
    });
    expect(of([1, 2, 3])).toEqual({ kind: 'untested', reason: 'too-few' });
    expect(of([...new Array<number>(50).fill(1), Number.NaN])).toEqual({
      kind: 'untested',
      reason: 'not-finite',
    });
    expect(of([])).toEqual({ kind: 'untested', reason: 'too-few' });
    expect(() => identifyLaw(engine, sampleWeights([1]), { fans: null, level: 0 })).toThrow('level');
    expect(() => identifyLaw(engine, sampleWeights([1]), { fans: null, slack: 1 })).toThrow('slack');
  });
});

describe('a sample', () => {
  it('is whole where it fits, else one of every run, the same whatever the pieces', () => {
    const values = Float32Array.from({ length: 1003 }, (_, i) => i);
    expect(sampleWeights(values).runLength).toBe(1);
    const { sorted, runLength } = sampleWeights(values, 100);
    expect(runLength).toBe(11);
    expect(sorted).toHaveLength(92);
    for (const [run, value] of sorted.entries()) expect(Math.floor(value / 11)).toBe(run);
    expect(new Set([...sorted].map((value) => value % 11)).size).toBeGreaterThan(5);
  });
});
