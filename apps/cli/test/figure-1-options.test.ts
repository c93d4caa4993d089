/** The flags of figure 1's own: defaults, what excludes what, and the line that reproduces a study. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Figure1Flags, readFigure1Flags, reproductionCommand } from '../src/options/figure-1-options.js';
import { UsageError } from '../src/usage-error.js';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kindling-options-'));
  await writeFile(join(directory, 'file'), '');
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function refusal(flags: Partial<Figure1Flags>): Promise<string> {
  const error: unknown = await readFigure1Flags({ data: 'mnist', ...flags }, directory).catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof UsageError) return error.message;
  throw new Error(`refusal: expected a UsageError, got ${String(error)}`);
}

describe('flags', () => {
  it('have defaults', async () => {
    const choices = await readFigure1Flags({ data: 'mnist' }, directory);
    expect(choices).toMatchObject({ data: 'mnist' });
    for (const name of ['depths', 'initializers', 'runs', 'trials', 'maxEpochs'] as const) {
      expect(choices[name]).toBeUndefined();
    }
  });

  it('take paths from the user’s directory', async () => {
    const choices = await readFigure1Flags({ data: '.' }, directory);
    expect(choices).toMatchObject({ data: directory });
  });

  it.each([
    [{ depths: '0' }, '--depths'],
    [{ inits: 'he' }, '--inits'],
    [{ runs: '1001' }, '--runs'],
    [{ trials: '1000000000' }, '--trials'],
    [{ maxEpochs: '0' }, '--max-epochs'],
    [{ data: 'mnits' }, '--data'],
    [{ data: 'file' }, '--data'],
    [{ data: '' }, '--data'],
    [{ runs: '0', trials: '0' }, '--trials 0 and --runs 0'],
  ] as const)('refuse %j in one line that names %s', async (flags, name) => {
    const message = await refusal(flags);
    expect(message).toContain(name);
    expect(message).not.toContain('\n');
  });

  it('name the nearest data sets', async () => {
    expect(await refusal({ data: 'mnits' })).toContain('did you mean mnist?');
    expect(await refusal({ data: 'fashion' })).toContain('did you mean fashion-mnist?');
  });

  it('do not ask for data that is not used', async () => {
    const choices = await readFigure1Flags({ data: 'nowhere', runs: '0' }, directory);
    expect(choices.runs).toBe(0);
  });
});

describe('the reproducing command', () => {
  it('says what decides the numbers, and nothing else', async () => {
    const flags = {
      data: 'embedded',
      inits: 'he-uniform,he-normal',
      depths: '20,10',
      runs: '2',
    };
    const choices = await readFigure1Flags(flags, directory);
    expect(reproductionCommand({ ...choices, quick: true, seed: 1 }, flags.data)).toBe(
      'kindling study figure-1 --quick --data embedded --seed 1 --depths 10,20 --inits he-normal,he-uniform --runs 2',
    );
  });

  it('leaves out data that is not used', async () => {
    const choices = await readFigure1Flags({ data: 'mnist', runs: '0' }, directory);
    expect(reproductionCommand({ ...choices, quick: false, seed: 7 }, 'mnist')).toBe(
      'kindling study figure-1 --seed 7 --runs 0',
    );
  });
});
