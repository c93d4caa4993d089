/** The rules by which results are the same: they let rounding pass and see mistakes. */
import { describe, expect, it } from 'vitest';
import { sameMean } from '../src/groups/many-inits.js';
import { normalValues } from '../src/groups/random-values.js';
import { sameUpdates } from '../src/groups/training-step.js';
import { concatenate } from '../src/peers/concatenate.js';
import { openKindling } from '../src/peers/kindling.js';

const widths = [20, 8, 8, 4];
const problem = {
  widths,
  batch: 6,
  images: normalValues(10, 6 * 20, 0.5).map(Math.abs),
  labels: Uint8Array.of(0, 1, 2, 3, 0, 1),
  weights: widths
    .slice(1)
    .map((width, j) => normalValues(j, (widths[j] ?? 0) * width, Math.sqrt(2 / (widths[j] ?? 0)))),
  biases: widths.slice(1).map((width, j) => normalValues(20 + j, width, 0.01)),
  learningRate: 0.01,
};

async function step(learningRate: number): Promise<Float32Array> {
  const work = await (await openKindling()).trainingStep?.['']?.({ ...problem, learningRate });
  if (work === undefined) throw new Error('Kindling has no training step');
  await work.run(2);
  return Float32Array.from((await work.result()) ?? []);
}

describe('sameUpdates', () => {
  const { distance, tolerance } = sameUpdates(problem);

  it('is zero for the same numbers and small for rounding', async () => {
    const updated = await step(problem.learningRate);
    expect(distance(updated, updated)).toBe(0);
    // Every other number one unit in the last place off.
    const rounded = updated.map((x, i) => (i % 2 === 0 ? x : Math.fround(x * (1 + 2 ** -23))));
    expect(distance(updated, rounded)).toBeLessThan(tolerance);
  });

  it('sees a rate that is a hundredth too large, and nothing learnt at all', async () => {
    const updated = await step(problem.learningRate);
    expect(distance(updated, await step(1.01 * problem.learningRate))).toBeGreaterThan(tolerance);
    const initial = concatenate(problem.weights.flatMap((values, j) => [values, problem.biases[j] ?? []]));
    expect(distance(updated, initial)).toBeCloseTo(1);
  });

  it('sees one wrong bias, a missing number and NaN', async () => {
    const updated = await step(problem.learningRate);
    const wrong = Float32Array.from(updated);
    wrong[updated.length - 1] = -(updated.at(-1) ?? 0);
    expect(distance(updated, wrong)).toBeGreaterThan(tolerance);
    expect(distance(updated, updated.slice(1))).toBe(Number.POSITIVE_INFINITY);
    expect(distance(updated, updated.with(3, Number.NaN))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('sameMean', () => {
  const draws = (name: number) => Array.from(normalValues(name, 100, 1));

  it('lets other draws of the same law pass, dead nets among them', () => {
    const dead = [...draws(2).slice(1), Number.NEGATIVE_INFINITY];
    expect(sameMean.distance(draws(1), dead)).toBeLessThan(sameMean.tolerance);
  });

  it('sees a law that is one standard deviation off', () => {
    const shifted = draws(2).map((x) => x + 1);
    expect(sameMean.distance(draws(1), shifted)).toBeGreaterThan(sameMean.tolerance);
  });

  it('sees NaN', () => {
    const broken = draws(2).with(0, Number.NaN);
    expect(sameMean.distance(draws(1), new Array<number>(100).fill(Number.NEGATIVE_INFINITY))).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(sameMean.distance(draws(1), broken)).toBe(Number.POSITIVE_INFINITY);
  });
});
