/** Laws of whole matrices: what the catalog draws is told by name, and what is near it is not. */
import { allocateMatrix, createEngine, deriveKey, readMatrix, rootKey } from '@kindling/core';
import { identifyLaw, identifyStructure, sampleWeights } from '@kindling/diagnostics';
import { drawWeights, type LayerShape, type WeightLaw } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

const engine = createEngine();

/** fan-in × units, as the catalog's laws are drawn. */
function drawn(law: WeightLaw, shape: LayerShape, units: number, seed = 1): Float32Array {
  const mark = engine.arena.mark();
  try {
    const matrix = allocateMatrix(engine, shape.fanIn, units);
    drawWeights(engine, law, shape, deriveKey(rootKey(seed), 3), matrix);
    return readMatrix(engine, matrix).slice();
  } finally {
    engine.arena.release(mark);
  }
}

const dense = (fanIn: number, units: number): LayerShape => ({ fanIn, fanOut: units });
const heNormal: WeightLaw = { kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' };

/** units × fan-in of fan-in × units. */
function transposed(values: Float32Array, fanIn: number, units: number): Float32Array {
  return values.map((_, i) => values[(i % fanIn) * units + Math.floor(i / fanIn)] ?? 0);
}

/** Rounds to so many bits of fraction, as narrower floats do. */
function rounded(values: Float32Array, bits: number): Float32Array {
  return values.map((value) => {
    if (value === 0) return 0;
    let power = 1;
    while (power * 2 <= Math.abs(value)) power *= 2;
    while (power > Math.abs(value)) power /= 2;
    const step = power / 2 ** bits;
    return Math.round(value / step) * step;
  });
}

describe('orthogonal kernels', () => {
  it.each([
    [40, 40, 1],
    [60, 25, Math.SQRT2],
    [25, 60, 0.3],
    [300, 10, 2],
    [9, 2, 1],
  ])('of %i inputs and %i units with gain %d are told in both orders', (fanIn, units, gain) => {
    const values = drawn({ kind: 'orthogonal', gain }, dense(fanIn, units), units);
    const found = identifyStructure(engine, { values, fanIn, units, unitsFirst: false });
    expect(found?.kind).toBe('orthogonal');
    expect(found?.kind === 'orthogonal' && found.gain).toBeCloseTo(gain, 5);
    const turned = transposed(values, fanIn, units);
    expect(identifyStructure(engine, { values: turned, fanIn, units, unitsFirst: true })).toMatchObject({
      kind: 'orthogonal',
    });
  });

  it.each([
    ['half precision', 10, 2 ** -9],
    ['bfloat16', 7, 2 ** -7],
  ])('are told when they were rounded to %s', (_, bits, slack) => {
    const values = rounded(drawn({ kind: 'orthogonal', gain: 1 }, dense(50, 50), 50), bits);
    const kernel = { values, fanIn: 50, units: 50, unitsFirst: false };
    expect(identifyStructure(engine, kernel, { slack })?.kind).toBe('orthogonal');
    expect(identifyStructure(engine, kernel)).toBeNull();
  });

  it('are not what other laws draw, nor what a small step leaves', () => {
    for (const [fanIn, units] of [
      [40, 40],
      [400, 4],
      [4, 400],
      [30, 2],
    ] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const values = drawn(heNormal, dense(fanIn, units), units, seed);
        for (const slack of [2 ** -20, 2 ** -9, 2 ** -7]) {
          expect(
            identifyStructure(engine, { values, fanIn, units, unitsFirst: false }, { slack }),
          ).toBeNull();
        }
      }
    }
    const step = drawn({ kind: 'orthogonal', gain: 1 }, dense(40, 40), 40).map((w, i) =>
      i === 7 ? 1.01 * w : w,
    );
    expect(identifyStructure(engine, { values: step, fanIn: 40, units: 40, unitsFirst: false })).toBeNull();
  });

  it('look normal number by number, which is why the matrix is asked', () => {
    const values = drawn({ kind: 'orthogonal', gain: 1 }, dense(80, 80), 80);
    expect(identifyLaw(engine, sampleWeights(values), { fans: dense(80, 80) })).toMatchObject({
      shape: 'normal',
    });
  });
});

describe('kernels of convolutions', () => {
  const [channels, units] = [6, 8];
  const shape: LayerShape = { fanIn: 9 * channels, fanOut: 9 * units, kernel: [3, 3] };
  const window = [3, 3];

  it('are delta-orthogonal in HWIO and OIHW', () => {
    const values = drawn({ kind: 'delta-orthogonal', gain: 1.5 }, shape, units);
    const kernel = { values, fanIn: shape.fanIn, units, unitsFirst: false, window };
    const found = identifyStructure(engine, kernel);
    expect(found).toMatchObject({ kind: 'delta-orthogonal' });
    expect(found?.kind === 'delta-orthogonal' && found.gain).toBeCloseTo(1.5, 5);
    // OIHW: unit, channel, place.
    const oihw = new Float32Array(values.length);
    for (let unit = 0; unit < units; unit++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let place = 0; place < 9; place++) {
          oihw[(unit * channels + channel) * 9 + place] =
            values[(place * channels + channel) * units + unit] ?? 0;
        }
      }
    }
    expect(identifyStructure(engine, { ...kernel, values: oihw, unitsFirst: true })?.kind).toBe(
      'delta-orthogonal',
    );
    // The same numbers in the other order are no kernel with a center.
    expect(identifyStructure(engine, { ...kernel, values: oihw })?.kind).not.toBe('delta-orthogonal');
    const moved = values.slice();
    moved[3] = 1e-3;
    expect(identifyStructure(engine, { ...kernel, values: moved })).toBeNull();
  });

  it('are orthogonal as matrices', () => {
    const values = drawn({ kind: 'orthogonal', gain: 1 }, shape, units);
    const kernel = { values, fanIn: shape.fanIn, units, unitsFirst: false, window };
    expect(identifyStructure(engine, kernel)).toMatchObject({ kind: 'orthogonal' });
  });
});

describe('identity and sparse kernels', () => {
  it.each([
    [12, 12],
    [20, 7],
    [7, 20],
  ])('identity of %i × %i is exact', (fanIn, units) => {
    const values = drawn({ kind: 'identity', gain: 0.5 }, dense(fanIn, units), units);
    const kernel = { values, fanIn, units, unitsFirst: false };
    expect(identifyStructure(engine, kernel)).toEqual({ kind: 'identity', gain: 0.5 });
    const near = values.slice();
    near[0] = 0.5000001;
    expect(identifyStructure(engine, { ...kernel, values: near })?.kind).not.toBe('identity');
  });

  it.each([0.5, 0.9])('a share of %d zeros a unit is told with its number', (sparsity) => {
    const law: WeightLaw = { kind: 'sparse', sparsity, deviation: 0.01 };
    const values = drawn(law, dense(100, 60), 60);
    const kernel = { values, fanIn: 100, units: 60, unitsFirst: false };
    const found = identifyStructure(engine, kernel);
    expect(found).toMatchObject({ kind: 'sparse', of: 'unit', zeros: 100 * sparsity });
    const deviation = found?.kind === 'sparse' ? found.deviation : 0;
    // √(1/2n) of a deviation of n normal numbers.
    expect(Math.abs(deviation / 0.01 - 1)).toBeLessThan(4.5 * Math.sqrt(1 / (2 * 6000 * (1 - sparsity))));
    // PyTorch's sparse_ takes the zeros of every column of units × inputs.
    const turned = { values, fanIn: 60, units: 100, unitsFirst: true };
    expect(identifyStructure(engine, turned)).toMatchObject({ kind: 'sparse', of: 'input' });
    const zero = values.indexOf(0);
    const filled = values.map((value, i) => (i === zero ? 0.003 : value));
    expect(identifyStructure(engine, { ...kernel, values: filled })).toBeNull();
  });

  it('what was pruned by size is not sparse by law', () => {
    // The two smallest of every four consecutive inputs of a unit, as hardware likes it.
    const values = drawn(heNormal, dense(100, 60), 60);
    const pruned = values.map((value, i) => {
      const [input, unit] = [Math.floor(i / 60), i % 60];
      const four = [0, 1, 2, 3].map((j) =>
        Math.abs(values[(4 * Math.floor(input / 4) + j) * 60 + unit] ?? 0),
      );
      return four.filter((other) => other > Math.abs(value)).length >= 2 ? 0 : value;
    });
    expect(pruned.filter((value) => value === 0)).toHaveLength(3000);
    expect(
      identifyStructure(engine, { values: pruned, fanIn: 100, units: 60, unitsFirst: false }),
    ).toBeNull();
  });
});

describe('what is no matrix to ask', () => {
  it('has no structure', () => {
    const of = (values: ArrayLike<number>, fanIn: number, units: number) =>
      identifyStructure(engine, { values, fanIn, units, unitsFirst: false });
    expect(of(new Float32Array(9), 3, 3)).toBeNull();
    expect(of(Float32Array.of(1, 2, 3), 3, 1)).toBeNull();
    expect(of(Float32Array.of(1, 0, 0, Number.NaN), 2, 2)).toBeNull();
    expect(() => of(new Float32Array(8), 3, 3)).toThrow(/expected fan-in × units/);
  });

  it('signs are told by the size that a law has', () => {
    const values = drawn({ ...heNormal, distribution: 'rademacher' }, dense(50, 30), 30);
    const fans = dense(50, 30);
    expect(identifyLaw(engine, sampleWeights(values), { fans })).toMatchObject({ names: ['he-rademacher'] });
    const other = values.map((value) => 1.1 * value);
    expect(identifyLaw(engine, sampleWeights(other), { fans })).toMatchObject({ kind: 'signs', names: [] });
  });
});
