/** The command line from arguments to exit code, in this process: bad usage in one line, help where it was asked for. */
import { describe, expect, it } from 'vitest';
import { runArguments } from './run-command.js';

const run = (...argv: readonly string[]) => runArguments(argv);

describe('bad usage', () => {
  it.each([
    ['stdy', "unknown command 'stdy'; did you mean study?"],
    ['study figur-1', "unknown command 'figur-1'; did you mean figure-1?"],
    ['study figure-1 --dta embedded', 'did you mean --data?'],
    ['study figure-1 --wrkers 2', 'did you mean --workers?'],
    ['study figure-1 --inits he-norml', 'did you mean he-normal?'],
    ['study figure-1 --data mnits', 'did you mean mnist?'],
    ['study figure-1 --data main.test.ts', 'is the file'],
    ['study figure-1 --workers 0', '--workers is "0"'],
    ['study figure-1 --workers -1', '--workers is "-1"'],
    ['study figure-1 --seed NaN', '--seed is "NaN"'],
    ['study figure-1 --depths 5,0', '--depths is "0"'],
    ['study figure-1 --trials 1e9', '--trials is "1e9"'],
    ['study figure-1 --runs 0 --trials 1000000', 'expected at most 1,200,000'],
    ['study figure-1 --trials 0 --runs 0', 'leave both parts out'],
    ['study figure-1 --max-epochs 0', '--max-epochs is "0"'],
    ['study figure-1 --seed', '--seed <n>'],
    ['study figure-1 --out --json', '--out is "--json"'],
    ['study figure-1 extra', 'too many arguments'],
    ['list extra', 'too many arguments'],
    ['bench --only gem', '--only has "gem"; did you mean gemm?'],
    ['bench --peers tensorflw', '--peers has "tensorflw"; did you mean tensorflow?'],
    ['bench extra', 'too many arguments'],
    [
      'help nonsense',
      'unknown command "nonsense"; expected one of diagnose, inspect, bits, repair, predict, measure, arch, trainability, ',
    ],
    ['help nonsense', 'born-dead, initializers, study, ui, list, env, bench, help, figure-1'],
    ['help figur-1', 'did you mean figure-1, figure-2 or figure-3?'],
    ['help list extra', 'unknown command "extra"; "list" has no commands'],
    ['study figure-1 --out=', '--out is ""; expected a directory'],
    ['env --jsn', 'did you mean --json?'],
    ['--verson', 'did you mean --version?'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(...line.split(' '));
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([[[]], [['study']]])('without a command or a study prints the help on stderr: %j', async (argv) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(stderr).toMatch(/^Usage: kindling/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('a study called like a command', () => {
  it('is listed once, and the command points to it', async () => {
    expect((await run('help', 'nonsense')).stderr.match(/trainability/g)).toHaveLength(1);
    expect((await run('help', 'trainability')).stdout).toContain('See also: kindling study trainability');
  });
});

describe('help', () => {
  it.each([
    '--help',
    '-h',
    'help',
    'study --help',
    'study figure-1 --help',
    'help study',
    'help study figure-1',
    'help figure-1',
    'help help',
    'list --help',
    'env -h',
  ])('kindling %s has examples and ends with 0', async (line) => {
    const { code, stdout, stderr } = await run(...line.split(' '));
    expect(stdout).toMatch(/^Usage: kindling/);
    expect(stdout).toMatch(/^Examples?:\n {2}\$ kindling /m);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('of the study has every flag, whether asked with its name or without', async () => {
    for (const line of ['study --help', 'study figure-1 --help', 'help figure-1']) {
      const { stdout } = await run(...line.split(' '));
      for (const flag of [
        ...['--data', '--quick', '--seed', '--workers', '--depths', '--inits', '--runs', '--trials'],
        ...['--max-epochs', '--out', '--json'],
      ]) {
        expect(stdout).toContain(`  ${flag} `);
      }
    }
  });

  it('tells the exit codes', async () => {
    for (const line of ['--help', 'study --help', 'study figure-1 --help']) {
      expect((await run(...line.split(' '))).stdout).toMatch(
        /Exit codes:\n +0 +done\n +1 .*\n +2 .*\n +3 .*verdict.*\n +130 .*143.*129/,
      );
    }
  });
});
