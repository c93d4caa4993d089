/** Figure 2: its spec, pure trials, and the lengths of residual nets against theory. */
import { InvalidArgumentError, mean, sampleVariance } from '@kindling/core';
import { predictResidualLengths } from '@kindling/diagnostics';
import {
  canonicalJson,
  datasetIdentity,
  type Figure2Spec,
  type Figure2Summary,
  figure2,
  figure2Spec,
  findStudy,
  hashSpec,
  type JsonObject,
  parseFigure2Spec,
  type TrialProgress,
} from '@kindling/studies';
import { loadDataset } from '@kindling/trainer/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { predictedNet } from '../src/catalog/figure-2/nets.js';
import { predictedCurve, predictedRelativeError, scalesOf } from '../src/catalog/figure-2/theory.js';
import { exponentialText } from '../src/report/number-text.js';
import { readNumber } from '../src/report/read-number.js';
import { inventRecords, runInThread } from './run-in-thread.js';

const { dataset } = await loadDataset('embedded');
const data = datasetIdentity(dataset);

describe('its spec', () => {
  it('is the paper’s by default: modules of one ReLU layer of width 5, four bases, 100 trainings a point', () => {
    expect(figure2Spec({ data })).toMatchObject({
      module: 'relu',
      width: 5,
      bases: [1, 0.9, 0.75, 0.5],
      lengths: { trials: 1000 },
      training: { runs: 100, learningRate: 0.01, maxEpochs: 100, targetAccuracy: 0.2 },
    });
    const mnist = { ...data, digest: 'a'.repeat(64), trainCount: 60_000 };
    expect(figure2Spec({ data: mnist }).training?.batchSize).toBe(1024);
  });

  it('takes what a person says, and survives JSON', () => {
    const spec = figure2Spec({
      data: null,
      runs: 0,
      module: 'linear',
      bases: [0.8],
      depths: [1000],
      seed: 9,
    });
    expect(spec).toMatchObject({ module: 'linear', training: null, lengths: { depths: [1000] } });
    const again = parseFigure2Spec(JSON.parse(JSON.stringify(spec)));
    expect(hashSpec(again)).toBe(hashSpec(spec));
    expect(findStudy('figure-2').parseSpec(again)).toEqual(spec);
  });

  it.each([
    [{ seed: -1 }, 'seed'],
    [{ version: 2 }, 'version'],
    [{ module: 'dense' }, 'module'],
    [{ width: 0 }, 'width'],
    [{ bases: [] }, 'bases'],
    [{ bases: [0.5, 0.5] }, 'bases'],
    [{ bases: [0] }, 'bases.0'],
    [{ bases: [1.1] }, 'bases.0'],
    [{ lengths: { depths: [0], trials: 1 } }, 'lengths.depths.0'],
    [{ lengths: { depths: [1], trials: 0 } }, 'lengths.trials'],
    [{ workers: 3 }, 'the spec'],
  ])('refuses %j, naming the field', (change, field) => {
    const action = () => parseFigure2Spec({ ...figure2Spec({ data }), ...change });
    expect(action).toThrow(InvalidArgumentError);
    expect(action).toThrow(`figure-2: ${field}: `);
  });

  it('refuses to leave out both parts, and trainings without data', () => {
    expect(() => figure2Spec({ data: null, runs: 0, trials: 0 })).toThrow(/both parts are left out/);
    expect(() => figure2Spec({ data: null })).toThrow(/expected data for part 2b/);
  });
});

describe('its trials', () => {
  const spec = figure2Spec({ data, bases: [1, 0.5], depths: [2, 4], trials: 6, runs: 2, maxEpochs: 2 });

  it('are pure: any order gives the same records and summary', async () => {
    const planned = await runInThread(figure2, spec, 'planned', dataset);
    const reversed = await runInThread(figure2, spec, 'reversed', dataset);
    const lines = (records: typeof planned) => records.map((record) => canonicalJson({ ...record })).sort();
    expect(lines(reversed)).toEqual(lines(planned));
    expect(figure2.summarize(spec, reversed)).toEqual(figure2.summarize(spec, planned));
  });

  it('draw the same nets at a point alone', async () => {
    const alone = figure2Spec({ data: null, bases: [0.5], depths: [4], trials: 6, runs: 0 });
    const results = async (one: Figure2Spec) =>
      (await runInThread(figure2, one, 'planned', one.training === null ? null : dataset))
        .filter(({ cell }) => cell === 'lengths/relu-5/b=0.5/modules=4')
        .map(({ result }) => result);
    expect(await results(alone)).toEqual(await results(spec));
    expect(await results({ ...alone, seed: 2 })).not.toEqual(await results(spec));
  });

  it('tell of every epoch, and record what diverges as a result that JSON can hold', async () => {
    const wild = figure2Spec({ data, bases: [1], depths: [60], trials: 0, runs: 1, maxEpochs: 2 });
    const heard: TrialProgress[] = [];
    const [record] = await runInThread(figure2, wild, 'planned', dataset, (progress) => heard.push(progress));
    expect(record?.result['outcome']).toBe('diverged');
    expect(() => canonicalJson({ ...record?.result })).not.toThrow();
    expect(heard[0]).toMatchObject({ cell: 'training/relu-5/b=1/modules=60', values: { epoch: 0 } });
  });

  it('are refused for a cell of another spec, and trainings without data', async () => {
    await expect(
      runInThread(
        { ...figure2, cells: () => [{ id: 'lengths/relu-5/b=1/modules=7', trials: 1, cost: 1 }] },
        spec,
      ),
    ).rejects.toThrow(/no cell is called/);
    await expect(
      runInThread(figure2, figure2Spec({ data, trials: 0, runs: 1, depths: [2] })),
    ).rejects.toThrow(/trainings need data/);
  });
});

/**
 * log(‖x + W₂ ReLU(W₁x)‖²/‖x‖²) for He weights of width 5, in plain f64: W₁x is √(2/5) ‖x‖ z and W₂h is √(2/5) ‖h‖ g, z and g standard
 * normal, and the direction of x does not matter.
 */
function logFactors(count: number): readonly number[] {
  let state = 12_345;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => {
    let square = 0;
    for (let i = 0; i < 5; i += 1) square += (2 / 5) * Math.max(0, normal()) ** 2;
    let length = 0;
    for (let i = 0; i < 5; i += 1)
      length += ((i === 0 ? 1 : 0) + Math.sqrt((2 / 5) * square) * normal()) ** 2;
    return Math.log(length);
  });
}

/** Beyond this many standard errors chance does not go: one in 10^5 a mean for a normal law, with room for a dozen means. */
const chance = 4.4;

describe('lengths', () => {
  const bases = [1, 0.5];
  const measure = async (module: 'relu' | 'linear', depths: readonly number[]) => {
    const spec = figure2Spec({ data: null, runs: 0, module, bases, depths, trials: 150, seed: 3 });
    return figure2.summarize(spec, await runInThread(figure2, spec));
  };
  let relu: Figure2Summary;
  let linear: Figure2Summary;
  beforeAll(async () => {
    relu = await measure('relu', [1, 3, 6]);
    linear = await measure('linear', [1, 3, 6]);
  });

  it('behind linear-ending modules are theory’s within predicted standard errors', () => {
    const trusted = linear.lengths.filter(({ heavyTailed }) => !heavyTailed);
    expect(trusted.length).toBeGreaterThanOrEqual(4);
    for (const { base, modules, predictedLogMean, deviation } of trusted) {
      expect(Math.abs(readNumber(deviation))).toBeLessThan(chance);
      // Π (1 + 2η²), in plain arithmetic.
      let product = 1;
      for (let l = 1; l <= modules; l += 1) product *= 1 + 2 * base ** (2 * l);
      expect(Math.exp(predictedLogMean ?? Number.NaN)).toBeCloseTo(product, 6);
    }
  });

  it('behind ReLU modules lie within the proved bounds, and are exact behind the first', () => {
    for (const { modules, heavyTailed, deviation, predictedLogMean, base } of relu.lengths) {
      if (!heavyTailed) expect(Math.abs(readNumber(deviation))).toBeLessThan(chance);
      if (modules === 1) expect(Math.exp(predictedLogMean ?? Number.NaN)).toBeCloseTo(1 + base * base, 9);
      else expect(predictedLogMean).toBeNull();
    }
  });

  it('would be seen to be wrong: the bounds of one kind of module do not hold the other’s lengths', () => {
    const wrong = linear.lengths.flatMap((cell, i) => {
      const bounds = relu.lengths[i];
      if (bounds === undefined || cell.heavyTailed || cell.modules < 3) return [];
      return [(Math.exp(cell.logMean - bounds.logLower) - 1) / cell.relativeError];
    });
    expect(Math.max(...wrong.map(Math.abs))).toBeGreaterThan(chance);
  });

  it('level off below b = 1 and grow exponentially at 1, as theory says', () => {
    const growth = (base: number) => {
      const row = relu.growth.find((one) => one.base === base);
      if (row === undefined) throw new Error('no row');
      return row;
    };
    const one = growth(1);
    expect(one.limit).toBeNull();
    expect(one.slope).toBeGreaterThan(0.9);
    expect(Math.abs(one.slope - one.predictedSlope)).toBeLessThan(chance * one.slopeError);
    const half = growth(0.5);
    expect(half.predictedSlope).toBeLessThan(0.06);
    expect(Math.abs(half.slope - half.predictedSlope)).toBeLessThan(chance * half.slopeError);
    expect(half.limit?.lower).toBeLessThanOrEqual(half.limit?.estimate ?? 0);
    expect(Math.exp(half.limit?.estimate ?? 0)).toBeCloseTo(1.67, 1);
  });

  it('of a thousand modules are right beyond the range of doubles', async () => {
    const spec = figure2Spec({
      data: null,
      runs: 0,
      module: 'linear',
      bases: [1],
      depths: [1000],
      trials: 12,
    });
    const summary = figure2.summarize(spec, await runInThread(figure2, spec));
    const [cell] = summary.lengths;
    expect(figure2.findings(summary)[0]).toMatch(
      /do not give a mean that can be trusted; in theory .* 1\.0986 a module/,
    );
    expect(cell?.predictedLogMean).toBeCloseTo(1000 * Math.log(3), 6);
    expect(cell?.heavyTailed).toBe(true);
    // The thousand factors are independent and alike, so a net's logarithm is a sum of such as these.
    const draws = logFactors(20_000);
    const variance = sampleVariance(draws);
    const error = Math.sqrt(variance / draws.length + variance / 12_000);
    expect(Math.abs((cell?.meanLog ?? 0) / 1000 - mean(draws))).toBeLessThan(chance * error);
    expect(Math.abs(Math.log(3) - mean(draws))).toBeGreaterThan(chance * error);
    expect(exponentialText(1000 * Math.log(3))).toBe('1.32 × 10⁴⁷⁷');
  });
});

describe('its summary', () => {
  const spec = figure2Spec({ data, quick: true, bases: [1, 0.5], depths: [2, 4], trials: 3, runs: 3 });
  const result = (cell: string, trial: number): JsonObject =>
    cell.startsWith('lengths/')
      ? { logLength: trial === 0 ? '-Infinity' : Math.log(3) }
      : {
          outcome: trial === 0 ? 'diverged' : 'reached',
          epochs: trial,
          testAccuracy: [0.1, 0.3],
          meanLoss: [2],
          deadLayer: null,
        };

  it('counts dead nets as zeros and failed runs as longer than the others', () => {
    const summary = figure2.summarize(spec, inventRecords(figure2, spec, result));
    expect(Math.exp(summary.lengths[0]?.logMean ?? 0)).toBeCloseTo(2, 12);
    expect(summary.lengths[0]).toMatchObject({ trials: 3, deadTrials: 1, meanLog: Math.log(3) });
    expect(summary.training[0]).toMatchObject({ runs: 3, reached: 2, diverged: 1, medianEpochs: 2 });
  });

  it('refuses missing records', () => {
    const records = inventRecords(figure2, spec, result).slice(1);
    expect(() => figure2.summarize(spec, records)).toThrow(/modules=2 has 2 records; expected 3/);
  });
});

it('errors of linear-ending modules are exact: of the second moment itself, however long the lengths', () => {
  const spec = figure2Spec({ data: null, module: 'linear', runs: 0, depths: [1, 900], bases: [1, 0.75] });
  for (const base of spec.bases) {
    const exact = predictResidualLengths(predictedNet(spec, scalesOf(base, 900)));
    const curve = predictedCurve(spec, base, 900);
    for (const modules of [1, 30, 900]) {
      const r = exact[modules - 1]?.relativeSecondMoment ?? expect.unreachable();
      const found = predictedRelativeError(curve[modules] ?? expect.unreachable(), 7);
      // To the bit: a difference of two logarithms of lengths would lose digits with every module.
      expect(found).toBe(Math.sqrt((r - 1) / 7));
    }
  }
  const relu = predictedCurve(figure2Spec({ data: null, runs: 0 }), 0.9, 3);
  expect(predictedRelativeError(relu[3] ?? expect.unreachable(), 7)).toBeNull();
});
