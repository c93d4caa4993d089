/** Every study of the catalog has a command; its help names its flags; what a flag cannot read is refused in one line. */
import { studyCatalog } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { runArguments } from './run-command.js';

const run = (...argv: readonly string[]) => runArguments(argv);

const everyStudy = ['--quick', '--seed', '--workers', '--out', '--json'];

describe('help', () => {
  it.each([...studyCatalog.keys()])('of %s has the flags of every study and an example', async (name) => {
    const { code, stdout } = await run('study', name, '--help');
    expect(code).toBe(0);
    for (const flag of everyStudy) expect(stdout).toContain(`  ${flag} `);
    expect(stdout).toContain(`  $ kindling study ${name} --quick `);
  });

  it.each([
    ['figure-3', ['--data', '--patterns', '--depths', '--runs', '--max-epochs']],
    ['figure-4', ['--inits', '--depths', '--trials', '--padding', '--size', '--depth-per-channel']],
    [
      'length-variance',
      ['--families', '--widths', '--residual-width', '--depths', '--nets', '--residual-nets'],
    ],
    ['trainability', ['--targets', '--widths', '--runs', '--max-steps', '--optimizer']],
    ['dying-relu', ['--targets', '--inits', '--runs', '--max-steps']],
    ['data-dependent', ['--targets', '--inits', '--runs', '--epochs', '--optimizer']],
    [
      'figure-2',
      ['--data', '--module', '--width', '--bases', '--depths', '--trials', '--runs', '--max-epochs'],
    ],
    ['quine', ['--methods', '--width', '--runs', '--epochs']],
    ['synthesis', ['--data', '--targets', '--image-widths', '--runs', '--width-runs']],
    ['weight-law', ['--data', '--architectures', '--nets', '--optimizer', '--epochs', '--images']],
    [
      'law-init',
      [
        '--data',
        '--families',
        '--depths',
        '--draws',
        '--law-nets',
        '--runs',
        '--optimizer',
        '--epochs',
        '--images',
      ],
    ],
    [
      'law-arrival',
      ['--data', '--architectures', '--inits', '--nets', '--optimizer', '--epochs', '--images'],
    ],
    ['conv-training', ['--data', '--nets', '--depths', '--channels', '--images', '--runs', '--max-epochs']],
    [
      'explore',
      ['--net', '--preset', '--data', '--images', '--nets', '--maps', '--verdict', '--runs', '--look'],
    ],
    ['iid', ['--data', '--nets', '--epochs', '--models', '--images', '--runs']],
    [
      'pretraining',
      ['--data', '--starts', '--labels', '--images', '--runs', '--max-epochs', '--pretext-epochs'],
    ],
    [
      'generate',
      ['--data', '--families', '--hidden', '--checkpoints', '--draws', '--images', '--runs', '--max-epochs'],
    ],
    [
      'trained-or-not',
      ['--data', '--nets', '--learned', '--optimizers', '--images', '--runs', '--max-epochs'],
    ],
  ])('of %s has its own flags, and so has the help of all studies', async (name, flags) => {
    const own = (await run('study', name, '--help')).stdout;
    const all = (await run('study', '--help')).stdout;
    const section = all.slice(all.indexOf(`Options of ${name}:`)).split('\n\n')[0];
    for (const flag of flags) {
      expect(own).toContain(`  ${flag} <`);
      expect(section).toContain(`  ${flag} <`);
    }
  });

  it('of all studies names each and shows one example of each', async () => {
    const { stdout } = await run('study', '--help');
    for (const name of studyCatalog.keys()) {
      expect(stdout).toContain(`Options of ${name}:`);
      expect(stdout).toMatch(new RegExp(`^ {2}\\$ kindling study ${name} --quick {2}`, 'm'));
    }
  });
});

describe('bad usage', () => {
  it.each([
    ['study trainability --widths 2,x', 'a number of --widths is "x"'],
    ['study trainability --widths 1001', '--widths is "1001"'],
    ['study trainability --targets foldd', 'did you mean folded?'],
    ['study trainability --optimizer adm', 'did you mean adam?'],
    ['study trainability --runs 1e9', '--runs is "1e9"'],
    [
      'study trainability --runs 100000',
      '--runs asks for 2,000,000 trials in all; expected at most 1,200,000',
    ],
    ['study figure-3 --depths 10,15', '--depths has 15; expected even numbers'],
    ['study figure-3 --patterns constant-25', '--patterns: there is no "constant-25"'],
    ['study figure-3 --data nowhere', '--data: there is no data set or directory "nowhere"'],
    ['study figure-4 --padding same', '--padding: there is no "same"'],
    ['study figure-4 --padding valid --depths 16', 'depths that leave one'],
    ['study figure-4 --trials 1000000', '--trials asks for 88,000,000 trials in all'],
    ['study weight-law --data embedded,embedded', '--data names embedded more than once'],
    ['study weight-law --data embedded,nowhere', 'there is no data set or directory "nowhere"'],
    ['study law-arrival --data embedded --images 2000', '--images is 2,000, and embedded has 1,500'],
    ['study length-variance --depths 1', '"1"; expected a whole number from 2'],
    ['study dying-relu --inits he-norml', 'did you mean he-normal'],
    ['study dying-relu --max-steps -1', '--max-steps is "-1"'],
    ['study data-dependent --epochs 0', '--epochs is "0"'],
    ['study data-dependent --workers 0', '--workers is "0"'],
    ['study data-dependent --out --json', '--out is "--json"'],
    ['study figure-2 --bases 1,0', 'a number of --bases is "0"; expected a number above 0 and at most 1'],
    ['study figure-2 --bases 0.5,1,0.50', '--bases has 0.5 more than once; expected distinct numbers'],
    ['study figure-2 --module lin', 'did you mean linear?'],
    ['study figure-2 --runs 0 --trials 0', '--trials 0 and --runs 0 leave both parts out'],
    ['study figure-2 --depths 1001', '--depths is "1001"'],
    ['study conv-training --depths 4,7', '--depths has 7; expected even numbers'],
    ['study conv-training --nets residual-L', 'did you mean residual-1'],
    ['study conv-training --images 0', '--images is "0"'],
    [
      'study conv-training --data embedded --images 1501',
      '--images is 1,501, and embedded has 1,500 training images; expected at most 1,500',
    ],
    ['study iid --data embedded --epochs 3', '--epochs is "3"; expected at least two'],
    ['study iid --data embedded --models ,', '--models is ","; expected paths of model files'],
    [
      'study iid --data embedded --models no.safetensors',
      'a file of --models is "no.safetensors", which does not exist',
    ],
    ['study pretraining --starts pretxt', 'did you mean pretext?'],
    ['study generate --checkpoints 2', '--checkpoints is "2"'],
    ['study dying-relu --trgets absolute', 'did you mean --targets?'],
    ['study dying-rel', 'did you mean dying-relu?'],
  ])('kindling %s', async (line, message) => {
    const { code, stdout, stderr } = await run(...line.split(' '));
    expect(stderr).toMatch(/^kindling: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
