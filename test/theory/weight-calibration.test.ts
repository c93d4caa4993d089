/**
 * Every initializer of the catalog, 2,000 fresh tensors each: those of independent entries with a density look as such to every test, and
 * `docs/calibration.md` says what was found of all. It is renewed by `pnpm exec vitest run --project whole test/theory/weight-calibration -u`.
 */

import { createEngine, deriveKey, keyPurpose, openStream, rootKey } from '@kindling/core';
import { largestOfManyPValue, normalTwoSidedTail, testBits } from '@kindling/diagnostics';
import { type InitializerName, initializerNames } from '@kindling/initializers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Calibration, calibrate, sizes, tensors, type ZMoments } from './weight-calibration.js';

/** Not independent entries with a density, by construction, and why. */
const structured: Readonly<Partial<Record<InitializerName, string>>> = {
  'he-rademacher': 'two values',
  rademacher: 'two values',
  zeros: 'one value',
  ones: 'one value',
  constant: 'one value',
  identity: 'ones and zeros',
  orthogonal: 'rows or columns of length 1 at right angles',
  'delta-orthogonal': 'an orthogonal matrix at the kernel’s center',
  lsuv: 'orthonormal, then one factor',
  sparse: 'a tenth of the entries of a unit, the others zero',
  rai: 'one entry of each unit replaced by a positive one',
};

const engine = createEngine();
let found: readonly Calibration[] = [];

beforeAll(() => {
  found = initializerNames.map(calibrate);
}, 1_200_000);

function cell(z: ZMoments | null): string {
  return z === null ? '–' : `${z.mean.toFixed(3)}, ${z.deviation.toFixed(3)}`.replace('-', '−');
}

describe('every initializer', () => {
  it('of independent entries with a density has Z of mean 0 and deviation 1, and even p-values of its law', () => {
    const independent = found.filter(({ name }) => structured[name] === undefined);
    expect(independent.length).toBeGreaterThan(25);
    for (const { name, values, signs, lowBits, unevenness, refusal } of independent) {
      expect(refusal, name).toBeNull();
      // A law of positive numbers has one sign.
      for (const z of [values, lowBits, ...(signs === null ? [] : [signs])]) {
        expect(z?.count, name).toBe(tensors);
        expect(Math.abs(z?.mean ?? 9), `${name} mean`).toBeLessThan(4.5 / Math.sqrt(tensors));
        expect(Math.abs((z?.deviation ?? 9) ** 2 - 1), `${name} variance`).toBeLessThan(
          4.5 * Math.sqrt(2 / tensors),
        );
      }
      // 2.9 has probability 10⁻⁷.
      if (unevenness !== null) expect(unevenness, `${name} p`).toBeLessThan(2.9);
    }
  });

  it('is told with its figures in the documentation', async () => {
    const { fanIn, units } = sizes;
    const rows = found.map(({ name, refusal, values, signs, lowBits, unevenness }) => {
      const note = [structured[name], refusal === null ? undefined : `not tested: ${refusal}`];
      const told = note.filter((text) => text !== undefined).join('; ');
      const p = unevenness === null ? '–' : unevenness.toFixed(2);
      return `| \`${name}\` | ${cell(values)} | ${cell(signs)} | ${cell(lowBits)} | ${p} | ${told} |`;
    });
    const text = [
      '# Calibration of the tests of weights',
      '',
      `What the runs test and the test of Anderson and Darling say of fresh weights: ${tensors.toLocaleString('en-US')} tensors of every initializer, ${fanIn} × ${units}, the second layer of a`,
      'small net. Z of independent numbers has mean 0 and deviation 1; over so many tensors the mean is known to 0.022, the deviation to 0.016. `√n D`',
      'is the distance of the p-values of A² from the uniform law: above 1.36 in 5 %, above 1.63 in 1 % of cases where the law holds. A dash: no test of that',
      'kind, because the law is not one of those whose shares are known here, or there is nothing to split. The last column says what is no matter of',
      'chance: entries that are not independent, or no continuous numbers, by construction.',
      '',
      'This page is written by a test: `pnpm exec vitest run --project whole test/theory/weight-calibration -u`.',
      '',
      '| initializer | Z of the numbers | of the signs | of fraction bits 0–7 | √n D of A² | by construction |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
    await expect(text).toMatchFileSnapshot('../../docs/calibration.md');
  });
});

describe('the largest |Z| of 20 layers', () => {
  it('has median 2.12 and its 95 % point at 3.02, by simulation of layers, too', () => {
    const layers = 20;
    const [nets, count] = [500, 400];
    const largest: number[] = [];
    const mark = engine.arena.mark();
    const out = engine.arena.allocateFloats(count);
    const stream = openStream(engine, deriveKey(rootKey(61), keyPurpose.weights, 1));
    for (let net = 0; net < nets; net++) {
      let most = 0;
      for (let layer = 0; layer < layers; layer++) {
        engine.kernels.fill_normal(stream, count, out, 1);
        const { groups } = testBits(engine, engine.arena.floats(out, count).slice());
        most = Math.max(most, Math.abs(groups['fraction 0–7']?.z ?? Number.NaN));
      }
      largest.push(most);
    }
    engine.arena.release(mark);
    // Shares of nets beyond the published points: of 500 known to 2.2 and 1 %. Runs are whole numbers: half a step of Z is 0.05.
    const beyond = (z: number) => largest.filter((value) => value > z).length / nets;
    expect(beyond(2.119 - 0.05)).toBeGreaterThan(0.5 - 4 * 0.022);
    expect(beyond(2.119 + 0.05)).toBeLessThan(0.5 + 4 * 0.022);
    expect(beyond(3.016 - 0.05)).toBeGreaterThan(0.05 - 4 * 0.01);
    expect(beyond(3.016 + 0.05)).toBeLessThan(0.05 + 4 * 0.01);
    expect(largestOfManyPValue(normalTwoSidedTail(2.119), layers)).toBeCloseTo(0.5, 3);
  });
});
