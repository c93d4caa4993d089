/** The flags every study has, and those that a study describes as data. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameFlag, namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../src/options/study-flag.js';
import { readStudyFlags, reproductionLine, type StudyFlags } from '../src/options/study-options.js';
import { UsageError } from '../src/usage-error.js';

const directory = resolve('somewhere');

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('refusal: expected a UsageError, got none');
}

describe('flags of every study', () => {
  it('have defaults', () => {
    const choices = readStudyFlags({}, directory);
    expect(choices).toMatchObject({ quick: false, seed: 1, json: false, out: undefined });
    expect(choices.workers).toBeGreaterThanOrEqual(1);
  });

  it('take paths from the user’s directory', () => {
    expect(readStudyFlags({ out: 'a/b' }, directory).out).toBe(join(directory, 'a/b'));
  });

  it.each([
    [{ workers: '0' }, '--workers'],
    [{ workers: '257' }, '--workers'],
    [{ seed: '-1' }, '--seed'],
    [{ seed: '9007199254740992' }, '--seed'],
    [{ out: '--json' }, '--out'],
    [{ out: '' }, '--out'],
  ] as const satisfies readonly (readonly [StudyFlags, string])[])(
    'refuse %j in one line that names %s',
    (flags, name) => {
      const message = refusal(() => readStudyFlags(flags, directory));
      expect(message).toContain(name);
      expect(message).not.toContain('\n');
    },
  );
});

describe('the reproducing command', () => {
  it('says what decides the numbers, the seed always', () => {
    const words = ['--widths', '2,4', '--runs', '5'];
    expect(reproductionLine({ study: 'trainability', quick: true, seed: 3, words })).toBe(
      'kindling study trainability --quick --seed 3 --widths 2,4 --runs 5',
    );
    expect(reproductionLine({ study: 'trainability', quick: false, seed: 1, words: [] })).toBe(
      'kindling study trainability --seed 1',
    );
  });
});

describe('flags as data', () => {
  const known = ['sgd', 'momentum', 'adam'] as const;
  const runs = wholeNumberFlag('--runs <n>', 'runs', { least: 1, most: 100 });
  const widths = wholeNumbersFlag('--widths <list>', 'widths', { least: 2, most: 9 });
  const optimizer = nameFlag('--optimizer <name>', 'optimizer', known);
  const optimizers = namesFlag('--optimizers <list>', 'optimizers', known);

  it('read one wish in one way, and write what they read', () => {
    expect(widths.parse('4, 2,4')).toEqual([2, 4]);
    expect(optimizers.parse('adam,sgd,adam')).toEqual(['sgd', 'adam']);
    expect(widths.parse(widths.print([2, 4]))).toEqual([2, 4]);
    expect(optimizers.parse(optimizers.print(['sgd', 'adam']))).toEqual(['sgd', 'adam']);
    expect(runs.parse(runs.print(7))).toBe(7);
    expect(optimizer.parse(optimizer.print('adam'))).toBe('adam');
  });

  it.each([
    [() => runs.parse('0'), '--runs'],
    [() => runs.parse('1e9'), '--runs'],
    [() => widths.parse('2,,4'), '--widths'],
    [() => widths.parse('NaN'), '--widths'],
    [() => optimizer.parse('adm'), '--optimizer: there is no "adm"; did you mean adam?'],
    [() => optimizers.parse('sgd,'), '--optimizers'],
  ])('refuse what they cannot read: %#', (action, text) => {
    expect(refusal(action)).toContain(text);
  });
});
