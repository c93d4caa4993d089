import { lengthVariance, lengthVarianceSpec } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { predictVariance } from '../src/catalog/length-variance/theory.js';
import type { LengthVarianceResult } from '../src/catalog/length-variance/trial.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { inventRecords, runInThread } from './run-in-thread.js';

async function summaryOf(options: Parameters<typeof lengthVarianceSpec>[0]) {
  const spec = lengthVarianceSpec(options);
  return lengthVariance.summarize(spec, await runInThread(lengthVariance, spec));
}

describe('specs of the length-variance study', () => {
  it.each([
    [{ depths: [1] }, /depths/],
    [{ widths: [0] }, /widths/],
    [{ families: ['relu-1'] as never }, /families/],
    [{ nets: 0 }, /nets/],
    [{ residualWidth: 1.5 }, /residualWidth/],
  ])('refuse %j', (options, message) => {
    expect(() => lengthVarianceSpec(options)).toThrow(message);
  });

  it('spread nets over trials, the last one what is left', async () => {
    const spec = lengthVarianceSpec({ families: ['dense'], widths: [20], depths: [2], nets: 1001 });
    expect(lengthVariance.cells(spec).map(({ trials }) => trials)).toEqual([3]);
    const records = await runInThread(lengthVariance, spec);
    expect(records.map(({ result }) => (result as LengthVarianceResult).nets)).toEqual([500, 500, 1]);
    expect(records.map(({ result }) => (result as LengthVarianceResult).method)).toContain('exact-law');
  });
});

describe('theory', () => {
  it('has the reference values of fully connected nets', () => {
    expect(predictVariance({ family: 'dense', width: 10, depth: 5 })?.variance).toBeCloseTo(1.2, 4);
    expect(predictVariance({ family: 'dense', width: 20, depth: 10 })?.variance).toBeCloseTo(1.41566, 4);
    expect(predictVariance({ family: 'dense', width: 15, depth: 10 })?.variance).toBeCloseTo(2.81093, 4);
  });

  it('of two linear-ending modules is what can be written down', () => {
    // M_1 = 1 + 2a with a = b², M_2 = M_1 (1 + 2a²) in the mean; V̂ = (M_1 − M_2)²/4.
    const [width, base] = [20, 0.75];
    const factor = (scale: number) => 1 + 2 * scale * scale;
    const square = (scale: number) =>
      1 + (2 + 4 / width) * 2 * scale * scale + (1 + 2 / width) * 4 * scale ** 4 * (1 + 5 / width);
    const second = square(base);
    const variance = (second * (1 - 2 * factor(base * base) + square(base * base))) / 4;
    const found = predictVariance({ family: 'linear-0.75', width, depth: 2 });
    expect(found?.variance).toBeCloseTo(variance, 12);
    expect(found?.length).toBeCloseTo((factor(base) * (1 + factor(base * base))) / 2, 12);
  });

  it('is silent about ReLU modules', () => {
    expect(predictVariance({ family: 'relu-0.9', width: 20, depth: 5 })).toBeNull();
  });
});

describe('the variance of lengths across layers', () => {
  it('is that of theory where a mean is told', async () => {
    const { points } = await summaryOf({
      families: ['dense', 'linear-0.75'],
      widths: [20, 40],
      depths: [2, 5],
      nets: 3000,
      residualNets: 600,
      seed: 3,
    });
    expect(points).toHaveLength(6);
    for (const { measured, deviation } of points) {
      expect(measured).not.toBeNull();
      expect(Math.abs(deviation ?? Number.NaN)).toBeLessThan(4);
    }
  });

  it('grows in fully connected nets and does not in residual ones; far means are not told', async () => {
    const summary = await summaryOf({
      families: ['dense', 'relu-0.5', 'relu-0.75'],
      widths: [10],
      residualWidth: 10,
      depths: [5, 40],
      nets: 500,
      residualNets: 60,
    });
    const at = (family: string, depth: number) =>
      summary.points.find((point) => point.family === family && point.depth === depth);
    expect((at('dense', 40)?.predicted ?? 0) / (at('dense', 5)?.predicted ?? 1)).toBeGreaterThan(1e5);
    expect(at('dense', 40)?.measured).toBeNull();
    for (const family of ['relu-0.5', 'relu-0.75']) {
      expect((at(family, 40)?.measured ?? 9) / (at(family, 5)?.measured ?? 1)).toBeLessThan(1);
      expect(at(family, 40)?.errorFrom).toBe('sample');
    }
    const words = lengthVariance.findings(summary).join('\n');
    expect(words).toContain('grows exponentially in S');
    expect(words).toContain('It stays bounded in residual nets');
    expect(words).toContain('says nothing of E[V̂]');
    const [figure] = lengthVariance.figures(summary);
    const svg = svgText(figure ?? expect.unreachable(), emptyDocument());
    expect(tagCounts(svg).get('svg')).toBe(1);
    expect(svg).toContain('no mean drawn: ');
  });

  it('is the same in whatever order trials come', async () => {
    const spec = lengthVarianceSpec({ widths: [5], depths: [2, 3], nets: 600, residualNets: 12 });
    const summary = lengthVariance.summarize(spec, await runInThread(lengthVariance, spec));
    expect(lengthVariance.summarize(spec, await runInThread(lengthVariance, spec, 'reversed'))).toEqual(
      summary,
    );
    expect(lengthVariance.tables(summary)[0]?.rows).toHaveLength(10);
  });

  it('counts dead nets, and logs only where there is one', () => {
    const spec = lengthVarianceSpec({ families: ['dense'], widths: [5], depths: [3], nets: 500 });
    const dead: LengthVarianceResult = {
      nets: 500,
      method: 'exact-law',
      sum: 0,
      squares: 0,
      lengthSum: 0,
      lengthSquares: 0,
      products: 0,
      logSum: 0,
      logNets: 0,
      deadNets: 500,
    };
    const summary = lengthVariance.summarize(
      spec,
      inventRecords(lengthVariance, spec, () => dead),
    );
    expect(summary.points[0]).toMatchObject({ deadNets: 500, sampleValue: 0 });
    for (const figure of lengthVariance.figures(summary)) svgText(figure, emptyDocument());
  });
});
