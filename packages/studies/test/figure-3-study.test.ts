import { rootKey } from '@kindling/core';
import {
  datasetIdentity,
  figure3,
  figure3Spec,
  plan,
  type TrialRecord,
  widthPatternNames,
} from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { describe, expect, it } from 'vitest';
import { type CollapseCell, measureCollapse, patternRatios } from '../src/catalog/figure-3/collapse.js';
import { patternWidths } from '../src/catalog/figure-3/patterns.js';
import { svgText } from '../src/report/svg-text.js';
import { bootstrapEstimates } from '../src/statistics/bootstrap.js';
import { isotonicFit } from '../src/statistics/isotonic.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { inventRecords, runInThread } from './run-in-thread.js';

const { dataset } = await loadDataset('embedded');
const data = datasetIdentity(dataset);

/** Uniform in [0, 1), even and reproducible. */
function weyl(): () => number {
  let state = 0.3;
  return () => {
    state = (state + 0.6180339887498949) % 1;
    return state;
  };
}

/** Epochs of all patterns by a rule, with scatter of up to ± 20 %. */
function invented(rule: (cell: { depth: number; sumReciprocalWidths: number }) => number): CollapseCell[] {
  const next = weyl();
  return figure3.cells(figure3Spec({ data, depths: [10, 20, 30, 40, 50] })).map(({ id }) => {
    const [, pattern = '', place = ''] = id.split('/');
    const depth = Number(place.slice('depth='.length));
    const sum = depth / (pattern === 'constant-20' ? 20 : 15);
    const cell = { pattern, depth, sumReciprocalWidths: sum };
    return {
      ...cell,
      epochs: Array.from({ length: 5 }, () => Math.max(1, Math.round(rule(cell) * (0.8 + 0.4 * next())))),
      outcomes: new Array<'reached'>(5).fill('reached'),
    };
  });
}

describe('width patterns', () => {
  it('share Σ 1/n in all but the last, and have as many layers as asked for', () => {
    for (const depth of [2, 10, 30]) {
      const sums = widthPatternNames.map((name) => {
        const widths = patternWidths(name, depth);
        expect(widths).toHaveLength(depth);
        return widths.reduce((sum, width) => sum + 1 / width, 0);
      });
      for (const sum of sums.slice(0, 4)) expect(sum).toBeCloseTo(depth / 15, 12);
      expect(sums[4]).toBeCloseTo(depth / 20, 12);
    }
    expect(patternWidths('10-then-30', 4)).toEqual([10, 10, 30, 30]);
    expect(patternWidths('30-then-10', 4)).toEqual([30, 30, 10, 10]);
    expect(patternWidths('alternating-30-10', 4)).toEqual([30, 10, 30, 10]);
  });
});

describe('specs of figure 3', () => {
  it('take the paper’s settings by default', () => {
    expect(figure3Spec({ data })).toMatchObject({
      patterns: widthPatternNames,
      runs: 5,
      learningRate: 0.01,
      maxEpochs: 100,
      targetAccuracy: 0.2,
    });
  });

  it.each([
    [{ depths: [10, 15] }, /depths.*even/],
    [{ depths: [] }, /depths/],
    [{ runs: 0 }, /runs/],
    [{ patterns: ['constant-25'] as never }, /patterns/],
    [{ maxEpochs: 1e9 }, /maxEpochs/],
  ])('refuse %j', (options, message) => {
    expect(() => figure3Spec({ data, ...options })).toThrow(message);
  });
});

describe('monotone fits', () => {
  it('pool what falls, weigh, and interpolate', () => {
    const fit = isotonicFit([
      { x: 1, y: 1, weight: 1 },
      { x: 2, y: 4, weight: 1 },
      { x: 3, y: 1, weight: 2 },
      { x: 4, y: 6, weight: 1 },
    ]);
    expect([0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 9].map(fit)).toEqual([1, 1, 1.5, 2, 2, 2, 4, 6, 6]);
    expect(isotonicFit([])(1)).toBeNaN();
    const joined = isotonicFit([
      { x: 1, y: 0, weight: 1 },
      { x: 1, y: 3, weight: 2 },
    ]);
    expect(joined(1)).toBe(2);
  });
});

describe('bootstrap intervals', () => {
  it('hold the mean of a normal sample as often as they say', () => {
    const next = weyl();
    const groups = Array.from({ length: 40 }, () => Array.from({ length: 5 }, () => next() - 0.5));
    const [estimate] = bootstrapEstimates(
      groups,
      (drawn) => [drawn.flat().reduce((sum, value) => sum + value, 0) / 200],
      { key: rootKey(1), resamples: 1000 },
    );
    // The interval of the mean is ± 1.96 standard errors: stretched residuals make it neither 1/√5 too short nor longer.
    const within = groups.flatMap((group) => {
      const center = group.reduce((sum, value) => sum + value, 0) / 5;
      return group.map((value) => (value - center) ** 2);
    });
    const error = Math.sqrt(within.reduce((sum, value) => sum + value, 0) / (40 * 4) / 200);
    const width = (estimate?.high ?? 0) - (estimate?.low ?? 0);
    expect(width / (2 * 1.96 * error)).toBeGreaterThan(0.9);
    expect(width / (2 * 1.96 * error)).toBeLessThan(1.1);
  });

  it('are not told of single runs', () => {
    const [estimate] = bootstrapEstimates([[1], [2]], () => [3], { key: rootKey(1), resamples: 10 });
    expect(estimate).toEqual({ value: 3, low: null, high: null });
  });
});

describe('the collapse', () => {
  it('is seen where epochs depend on the sum alone, and only there', () => {
    const bySum = measureCollapse(
      invented(({ sumReciprocalWidths: s }) => 2 + 5 * s * s),
      100,
      1,
    );
    expect(bySum?.bySum.value).toBeGreaterThan(0.95);
    expect(bySum?.advantage.low).toBeGreaterThan(0);
    const byDepth = measureCollapse(
      invented(({ depth }) => 2 + depth / 3),
      100,
      1,
    );
    expect(byDepth?.byDepth.value).toBeGreaterThan(0.9);
    expect(byDepth?.advantage.high).toBeLessThan(0);
    const chance = measureCollapse(
      invented(() => 20),
      100,
      1,
    );
    expect(chance?.bySum.value).toBeLessThan(0.3);
  });

  it('takes a run that did not make it as the cap', () => {
    const cells = invented(({ sumReciprocalWidths: s }) => 2 + 5 * s * s);
    const capped = cells.map((cell) => ({
      ...cell,
      epochs: cell.epochs.map((value) => (value !== null && value > 20 ? null : value)),
    }));
    const collapse = measureCollapse(capped, 20, 1);
    expect(collapse?.censoredShare).toBeGreaterThan(0.1);
    expect(collapse?.bySum.value).toBeGreaterThan(0.9);
  });

  it('leaves dead nets out, and says how many', () => {
    const cells = invented(({ sumReciprocalWidths: s }) => 2 + 5 * s * s);
    const dying = cells.map((cell, i) => ({
      ...cell,
      epochs: [...cell.epochs, ...(i % 3 === 0 ? [null] : [])],
      outcomes: [...cell.outcomes, ...(i % 3 === 0 ? ['never-moves' as const] : [])],
    }));
    expect(measureCollapse(dying, 100, 1)).toEqual({ ...measureCollapse(cells, 100, 1), deadRuns: 9 });
  });

  it('has nothing to say of one pattern or of equal runs', () => {
    const cells = invented(() => 4);
    expect(measureCollapse(cells.slice(0, 5), 100, 1)).toBeNull();
    expect(
      measureCollapse(
        cells.map((cell) => ({ ...cell, epochs: [4, 4] })),
        100,
        1,
      ),
    ).toBeNull();
  });

  it('tells patterns apart at equal depth', () => {
    const cells = invented(({ sumReciprocalWidths: s }) => 40 * s).map((cell) => ({
      ...cell,
      medianEpochs: 1,
    }));
    const ratios = patternRatios(cells, 'constant-15', 1000, 1);
    expect(ratios.map(({ pattern }) => pattern)).not.toContain('constant-15');
    const [same, other] = [ratios[0]?.ratio, ratios.at(-1)?.ratio];
    expect(same?.low).toBeLessThan(1);
    expect(same?.high).toBeGreaterThan(1);
    expect(other?.value).toBeCloseTo(0.75, 1);
    expect(other?.high).toBeLessThan(1);
  });
});

describe('figure 3', () => {
  const spec = figure3Spec({ data, depths: [2, 6], runs: 2, maxEpochs: 2 });

  it('finds the same in whatever order its trials come', async () => {
    const records = await runInThread(figure3, spec, 'planned', dataset);
    const reversed = await runInThread(figure3, spec, 'reversed', dataset);
    expect(records).toHaveLength(plan(figure3, spec).length);
    const summary = figure3.summarize(spec, records);
    expect(figure3.summarize(spec, reversed)).toEqual(summary);
    expect(summary.points).toHaveLength(10);
    for (const figure of figure3.figures(summary)) {
      expect(tagCounts(svgText(figure, emptyDocument())).get('svg')).toBe(1);
    }
    expect(figure3.findings(summary).length).toBeGreaterThan(1);
    expect(() => figure3.summarize(spec, records.slice(1))).toThrow(/1 records; expected 2/);
  }, 20_000);

  it('needs its data', async () => {
    await expect(runInThread(figure3, spec, 'planned')).rejects.toThrow(/figure-3: trainings need data/);
  });

  it('counts every run that did not make it, in words and on the sheet', () => {
    const records: TrialRecord[] = inventRecords(figure3, spec, (cell, trial) => ({
      outcome: cell.includes('constant-15') ? 'never-moves' : trial === 0 ? 'censored' : 'reached',
      epochs: 1,
      testAccuracy: [0.1],
      meanLoss: [],
      deadLayer: null,
    }));
    const summary = figure3.summarize(spec, records);
    expect(figure3.findings(summary).join('\n')).toContain(
      'Of 20 trainings, 8 reached the target within 2 epochs, 8 had not when the epochs ran out and 4 stopped',
    );
    const [depth] = figure3.figures(summary).map((figure) => svgText(figure, emptyDocument()));
    expect(depth).toContain('can never');
    expect(depth).toContain('not within');
  });

  it('says why there is no interval, and speaks of none then', () => {
    const said = (runs: number, epochsOf: (cell: string, trial: number) => number | null) => {
      const told = figure3Spec({ data, depths: [2, 4, 6], runs, maxEpochs: 50 });
      const records = inventRecords(figure3, told, (cell, trial) => {
        const epochs = epochsOf(cell, trial);
        return {
          outcome: epochs === null ? 'never-moves' : 'reached',
          epochs: epochs ?? 1,
          testAccuracy: [0.1],
          meanLoss: [],
          deadLayer: epochs === null ? 1 : null,
        };
      });
      return figure3.findings(figure3.summarize(told, records)).slice(0, 2).join('\n');
    };
    const depthOf = (cell: string) => Number(cell.split('=').at(-1));
    const known = said(2, (cell, trial) => depthOf(cell) + trial);
    expect(known.match(/95 % intervals/g)).toHaveLength(2);
    expect(known).not.toMatch(/tells? how sure/);
    const one = said(1, depthOf);
    expect(one).toContain('One run a point does not tell how sure that is.');
    expect(one).not.toContain('intervals');
    // Two runs a point, one of them dead at two points of one pattern.
    const dead = said(2, (cell, trial) =>
      cell.includes('constant-20') && depthOf(cell) > 2 && trial === 0 ? null : depthOf(cell) + trial,
    );
    expect(dead).toContain('No interval tells how sure that is: at 2 points a single run lives.');
    expect(dead).not.toContain('One run a point');
    expect(dead.split('\n')[0]).not.toContain('95 %');
    // Points of one dead run of two have no median: the proportions are of the others.
    expect(dead.split('\n')[1]).toContain('with 95 % intervals).');
  });
});
