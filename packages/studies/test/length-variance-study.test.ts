import {
  canonicalJson,
  type LengthVariancePoint,
  lengthVariance,
  lengthVarianceSpec,
} from '@kindling/studies';
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
    expect(words).toMatch(/does not grow exponentially.* for residual, ReLU modules, η = 0.5\^l/);
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

  it('says what the points say, and nothing of means that are not told', async () => {
    const summary = await summaryOf({
      families: ['dense', 'relu-0.9'],
      widths: [10, 20],
      residualWidth: 10,
      depths: [5, 40],
      nets: 500,
      residualNets: 12,
    });
    const say = (change: (point: LengthVariancePoint) => Partial<LengthVariancePoint>) => {
      const points = summary.points.map((point) => Object.assign({}, point, change(point)));
      return lengthVariance.findings({ ...summary, points }).join('\n');
    };
    const residual = ({ family }: LengthVariancePoint) => family !== 'dense';
    // Each refusal has its own nets, its own source of the error and its own place.
    const refused = say((point) => (residual(point) ? { measured: null } : {}));
    expect(refused).toMatch(
      /over 500 nets says nothing of E\[V̂\] for fully connected, 10 wide, from S = 0\.50 on and fully connected, 20 wide, from S = 2 on: its standard error, from theory/,
    );
    expect(refused).toMatch(
      /over 12 nets says nothing of E\[V̂\] for residual, ReLU modules, η = 0\.9\^l, from S = 0\.50 on: its standard error, from the sample/,
    );
    // A number that the study refuses is in no sentence.
    expect(refused.split('\n').filter((line) => line.includes('0.9^l'))).toHaveLength(1);
    const last = say((point) => (residual(point) && point.depth === 5 ? { measured: null } : {}));
    expect(last).toContain('η = 0.9^l, at S = 0.50');
    // Other data, other words: what grows is said to grow, what does not is not.
    const told = say((point) => (residual(point) ? { measured: point.depth === 5 ? 0.1 : 1e6 } : {}));
    expect(told).toMatch(/grows exponentially in S.*0\.9\^l: 0\.100 to 1\.00 × 10⁶/);
    expect(told).not.toContain('does not grow exponentially');
    const flat = say(() => ({ predicted: 0.7, measured: 0.7, typical: 0.6 }));
    expect(flat).not.toContain('grows exponentially in S');
    expect(flat).not.toContain('made by few nets');
  });

  it('typesets the layer as an exponent, whole behind a line break', async () => {
    const summary = await summaryOf({
      widths: [10],
      residualWidth: 10,
      depths: [2, 4],
      nets: 50,
      residualNets: 2,
    });
    const [svg = ''] = lengthVariance.figures(summary).map((figure) => svgText(figure, emptyDocument()));
    expect(svg).not.toContain('^');
    for (const base of ['0.5', '0.75', '0.9']) {
      expect(svg).toMatch(
        new RegExp(
          `<tspan>residual, ReLU modules,</tspan></text><text [^>]*><tspan>η = ${base}</tspan><tspan dy="-[\\d.]+" [^>]*italic">l</tspan></text>`,
        ),
      );
    }
    expect(svg).toContain('<tspan>net (geometric mean)</tspan>');
  });

  it('survives nets that are all dead', async () => {
    // Width 1 and depth 2: three of four nets die, and here both do in the first layer.
    const summary = await summaryOf({ widths: [1], depths: [2], nets: 2, residualNets: 2, seed: 4 });
    const [dense] = summary.points;
    expect(dense).toMatchObject({ family: 'dense', deadNets: 2, typical: null });
    expect(JSON.parse(canonicalJson(summary))).toEqual(summary);
    expect(lengthVariance.tables(summary)[0]?.rows[0]).toContain('–');
    for (const sentence of lengthVariance.findings(summary)) expect(sentence).not.toMatch(/NaN/);
    for (const figure of lengthVariance.figures(summary)) {
      expect(svgText(figure, emptyDocument())).not.toContain('NaN');
    }
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
    expect(summary.points[0]).toMatchObject({ deadNets: 500, sampleValue: 0, typical: null });
    for (const figure of lengthVariance.figures(summary)) svgText(figure, emptyDocument());
  });
});
