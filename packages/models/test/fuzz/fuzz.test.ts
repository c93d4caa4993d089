/** The fuzzer's short run, over every format; `pnpm --filter @kindling/models fuzz 10000` is the long one. */
import { ModelFormatError } from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { readAll, runFuzz } from './run-fuzz.mjs';
import { fuzzSeeds } from './seeds.mjs';

const cases = 200;
const seeds = await fuzzSeeds();

describe.each(seeds.map((seed) => [seed.name, seed] as const))('mutated files of %s', (_, seed) => {
  it('give a model or a typed error, in bounded time and memory', async () => {
    const { failures, models, errors, grown } = await runFuzz(seed, cases);
    expect(failures).toEqual([]);
    expect(models + Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(cases);
    // Mutations that break nothing, or everything, would test nothing.
    expect(models).toBeGreaterThan(0);
    expect(errors['ModelFormatError'] ?? 0).toBeGreaterThan(cases / 10);
    expect(grown).toBeLessThan(300);
  });

  it('and the one they are made of is sound', () => readAll(seed.files));
});

describe('the fuzzer', () => {
  const seed = { name: 'control', files: { a: Uint8Array.of(1, 2, 3) } };

  it('sees errors that are not typed', async () => {
    const read = async () => {
      throw new TypeError('read: undefined is not an object, somewhere');
    };
    const { failures } = await runFuzz(seed, 3, { read });
    expect(failures).toHaveLength(3);
  });

  it('sees typed errors that do not say what was expected', async () => {
    const read = async () => {
      throw new ModelFormatError('openModel: a is broken, so — no; got b');
    };
    expect((await runFuzz(seed, 2, { read })).failures).toHaveLength(2);
  });

  it('sees what takes too long', async () => {
    const read = async () => {
      const started = process.cpuUsage();
      for (let spent = 0; spent < 20_000; ) {
        const { user, system } = process.cpuUsage(started);
        spent = user + system;
      }
    };
    const { failures } = await runFuzz(seed, 1, { read, mostMilliseconds: 10 });
    expect(failures.join()).toMatch(/took \d+/);
  });
});
