/** The figures, tables and words of the studies of residual and convolutional nets, from records that were made up. */
import {
  convTraining,
  convTrainingSpec,
  type DatasetIdentity,
  figure2,
  figure2Spec,
  type JsonObject,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { frame } from '../src/figures/figure-frame.js';
import { decadeAxis } from '../src/figures/value-axes.js';
import { exponentialText } from '../src/report/number-text.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument } from './figures-document.js';
import { inventRecords } from './run-in-thread.js';
import { checkDrawings, type DrawnStudy } from './study-drawings.js';

const data: DatasetIdentity = {
  name: 'mnist',
  digest: 'a'.repeat(64),
  trainCount: 6000,
  testCount: 1000,
  features: 784,
  classes: 10,
};

/** Runs that reach, run out of epochs, diverge and die, in turn. */
const training = (trial: number): JsonObject => ({
  ...[
    { outcome: 'reached', epochs: 2, testAccuracy: [0.1, 0.3, 0.7], deadLayer: null },
    { outcome: 'censored', epochs: 3, testAccuracy: [0.1, 0.1, 0.1, 0.15], deadLayer: null },
    { outcome: 'diverged', epochs: 1, testAccuracy: [0.1, 0.1], deadLayer: null },
    { outcome: 'never-moves', epochs: 0, testAccuracy: [0.1], deadLayer: 1 },
  ][trial % 4],
  meanLoss: [2.3],
});

/** Beyond f64 for b = 1, one dead net a point. */
const figure2Result = (cell: string, trial: number): JsonObject => {
  if (cell.startsWith('training/')) return training(trial);
  const modules = Number(cell.split('=').at(-1));
  if (trial === 0) return { logLength: '-Infinity' };
  return { logLength: (cell.includes('b=1/') ? modules : 1) + 0.1 * (trial % 3) };
};

const convResult = (cell: string, trial: number): JsonObject => ({
  ...training(trial),
  logLength: trial === 0 ? '-Infinity' : cell.includes('lecun') ? -30 : trial,
});

const cases: readonly DrawnStudy[] = [
  {
    study: figure2,
    spec: figure2Spec({ quick: true, data, depths: [1, 5, 1000], trials: 6, runs: 6 }),
    result: figure2Result,
    names: ['figure-2a', 'figure-2a-bounded', 'figure-2b'],
  },
  {
    study: figure2,
    spec: figure2Spec({ data: null, module: 'linear', bases: [0.9], depths: [10], trials: 6, runs: 0 }),
    result: figure2Result,
    names: ['figure-2a'],
  },
  {
    study: convTraining,
    spec: convTrainingSpec({ quick: true, data, runs: 4 }),
    result: convResult,
    names: ['conv-training-start', 'conv-training-target', 'conv-training-lengths'],
  },
];

describe.each(cases.map((entry, i) => [entry.study.name, i, entry] as const))('%s (%d)', (_, __, entry) => {
  checkDrawings(entry);
});

describe('figure 2a', () => {
  it('draws a point a base and number of modules, hollow where lengths are heavy-tailed', () => {
    const spec = figure2Spec({ data: null, bases: [1], depths: [1, 2, 4], trials: 60, runs: 0 });
    const wide = (cell: string, trial: number): JsonObject => ({
      logLength: cell.endsWith('=4') ? 3 * (trial % 3) : 1,
    });
    const [figure] = figure2.figures(figure2.summarize(spec, inventRecords(figure2, spec, wide)));
    const svg = figure === undefined ? '' : svgText(figure, emptyDocument());
    const points = (className: string) => {
      const groups = [...svg.matchAll(/<g aria-label="dot" class="([^"]*)"[^>]*>(.*?)<\/g>/g)];
      const own = groups.filter((group) => group[1] === className);
      return own.flatMap((group) => group[2]?.match(/<(?:circle|path)/g) ?? []).length;
    };
    // Two points and the symbol of the label; one whose logarithms scatter by decades.
    expect([points('base-1'), points('base-1 hollow')]).toEqual([3, 1]);
    expect(figure?.caption).toContain('Hollow, without bars: 1 point');
    expect(figure?.caption).toContain('60 random nets a point');
    expect(figure?.caption).toContain('No net was dead.');
  });
});

describe('an axis of logarithms', () => {
  it('places numbers beyond f64', () => {
    const { place, ticks } = decadeAxis([0, 477.1, Number.NEGATIVE_INFINITY]);
    expect(place(0)).toBe(frame.bottom);
    expect(place(478)).toBe(frame.top);
    expect(place(Number.NEGATIVE_INFINITY)).toBe(frame.bottom);
    expect(ticks[1]?.text).toBe('10⁵⁴');
  });

  it('has their words', () => {
    expect([0, 1000, -1000, Number.NEGATIVE_INFINITY, Number.NaN].map((log) => exponentialText(log))).toEqual(
      ['1', '1.97 × 10⁴³⁴', '5.08 × 10⁻⁴³⁵', '0', 'NaN'],
    );
  });
});
