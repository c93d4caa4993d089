/** Figure 1 of Hanin & Rolnick on real MNIST, with the study's own workers: the claims of the paper, measured. */
import {
  datasetIdentity,
  type Figure1Options,
  type Figure1Summary,
  figure1,
  figure1Spec,
  memoryStore,
  runStudy,
} from '@kindling/studies';
import { workerThread } from '@kindling/studies/node';
import { loadDataset } from '@kindling/trainer/node';
import { beforeAll, describe, expect, it } from 'vitest';

// The threads run built packages: they must not inherit the test runner's condition that resolves to sources.
const spawn = workerThread(new URL('../workers/trial-worker.mjs', import.meta.url), { execArgv: [] });

async function run(options: Omit<Figure1Options, 'data'>, withData: boolean): Promise<Figure1Summary> {
  const dataset = withData
    ? (
        await loadDataset('mnist', {
          resolveFrom: [new URL('../../apps/cli/package.json', import.meta.url).href],
        })
      ).dataset
    : null;
  const spec = figure1Spec({ ...options, data: dataset === null ? null : datasetIdentity(dataset) });
  return await runStudy({ study: figure1, spec, store: memoryStore(), spawn, workers: 2, dataset });
}

describe('1a: mean length against depth, width = depth, quick settings', () => {
  let summary: Figure1Summary;
  beforeAll(async () => {
    summary = await run({ quick: true, runs: 0 }, false);
  });

  it('has every mean within 4 predicted standard errors of theory', () => {
    expect(summary.lengths).toHaveLength(8 * 6);
    for (const cell of summary.lengths) {
      expect(Math.abs(cell.deviation), `${cell.initializer} at depth ${cell.depth}`).toBeLessThan(4);
    }
  });

  it.each([
    ['he-normal', 1],
    ['he-uniform', 1],
    ['he-truncated-normal-uncorrected', 0.7737413],
    ['he-normal-2x', 2],
    ['glorot-normal', 0.5],
    ['glorot-uniform', 0.5],
    ['lecun-normal', 0.5],
    ['lecun-uniform', 0.5],
  ])('%s is predicted to grow by %d a layer', (initializer, factor) => {
    const cells = summary.lengths.filter((cell) => cell.initializer === initializer);
    expect(cells.map((cell) => cell.depth)).toEqual([5, 10, 15, 20, 25, 30]);
    for (const cell of cells) expect(cell.predictedLength / factor ** cell.depth).toBeCloseTo(1, 6);
  });

  it('has the uncorrected truncated He at depth 10 at 0.0769', () => {
    const cell = summary.lengths.find(
      (c) => c.initializer === 'he-truncated-normal-uncorrected' && c.depth === 10,
    );
    expect(cell?.predictedLength).toBeCloseTo(0.0769, 4);
    expect(Math.abs((cell?.meanLength ?? 0) - 0.0769)).toBeLessThan(4 * (cell?.predictedStandardError ?? 0));
  });
});

describe('1b: epochs to 20 % on full MNIST, SGD 0.01, batch 1024', () => {
  let summary: Figure1Summary;
  beforeAll(async () => {
    summary = await run(
      {
        depths: [10, 30],
        trials: 0,
        runs: 3,
        // Enough to see LeCun at 15 epochs or more.
        maxEpochs: 16,
        initializers: ['he-normal', 'he-truncated-normal-uncorrected', 'lecun-normal', 'he-normal-2x'],
      },
      true,
    );
  });
  const cell = (initializer: string, depth: number) => {
    const found = summary.training.find((c) => c.initializer === initializer && c.depth === depth);
    if (found === undefined) throw new Error(`no cell for ${initializer} at depth ${depth}`);
    return found;
  };
  const median = (initializer: string, depth: number) =>
    cell(initializer, depth).medianEpochs ?? Number.POSITIVE_INFINITY;

  it('at depth 30 orders He < truncated He < LeCun: He in at most 5 epochs, LeCun in at least 15', () => {
    expect(median('he-normal', 30)).toBeLessThanOrEqual(5);
    expect(median('he-normal', 30)).toBeLessThan(median('he-truncated-normal-uncorrected', 30));
    expect(median('he-truncated-normal-uncorrected', 30)).toBeLessThan(median('lecun-normal', 30));
    expect(median('lecun-normal', 30)).toBeGreaterThanOrEqual(15);
  });

  it('starts depth 30 with He no later than depth 10', () => {
    expect(median('he-normal', 30)).toBeLessThanOrEqual(median('he-normal', 10));
  });

  it('records 2× He at depth 30 as diverged', () => {
    expect(cell('he-normal-2x', 30)).toMatchObject({
      diverged: 3,
      reached: 0,
      outcomes: ['diverged', 'diverged', 'diverged'],
    });
  });
});
