import { createEngine } from '@kindling/core';
import { type Figure4Summary, figure4, figure4Spec, type TrialRecord } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { architectureOf, channelsOf, imageOf } from '../src/catalog/figure-4/nets.js';
import type { Figure4Result } from '../src/catalog/figure-4/trial.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { inventRecords, runInThread } from './run-in-thread.js';

const small = { size: 8, initializers: ['he-normal', 'glorot-uniform'] } as const;

async function summaryOf(options: Parameters<typeof figure4Spec>[0]): Promise<Figure4Summary> {
  const spec = figure4Spec(options);
  return figure4.summarize(spec, await runInThread(figure4, spec));
}

describe('specs of figure 4', () => {
  it('are the recalled nets by default: a tenth as many channels as layers, 32 × 32 × 3', () => {
    const spec = figure4Spec();
    expect(spec).toMatchObject({ size: 32, depthPerChannel: 10, trials: 1000, padding: 'circular' });
    expect([1, 9, 10, 19, 100].map((depth) => channelsOf(spec, depth))).toEqual([1, 1, 1, 1, 10]);
    expect(spec.initializers).toHaveLength(8);
  });

  it('end where an image without padding does', () => {
    expect(figure4Spec({ padding: 'valid', depths: [15] }).depths).toEqual([15]);
    expect(() => figure4Spec({ padding: 'valid', depths: [16] })).toThrow(/depths.*two pixels/);
    expect(() => figure4Spec({ padding: 'valid' })).not.toThrow();
  });

  it.each([
    [{ depths: [0] }, /depths/],
    [{ trials: 0 }, /trials/],
    [{ padding: 'same' as never }, /padding/],
    [{ size: 2 }, /size/],
    [{ depthPerChannel: 0 }, /depthPerChannel/],
  ])('refuse %j', (options, message) => {
    expect(() => figure4Spec(options)).toThrow(message);
  });
});

describe('the image', () => {
  it('is one of a seed, of numbers a byte can say', () => {
    const image = imageOf({ seed: 1, size: 8 });
    expect(image).toHaveLength(192);
    expect(image).toEqual(imageOf({ seed: 1, size: 8 }));
    expect(imageOf({ seed: 2, size: 8 })).not.toEqual(image);
    for (const value of image) expect(Math.abs(value * 255 - Math.round(value * 255))).toBeLessThan(1e-4);
    expect(image.reduce((sum, value) => sum + value, 0) / 192).toBeCloseTo(0.5, 1);
  });
});

describe('lengths of convolutional nets', () => {
  // As many channels as layers: wide enough for means over nets to be told.
  const wide = { ...small, depths: [3, 6], depthPerChannel: 1, trials: 300 } as const;

  it.each(['circular', 'zero', 'valid'] as const)(
    'with %s padding are those of the recursion',
    async (padding) => {
      const { points } = await summaryOf({ ...wide, depths: [2, 3], padding, seed: 3 });
      for (const point of points) {
        expect(point.deviation).not.toBeNull();
        expect(Math.abs(point.deviation ?? Number.NaN)).toBeLessThan(4);
        // The bound is one: the sample's own error, which the means of so few layers do not hide, is below it.
        expect(point.sampleStandardError / point.predictedLength).toBeLessThan(
          1.3 * point.relativeErrorBound,
        );
      }
      const kept = points.map(({ predictedLength }) => predictedLength);
      if (padding === 'zero') expect(kept[0]).toBeLessThan(0.95);
      if (padding === 'circular') expect(kept[0]).toBeCloseTo(1, 12);
    },
  );

  it('are told layer by layer where means over nets say nothing', async () => {
    const { points } = await summaryOf({ ...small, depths: [5, 20], trials: 150, seed: 2 });
    for (const point of points) {
      expect(point.deviation).toBeNull();
      expect(point.relativeErrorBound).toBeGreaterThan(5);
      expect(Math.abs(point.meanStep?.deviation ?? Number.NaN)).toBeLessThan(4);
      expect(point.meanStep?.standardError).toBeLessThan(0.1);
      expect(point.typicalLength).toBeLessThan(0.1 * point.predictedLength);
    }
    // Single channels die, no more often than the bound says.
    const single = points.filter(({ channels }) => channels === 1);
    for (const { deadTrials, trials, deadProbabilityBound } of single) {
      expect(deadTrials).toBeGreaterThan(0);
      expect(deadTrials / trials).toBeLessThan(deadProbabilityBound);
    }
  });

  it('would be told wrong by another factor: the control', async () => {
    const spec = figure4Spec({ ...small, depths: [5, 20], trials: 150, seed: 2 });
    const records = await runInThread(figure4, spec);
    const wrong = records.map((record): TrialRecord => {
      const result = record.result as Figure4Result;
      const [sum, squares] = [1.25 * Number(result.stepSum), 1.25 ** 2 * Number(result.stepSquares)];
      return { ...record, result: { ...result, stepSum: sum, stepSquares: squares } };
    });
    const { points } = figure4.summarize(spec, wrong);
    expect(Math.max(...points.map(({ meanStep }) => Math.abs(meanStep?.deviation ?? 0)))).toBeGreaterThan(4);
  });

  it('draw the same nets in any order, and a point alone as in the whole figure', async () => {
    const spec = figure4Spec({ ...small, depths: [3, 12], trials: 5 });
    const records = await runInThread(figure4, spec);
    const reversed = await runInThread(figure4, spec, 'reversed');
    const summary = figure4.summarize(spec, records);
    expect(figure4.summarize(spec, reversed)).toEqual(summary);
    const alone = await summaryOf({ ...small, initializers: ['glorot-uniform'], depths: [12], trials: 5 });
    expect(summary.points.at(-1)).toEqual(alone.points[0]);
    expect(() => figure4.summarize(spec, records.slice(1))).toThrow(/4 records; expected 5/);
  });

  it('take no memory that they do not give back', async () => {
    const engine = createEngine();
    const before = engine.arena.usedBytes;
    const spec = figure4Spec({ ...small, depths: [3], trials: 1 });
    await figure4.runTrial({ engine, dataset: null }, spec, {
      cell: 'figure-4/he-normal/circular/size=8/per-channel=10/depth=3',
      trial: 0,
    });
    expect(engine.arena.usedBytes).toBe(before);
    expect(architectureOf(spec, { depth: 3, channels: 1 }).layers).toHaveLength(3);
  });
});

describe('the figure and the words', () => {
  const record = (length: number, logLength: number | string, steps: number): Figure4Result => ({
    length,
    logLength,
    steps,
    stepSum: steps,
    stepSquares: steps * 1.5,
  });

  it('count dead nets, and draw no mean that nobody can tell', () => {
    const spec = figure4Spec({ ...small, padding: 'zero', depths: [5, 10], trials: 4 });
    const records = inventRecords(figure4, spec, (_, trial) =>
      trial === 0 ? record(0, '-Infinity', 2) : record(0.01, Math.log(0.01), 5),
    );
    const summary = figure4.summarize(spec, records);
    const svg = svgText(figure4.figures(summary)[0] ?? expect.unreachable(), emptyDocument());
    expect(tagCounts(svg).get('svg')).toBe(1);
    expect(svg).toContain('not drawn: 4 points with a mean that so many nets do not tell');
    expect(svg).toContain('dead nets');
    expect(figure4.findings(summary).join('\n')).toContain('4 of 16 random nets were dead');
    expect(figure4.findings(summary).join('\n')).toContain('Zero padding leaks');
    expect(figure4.tables(summary)).toHaveLength(1);
  });

  it('say what the points and the strokes are', async () => {
    const words = async (options: Parameters<typeof figure4Spec>[0]) => {
      const [figure] = figure4.figures(await summaryOf({ ...small, ...options }));
      const svg = svgText(figure ?? expect.unreachable(), emptyDocument());
      return svg.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
    };
    // Of one channel no mean over a few nets is told; as many channels as layers and many nets tell one.
    const layered = await words({ depths: [10, 20], trials: 20 });
    expect(layered).toContain('points: (mean factor a layer) d ');
    expect(layered).toContain('short strokes: typical net (geometric mean)');
    const plain = await words({ depths: [3], depthPerChannel: 1, trials: 300, seed: 3 });
    expect(plain).toContain('short strokes: typical');
    expect(plain).not.toContain('mean factor');
  });

  it('survive nets that are all dead', () => {
    const spec = figure4Spec({ ...small, depths: [5], trials: 2 });
    const summary = figure4.summarize(
      spec,
      inventRecords(figure4, spec, () => ({ ...record(0, '-Infinity', 1), stepSum: 0, stepSquares: 0 })),
    );
    expect(summary.points[0]).toMatchObject({ deadTrials: 2, typicalLength: null, meanLength: null });
    for (const figure of figure4.figures(summary)) svgText(figure, emptyDocument());
    expect(figure4.findings(summary).length).toBeGreaterThan(0);
    expect(figure4.tables(summary)).toHaveLength(2);
  });
});
