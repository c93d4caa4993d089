import { InvalidArgumentError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { chunkTrials, plan, trialName } from '../src/plan.js';
import type { Cell } from '../src/study.js';
import { fakeSpec, fakeStudy } from './fake-study.js';

const planOf = (cells: readonly Cell[]) => plan({ ...fakeStudy(), cells: () => cells }, fakeSpec);
const seconds = (cost: number) => cost / 30e9;

const mixed: readonly Cell[] = [
  { id: 'tiny', trials: 3000, cost: 1500 },
  { id: 'short', trials: 500, cost: 6e7 },
  { id: 'long', trials: 2, cost: 1.5e10 },
  { id: 'longest', trials: 3, cost: 7.5e10 },
  { id: 'none', trials: 0, cost: 1.5e10 },
  { id: 'late', trials: 40, cost: 1.5e8 },
];

describe('plan', () => {
  it('numbers the trials of each cell in the order of the study', () => {
    expect(
      planOf([
        { id: 'b', trials: 2, cost: 1 },
        { id: 'a', trials: 1, cost: 1 },
      ]).map(trialName),
    ).toEqual(['b#0', 'b#1', 'a#0']);
  });

  it('refuses two cells of one id and broken counts', () => {
    const cell = { id: 'x', trials: 1, cost: 1 };
    expect(() => planOf([cell, cell])).toThrow(InvalidArgumentError);
    for (const trials of [-1, 0.5, Number.NaN]) {
      expect(() => planOf([{ ...cell, trials }])).toThrow(/"x" has .* trials/);
    }
  });
});

describe('chunkTrials', () => {
  it('hands out every trial once, each chunk from one cell, with its cost', () => {
    const keys = planOf(mixed);
    for (const workers of [1, 2, 7, 1000]) {
      const chunks = chunkTrials(mixed, keys, workers);
      expect(chunks.flatMap((chunk) => chunk.keys.map(trialName)).sort()).toEqual(keys.map(trialName).sort());
      for (const chunk of chunks) {
        const [id, ...others] = new Set(chunk.keys.map((key) => key.cell));
        expect(others).toEqual([]);
        expect(chunk.cost).toBe(
          chunk.keys.length * (mixed.find((cell) => cell.id === id)?.cost ?? Number.NaN),
        );
      }
    }
  });

  it('keeps chunks within 200 ms, long trials alone, and short ones near 5 ms where there are enough', () => {
    for (const workers of [1, 2, 1000]) {
      for (const { keys, cost } of chunkTrials(mixed, planOf(mixed), workers)) {
        if (keys.length > 1) expect(seconds(cost)).toBeLessThanOrEqual(0.2);
        if (seconds(cost / keys.length) > 0.2) expect(keys).toHaveLength(1);
        if (keys[0]?.cell === 'short') expect(seconds(cost)).toBeGreaterThanOrEqual(0.004);
      }
    }
  });

  it('shows every short cell first, then the long trials dearest first, and ends with cheap work', () => {
    const chunks = chunkTrials(mixed, planOf(mixed), 2);
    const cells = chunks.map((chunk) => chunk.keys[0]?.cell);
    expect(cells.slice(0, 8)).toEqual([
      'tiny',
      'short',
      'late',
      'longest',
      'longest',
      'longest',
      'long',
      'long',
    ]);
    const rest = chunks.slice(8).map((chunk) => chunk.cost);
    expect(rest.length).toBeGreaterThan(2);
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
  });

  it('takes cells without cost', () => {
    const free = [{ id: 'free', trials: 50_000, cost: 0 }];
    const chunks = chunkTrials(free, planOf(free), 1);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.every((chunk) => chunk.cost === 0)).toBe(true);
  });

  it('takes hundreds of thousands of trials, long and short ones', () => {
    for (const cost of [1.5e10, 1500]) {
      const many = [{ id: 'many', trials: 200_000, cost }];
      const chunks = chunkTrials(many, planOf(many), 2);
      expect(chunks.reduce((sum, chunk) => sum + chunk.keys.length, 0)).toBe(200_000);
      if (cost === 1.5e10) expect(chunks).toHaveLength(200_000);
    }
  });

  it('makes nothing of nothing, and refuses a key of no cell', () => {
    expect(chunkTrials(mixed, [], 2)).toEqual([]);
    expect(() => chunkTrials(mixed, [{ cell: 'other', trial: 0 }], 2)).toThrow(InvalidArgumentError);
  });
});
