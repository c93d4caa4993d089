/** Figures of weights: what is in the numbers is in the drawing, byte for byte the same each time, and nothing breaks on odd tensors. */

import { createEngine, deriveKey, keyPurpose, openStream, rootKey } from '@kindling/core';
import { fitLaws, identifyLaw, sampleWeights, weightHistogram, weightSpectrum } from '@kindling/diagnostics';
import { describe, expect, it } from 'vitest';
import { frame } from '../src/figures/figure-frame.js';
import { numberAxis } from '../src/figures/number-axis.js';
import { type Figure, histogramFigure, quantileFigure, spectrumFigure, svgText } from '../src/index.js';
import { emptyDocument, tagCounts } from './figures-document.js';

const engine = createEngine();
const [rows, columns] = [120, 60];

function normals(deviation: number): Float32Array {
  const mark = engine.arena.mark();
  const out = engine.arena.allocateFloats(rows * columns);
  const stream = openStream(engine, deriveKey(rootKey(3), keyPurpose.weights, 1));
  engine.kernels.fill_normal(stream, rows * columns, out, deviation);
  const values = engine.arena.floats(out, rows * columns).slice();
  engine.arena.release(mark);
  return values;
}

function drawn(values: Float32Array, fanIn = rows) {
  const sample = sampleWeights(values);
  return {
    name: 'weights-figure',
    tensor: 'dense/kernel',
    sorted: sample.sorted,
    size: values.length,
    law: identifyLaw(engine, sample, { fans: { fanIn, fanOut: columns } }),
    fits: fitLaws(sample),
  };
}

/** The SVG, the same twice, closed in order, with no number that is none. */
function textOf(figure: Figure | null): string {
  if (figure === null) throw new Error('no figure');
  const text = svgText(figure, emptyDocument());
  expect(svgText(figure, emptyDocument())).toBe(text);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  expect(tagCounts(text).get('svg')).toBe(1);
  for (const [, x] of text.matchAll(/<rect[^>]* x="([\d.]+)"/g)) {
    expect(Number(x)).toBeGreaterThanOrEqual(frame.left - 1);
    expect(Number(x)).toBeLessThanOrEqual(frame.right);
  }
  return text;
}

describe('figures of weights', () => {
  it('of fresh ones: a bar for every bin, the law of the initializer, points on its line', () => {
    const numbers = drawn(normals(Math.sqrt(2 / rows)));
    const histogram = textOf(histogramFigure(numbers));
    const { counts } = weightHistogram(numbers.sorted);
    const filled = counts.filter((own) => own > 0).length;
    const bars = (histogram.match(/<rect/g) ?? []).length - 1;
    expect(bars).toBeGreaterThanOrEqual(filled);
    expect(bars).toBeLessThanOrEqual(counts.length);
    expect(histogram).toContain('he-normal');
    expect(histogram).not.toContain('fitted');
    const quantiles = quantileFigure(numbers);
    expect(quantiles?.caption).toContain('he-normal');
    expect((textOf(quantiles).match(/<(path|circle)/g) ?? []).length).toBeGreaterThan(200);
  });

  it('of trained ones: the likeliest law and the normal one', () => {
    const fresh = normals(0.05);
    const trained = fresh.map((x) => x * (1 + 40 * x * x));
    const numbers = drawn(trained);
    expect(numbers.law.kind).toBe('unknown');
    const histogram = textOf(histogramFigure(numbers));
    expect(histogram).toMatch(/Student-t|generalized/);
    expect(histogram).toContain('normal, fitted');
    expect(quantileFigure(numbers)?.caption).toMatch(/Student-t|generalized normal|Laplace/);
  });

  it('of a spectrum: spikes are marked, those far away on the edge of the sheet', () => {
    const fresh = normals(0.1);
    const plain = weightSpectrum({ rows, columns, values: fresh });
    const calm = textOf(spectrumFigure({ name: 'weights-figure', tensor: 'w', spectrum: plain }));
    expect(calm).not.toContain('beyond a random');
    for (const strength of [0.004, 1]) {
      const values = fresh.map((x, i) => x + strength * (1 + Math.floor(i / columns)));
      const spectrum = weightSpectrum({ rows, columns, values });
      expect(spectrum.spikes).toHaveLength(1);
      const figure = spectrumFigure({ name: 'weights-figure', tensor: 'w', spectrum });
      expect(figure?.caption).toContain('1 beyond the 99 % point');
      expect(textOf(figure)).toContain('beyond a random');
    }
    const zeros = weightSpectrum({ rows: 4, columns: 3, values: new Float64Array(12) });
    expect(spectrumFigure({ name: 'weights-figure', tensor: 'w', spectrum: zeros })).toBeNull();
  });

  it('of constants and signs: bars, and no law to compare with', () => {
    for (const values of [
      new Float32Array(100).fill(0.5),
      Float32Array.from({ length: 100 }, (_, i) => (i % 2) - 0.5),
    ]) {
      const numbers = drawn(values);
      textOf(histogramFigure(numbers));
      expect(quantileFigure(numbers)).toBeNull();
    }
  });
});

describe('numberAxis', () => {
  it('has round ticks within its ends, of any size', () => {
    const texts = (low: number, high: number) =>
      numberAxis(low, high, [0, 100]).ticks.map(({ text }) => text);
    expect(texts(-0.31, 0.32)).toEqual(['−0.3', '−0.2', '−0.1', '0', '0.1', '0.2', '0.3']);
    expect(texts(0, 47)).toEqual(['0', '10', '20', '30', '40']);
    expect(texts(0, 8)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(texts(-3e-7, 3e-7)).toContain('1.0 × 10⁻⁷');
    expect(texts(0, 3e30).length).toBeGreaterThan(2);
    expect(texts(2, 2)).toEqual([]);
    const { place, ticks } = numberAxis(0, 10, [300, 100]);
    expect([place(0), place(10), ticks[0]?.at]).toEqual([300, 100, 300]);
  });
});
