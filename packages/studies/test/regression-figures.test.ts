/** The figures, tables and words of the studies of small regressions, from records that were made up. */
import {
  dataDependent,
  dataDependentSpec,
  dyingRelu,
  dyingReluSpec,
  type JsonObject,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { frame } from '../src/figures/figure-frame.js';
import { logAxis, shareAxis } from '../src/figures/value-axes.js';
import { deviationText, shareText } from '../src/report/number-text.js';
import { svgText } from '../src/report/svg-text.js';
import { emptyDocument } from './figures-document.js';
import { inventRecords } from './run-in-thread.js';
import { checkDrawings, type DrawnStudy } from './study-drawings.js';

/** With spaces at which no line is broken. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

/** Half of the runs succeed; every third has too few neurons. */
const trainabilityResult = (_: string, trial: number): JsonObject => ({
  active: trial % 3 === 0 ? 1 : 6,
  outcome: trial % 2 === 0 ? 'reached' : 'censored',
  steps: 1000 + trial,
  loss: 0.001,
});
const dyingResult = (cell: string, trial: number): JsonObject => ({
  bornDeadLayer: trial < (cell.includes('he-normal') ? 8 : cell.includes('rai') ? 2 : 0) ? 3 : null,
  deadLayer: null,
  outcome: 'censored',
  steps: 2500,
  loss: 0.2,
  variation: trial < (cell.includes('he-normal') ? 9 : 4) ? 0 : 0.8,
});
const dataDependentResult = (cell: string, trial: number): JsonObject => ({
  bornDead: cell.includes('biases') ? 12 : 0,
  deadAtEnd: 3,
  outcome: trial === 0 && cell.includes('uniform') ? 'diverged' : 'censored',
  losses:
    trial === 0 && cell.includes('uniform')
      ? [2, 'Infinity']
      : [2, 0.3, 0.04 / (1 + (trial % 5)), 0.01 / (1 + (trial % 5)), 0.001 / (1 + (trial % 5))],
});

const cases: readonly DrawnStudy[] = [
  {
    study: trainability,
    spec: trainabilitySpec({ quick: true, runs: 30 }),
    result: trainabilityResult,
    names: ['trainability-absolute', 'trainability-folded'],
  },
  {
    study: dyingRelu,
    spec: dyingReluSpec({ quick: true, runs: 10 }),
    result: dyingResult,
    names: ['dying-relu'],
  },
  {
    study: dataDependent,
    spec: dataDependentSpec({ quick: true, runs: 10, epochs: 4 }),
    result: dataDependentResult,
    names: ['data-dependent-x-sin-5x', 'data-dependent-step-sine', 'data-dependent-absolute-pair'],
  },
];

describe.each(cases.map((entry) => [entry.study.name, entry] as const))('%s', (_, entry) => {
  checkDrawings(entry);
});

describe('the points', () => {
  it('of a success rate lie where the axis says', () => {
    const spec = trainabilitySpec({ quick: true, targets: ['absolute'], runs: 30 });
    const summary = trainability.summarize(spec, inventRecords(trainability, spec, trainabilityResult));
    const [figure] = trainability.figures(summary);
    const svg = figure === undefined ? '' : svgText(figure, emptyDocument());
    const group = /<g aria-label="dot" class="series-success"[^>]*>(.*?)<\/g>/.exec(svg)?.[1] ?? '';
    const heights = [...group.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map((hit) => Number(hit[1]));
    expect(heights).toHaveLength(6);
    for (const y of heights) expect(y).toBeCloseTo((frame.top + frame.bottom) / 2, 1);
    expect(figure?.caption).toContain('30 a width');
  });

  it('of collapse and birth are there for every target and initializer', () => {
    const spec = dyingReluSpec({ quick: true, runs: 10 });
    const summary = dyingRelu.summarize(spec, inventRecords(dyingRelu, spec, dyingResult));
    const [figure] = dyingRelu.figures(summary);
    const svg = figure === undefined ? '' : svgText(figure, emptyDocument());
    for (const name of ['he-normal', 'he-normal-biases', 'rai', 'data-dependent']) {
      // Two groups of four points, and the symbol of the label.
      const groups = [...svg.matchAll(/<g aria-label="dot" class="([^"]*)"[^>]*>(.*?)<\/g>/g)];
      const own = groups.filter((group) => (group[1] ?? '').split(' ').includes(`series-${name}`));
      const marks = own.map((group) => (group[2] ?? '').match(/<(?:circle|path)/g)?.length ?? 0);
      expect(marks.sort()).toEqual([1, 4, 4]);
    }
  });
});

describe('axes', () => {
  it('place shares', () => {
    const { place, ticks } = shareAxis();
    expect([place(0), place(1)]).toEqual([frame.bottom, frame.top]);
    expect(ticks.map(({ text }) => text)).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %']);
  });

  it('place positive numbers by decades, and what is beyond at the ends', () => {
    const { place, ticks } = logAxis([0.003, 20, 0, Number.POSITIVE_INFINITY, Number.NaN]);
    expect(ticks.map(({ text }) => text)).toEqual(['10⁻³', '10⁻²', '10⁻¹', '1', '10¹', '10²']);
    expect(place(1)).toBeCloseTo(ticks[3]?.at ?? 0, 9);
    expect(place(0)).toBe(frame.bottom);
    expect(place(Number.POSITIVE_INFINITY)).toBe(frame.top);
  });

  it('have room for a single decade, and for nothing at all', () => {
    expect(logAxis([1]).ticks.map(({ text }) => text)).toEqual(['1', '10¹']);
    expect(logAxis([]).ticks).toHaveLength(2);
  });
});

describe('numbers in words', () => {
  it('say shares to a tenth of a percent, and never call certain what is not', () => {
    const texts = [0, 0.0001, 0.6944, 0.9996, 1].map(shareText);
    expect(texts).toEqual(['0 %', '< 0.1 %', '69.4 %', '> 99.9 %', '100 %'].map(unbroken));
  });

  it('say deviations with their sign', () => {
    expect([0.94, -1.26, 0.01, -0.01, Number.NEGATIVE_INFINITY].map(deviationText)).toEqual([
      '+0.9',
      '−1.3',
      '0.0',
      '0.0',
      '−∞',
    ]);
  });
});
