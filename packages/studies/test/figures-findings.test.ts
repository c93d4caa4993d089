import { describe, expect, it } from 'vitest';
import { findings } from '../src/catalog/figure-1/findings.js';
import type { Figure1Summary } from '../src/catalog/figure-1/summary.js';
import { tables } from '../src/catalog/figure-1/tables.js';
import { theorySection } from '../src/catalog/figure-1/theory-section.js';
import { epochsText } from '../src/training/epochs-words.js';
import { fixtureSummary, lengthCell, trainingCell } from './figures-fixture.js';

function withTraining(training: Figure1Summary['training']): Figure1Summary {
  return { ...fixtureSummary({ lengthDepths: [] }), training };
}

const all = (summary: Figure1Summary) => findings(summary).join('\n');

describe('findings of the trainings', () => {
  it('say first who starts at the deepest depth, fastest first, and what became of the rest', () => {
    const none = [null, null, null];
    const [first] = findings(
      withTraining([
        trainingCell('lecun-normal', 30, [21, 22, 23], ['reached', 'reached', 'reached']),
        trainingCell('he-normal', 10, [6, 6, 6], ['reached', 'reached', 'reached']),
        trainingCell('he-normal', 30, [4, 4, 5], ['reached', 'reached', 'reached']),
        trainingCell('glorot-normal', 30, none, ['censored', 'censored', 'diverged']),
        trainingCell('he-normal-2x', 30, none, ['diverged', 'diverged', 'diverged']),
      ]),
    );
    expect(first).toBe(
      'At depth 30, the deepest trained, 20 % test accuracy takes a median of 4 epochs with He normal; 22 with LeCun normal. ' +
        'Glorot normal did not get there within 100 epochs (2 of 3 runs). 2× He normal diverged (3 of 3 runs).',
    );
  });

  it('say so when nobody starts', () => {
    const [first] = findings(withTraining([trainingCell('he-normal', 7, [null], ['never-moves'])]));
    expect(first).toBe(
      'At depth 7, no initialization reaches 20 % test accuracy. He normal could provably never move again (1 of 1 run).',
    );
  });

  it.each([
    [5, 4, 'With He normal, depth 30 starts no later than depth 10: median 4 epochs against 5.'],
    [4, 4, 'With He normal, depth 30 starts no later than depth 10: median 4 epochs against 4.'],
    [1, 6, 'With He normal, depth 30 starts later than depth 10: median 6 epochs against 1.'],
    [5, null, 'With He normal, depth 10 starts (median 5 epochs) and depth 30 does not.'],
    [null, 4, 'With He normal, depth 30 starts (median 4 epochs) and depth 10 does not.'],
  ])('compare the depths as they are: %s against %s', (shallow, deep, sentence) => {
    const cell = (depth: number, epochs: number | null) =>
      trainingCell('he-normal', depth, [epochs], [epochs === null ? 'censored' : 'reached']);
    const text = all(withTraining([cell(5, 9), cell(10, shallow), cell(30, deep)]));
    expect(text).toContain(sentence);
  });

  it('claim nothing about depth from one depth or from another initialization', () => {
    expect(all(withTraining([trainingCell('he-normal', 10, [4], ['reached'])]))).not.toMatch(/later/);
    const lecun = [10, 30].map((depth) => trainingCell('lecun-normal', depth, [4], ['reached']));
    expect(all(withTraining(lecun))).not.toMatch(/later/);
  });

  it('count every outcome', () => {
    const text = all(
      withTraining([
        trainingCell('he-normal', 5, [3, null, null], ['reached', 'never-moves', 'censored']),
        trainingCell('he-normal-2x', 5, [null, null, null], ['diverged', 'diverged', 'never-moves']),
      ]),
    );
    expect(text).toContain(
      'Of 6 trainings, 1 reached the target within 100 epochs, 1 had not when the epochs ran out, 2 diverged and 2 stopped because they could provably never move again.',
    );
  });
});

describe('findings of the lengths', () => {
  it('name what keeps, vanishes and explodes with factors measured and predicted', () => {
    const text = all(fixtureSummary({ trainingDepths: [] }));
    expect(text).toMatch(
      /stays the same with He normal and He uniform \(factor a layer 1 in theory, [01]\.\d{3}/,
    );
    expect(text).toMatch(
      /vanishes exponentially with He truncated at 2σ, variance not restored \(factor a layer 0\.774/,
    );
    expect(text).toMatch(
      /Glorot normal, Glorot uniform, LeCun normal and LeCun uniform \(factor a layer 0\.5 in theory/,
    );
    expect(text).toMatch(
      /explodes exponentially with 2× He normal \(factor a layer 2 in theory, [12]\.\d{3}/,
    );
    expect(text).not.toMatch(/training|epoch/);
  });

  it('count means near theory and name the farthest', () => {
    const lengths = [0.5, -2.5, 1].map((wobble, i) => ({
      ...lengthCell('he-normal', 10 * (i + 1), 1000, 0),
      deviation: wobble,
    }));
    const text = all({ ...fixtureSummary({ trainingDepths: [] }), lengths });
    expect(text).toContain(
      '2 of 3 means lie within 2 predicted standard errors; the farthest is 2.5 away (He normal, depth 20).',
    );
  });

  it('mention dead nets when there are any, and only then', () => {
    const cell = lengthCell('he-normal', 10, 1000, 0);
    const summary = fixtureSummary({ trainingDepths: [] });
    expect(all({ ...summary, lengths: [{ ...cell, deadTrials: 12 }] })).toContain(
      '12 of 1,000 random nets were dead',
    );
    expect(all({ ...summary, lengths: [{ ...cell, deadTrials: 0 }] })).not.toContain('dead');
  });

  it('say nothing about nothing, and print no broken number', () => {
    expect(findings(fixtureSummary({ lengthDepths: [], trainingDepths: [] }))).toEqual([]);
    const cell = {
      ...lengthCell('he-normal', 10, 10, 0),
      meanLength: 0,
      deviation: 'NaN' as unknown as number,
    };
    const text = all({ ...fixtureSummary({ trainingDepths: [] }), lengths: [cell] });
    expect(text).not.toMatch(/undefined|null|\[object/);
    expect(text).not.toContain('predicted standard errors');
  });
});

describe('tables', () => {
  it.each([
    [[4, 4, 5], ['reached', 'reached', 'reached'], '4'],
    [[4, 5, null], ['reached', 'reached', 'diverged'], '5 (1 diverged)'],
    [[null, null, null], ['censored', 'censored', 'censored'], '>100'],
    [[9, null, null], ['reached', 'censored', 'censored'], '>100 (1 reached)'],
    [[null, null, null], ['diverged', 'never-moves', 'diverged'], 'diverged (1 never moves)'],
    [[null, null], ['never-moves', 'never-moves'], 'never moves'],
  ] as const)('print epochs %j, %j as %s', (epochs, outcomes, text) => {
    expect(epochsText(trainingCell('he-normal', 10, epochs, outcomes), 100)).toBe(text);
  });

  it('have one row a cell of lengths, with theory and deviation', () => {
    const lengths = [
      { ...lengthCell('glorot-normal', 20, 1000, 0), meanLength: 1.234e-6, deviation: -1.26, deadTrials: 2 },
    ];
    const [table] = tables({ ...fixtureSummary({ trainingDepths: [] }), lengths });
    expect(table?.rows).toEqual([
      ['Glorot normal', '20', '1,000', '1.23 × 10⁻⁶', '2.8 × 10⁻⁷', '9.54 × 10⁻⁷', '−1.3', '2'],
    ]);
  });

  it('are rectangular, and leave a dash where a depth was not trained', () => {
    const summary = withTraining([
      trainingCell('he-normal', 10, [4], ['reached']),
      trainingCell('lecun-normal', 20, [9], ['reached']),
    ]);
    for (const table of [
      ...tables(summary),
      ...tables(fixtureSummary()),
      ...theorySection(fixtureSummary()).tables,
    ]) {
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
    }
    expect(tables(summary)[0]?.rows).toEqual([
      ['He normal', '4', '–'],
      ['LeCun normal', '–', '9'],
    ]);
    expect(tables(fixtureSummary({ lengthDepths: [], trainingDepths: [] }))).toEqual([]);
  });
});

describe('the theory section', () => {
  it('gives every initializer its factor a layer', () => {
    const [table] = theorySection(fixtureSummary()).tables;
    expect(table?.rows.map((row) => [row[0], row[1]])).toEqual([
      ['He normal', '1'],
      ['He uniform', '1'],
      ['He truncated at 2σ, variance not restored', '0.773741'],
      ['2× He normal', '2'],
      ['Glorot normal', '0.5'],
      ['Glorot uniform', '0.5'],
      ['LeCun normal', '0.5'],
      ['LeCun uniform', '0.5'],
    ]);
    expect(theorySection(fixtureSummary({ lengthDepths: [] })).tables).toEqual([]);
  });
});
