/** The defaults in the README's table of options are those of the code, and its answers about a net are what is printed. */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import {
  countText,
  dataDependentDefaults,
  dyingReluDefaults,
  figure1Defaults,
  quineDefaults,
  synthesisDefaults,
  trainabilityDefaults,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { main } from '../src/main.js';
import { openOutput } from '../src/output/output.js';

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

describe('the README on the other studies', () => {
  it.each([
    ['trainability', '--runs', trainabilityDefaults.full.runs, trainabilityDefaults.quick.runs],
    ['trainability', '--max-steps', trainabilityDefaults.full.maxSteps, trainabilityDefaults.quick.maxSteps],
    ['dying-relu', '--runs', dyingReluDefaults.full.runs, dyingReluDefaults.quick.runs],
    ['dying-relu', '--max-steps', dyingReluDefaults.full.maxSteps, dyingReluDefaults.quick.maxSteps],
    ['data-dependent', '--runs', dataDependentDefaults.full.runs, dataDependentDefaults.quick.runs],
    ['data-dependent', '--epochs', dataDependentDefaults.full.epochs, dataDependentDefaults.quick.epochs],
    ['quine', '--width', quineDefaults.full.width, quineDefaults.quick.width],
    ['quine', '--runs', quineDefaults.full.runs, quineDefaults.quick.runs],
    ['quine', '--epochs', quineDefaults.full.epochs, quineDefaults.quick.epochs],
    ['synthesis', '--runs', synthesisDefaults.full.runs, synthesisDefaults.quick.runs],
    ['synthesis', '--width-runs', synthesisDefaults.full.capacityRuns, synthesisDefaults.quick.capacityRuns],
  ])('has the defaults of %s %s', (study, flag, full, quick) => {
    const section = readme.slice(readme.indexOf('## The other studies'));
    const row = section.split('\n').find((line) => line.startsWith(`| \`${study}\` |`)) ?? '';
    expect(row).toContain(`\`${flag}\` ${countText(full)} (${countText(quick)})`);
  });
});

/** What the command prints on stdout where no terminal is. */
async function printed(line: string): Promise<string> {
  const texts = { stdout: '', stderr: '' };
  const output = (name: keyof typeof texts) => {
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        texts[name] += String(chunk);
        done();
      },
    });
    return openOutput(Object.assign(stream, { isTTY: false, columns: 0 }) as NodeJS.WriteStream, {});
  };
  const surroundings = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: {},
    directory: import.meta.dirname,
    now: () => 0,
  };
  await main(line.split(' '), { ...surroundings, invocation: 'kindling' });
  return texts.stdout;
}

describe('the questions in the README', () => {
  const block = /```sh\nkindling ((?:predict|measure|diagnose|arch) [^\n]+)\n```\n\n```text\n(.*?)```/gs;
  const examples = [...readme.matchAll(block)].map(([, line = '', answer = '']) => [line, answer] as const);

  it('are there', () => {
    expect(examples.map(([line]) => line.split(' ')[0])).toEqual([
      ...['predict', 'diagnose', 'predict', 'measure', 'arch'],
    ]);
  });

  it.each(examples)('kindling %s prints what is written', async (line, answer) => {
    expect(await printed(line)).toBe(answer);
  });
});
