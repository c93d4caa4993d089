/** The defaults in the README's table of options are those of the code. */
import { readFileSync } from 'node:fs';
import { countText, figure1Defaults } from '@kindling/studies';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const { full, quick } = figure1Defaults;

/** The last column of an option's row. */
function defaultOf(option: string): string {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${option} `)) ?? '';
  return row.split('|').at(-2)?.trim() ?? '';
}

const range = (depths: readonly number[]) => `${depths[0]} … ${depths.at(-1)}`;

describe('the README', () => {
  it.each([
    ['--trials', 'trials'],
    ['--runs', 'runs'],
    ['--max-epochs', 'maxEpochs'],
  ] as const)('has the defaults of %s', (option, name) => {
    expect(defaultOf(option)).toBe(`${countText(full[name])} (${countText(quick[name])})`);
  });

  it('has the default depths', () => {
    expect(defaultOf('--depths')).toBe(
      `${range(full.lengthDepths)} for lengths, ${range(full.trainingDepths)} for trainings ` +
        `(${range(quick.lengthDepths)} and ${quick.trainingDepths.join(', ')})`,
    );
  });
});
