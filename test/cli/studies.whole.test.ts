/**
 * The studies beside figure 1 as a user runs them: the same bytes with any number of workers and after a kill, their
 * files, their flags, and a line that makes the report again.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { studyCatalog } from '@kindling/studies';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countLines,
  emptyDirectory,
  reaches,
  requireBuild,
  runKindling,
  startKindling,
} from './run-kindling.js';

/** A second of work each, on every function and every kind of flag. */
const studies = [
  {
    name: 'trainability',
    flags: [
      '--widths',
      '4,2',
      '--runs',
      '40',
      '--max-steps',
      '2000',
      '--optimizer',
      'momentum',
      '--seed',
      '3',
    ],
    reproduction:
      'kindling study trainability --seed 3 --widths 2,4 --runs 40 --max-steps 2000 --optimizer momentum',
    trials: 2 * 2 * 40,
    figures: ['trainability-absolute.svg', 'trainability-folded.svg'],
  },
  {
    name: 'dying-relu',
    flags: ['--quick', '--inits', 'rai,he-normal', '--runs', '25', '--max-steps', '600'],
    reproduction:
      'kindling study dying-relu --quick --seed 1 --inits he-normal,rai --runs 25 --max-steps 600',
    trials: 4 * 2 * 25,
    figures: ['dying-relu.svg'],
  },
  {
    name: 'data-dependent',
    flags: ['--targets', 'x-sin-5x', '--runs', '5', '--epochs', '400'],
    reproduction: 'kindling study data-dependent --seed 1 --targets x-sin-5x --runs 5 --epochs 400',
    trials: 4 * 5,
    figures: ['data-dependent-x-sin-5x.svg'],
  },
  {
    name: 'quine',
    flags: ['--methods', 'pair,adamax', '--width', '16', '--runs', '2', '--epochs', '5'],
    reproduction: 'kindling study quine --seed 1 --methods adamax,pair --width 16 --runs 2 --epochs 5',
    trials: 2 * 2,
    figures: ['quine-loss.svg', 'quine-ratio.svg'],
  },
  {
    name: 'synthesis',
    flags: [
      ...['--quick', '--data', 'embedded', '--targets', 'absolute', '--image-widths', '20'],
      ...['--runs', '1', '--width-runs', '4'],
    ],
    reproduction:
      'kindling study synthesis --quick --seed 1 --data embedded --targets absolute --image-widths 20 --runs 1 --width-runs 4',
    trials: 7 + 2 + 2 * 6 * 4,
    figures: ['synthesis-absolute.svg', 'synthesis-images.svg', 'synthesis-widths.svg'],
  },
  {
    name: 'verdict-agreement',
    flags: ['--inits', 'he-normal', '--widths', '10,3', '--depths', '5', '--runs', '3', '--max-epochs', '2'],
    reproduction:
      'kindling study verdict-agreement --seed 1 --data embedded --inits he-normal --widths 3,10 --depths 5 --runs 3 --max-epochs 2',
    trials: 2 + 2 * 3,
    figures: ['verdict-calibration.svg', 'verdict-map.svg'],
  },
  {
    name: 'figure-2',
    flags: [
      ...['--data', 'embedded', '--bases', '1,0.5', '--depths', '6,3', '--trials', '300', '--runs', '2'],
      ...['--max-epochs', '2'],
    ],
    reproduction:
      'kindling study figure-2 --seed 1 --data embedded --bases 1,0.5 --depths 3,6 --trials 300 --runs 2 --max-epochs 2',
    trials: 2 * 2 * (300 + 2),
    figures: ['figure-2a-bounded.svg', 'figure-2a.svg', 'figure-2b.svg'],
  },
  {
    name: 'conv-training',
    flags: [
      ...['--quick', '--data', 'embedded', '--nets', 'residual-1/L,plain-he', '--depths', '2'],
      ...['--images', '400', '--runs', '3', '--max-epochs', '2'],
    ],
    reproduction:
      'kindling study conv-training --quick --seed 1 --data embedded --nets plain-he,residual-1/L --depths 2 --images 400 --runs 3 --max-epochs 2',
    trials: 2 * 3,
    figures: ['conv-training-lengths.svg', 'conv-training-start.svg', 'conv-training-target.svg'],
  },
  {
    name: 'iid',
    flags: ['--data', 'embedded', '--nets', 'dense', '--epochs', '1,0', '--images', '200', '--runs', '3'],
    reproduction:
      'kindling study iid --seed 1 --data embedded --nets dense --epochs 0,1 --images 200 --runs 3',
    trials: 3 + 1,
    figures: ['iid-by-unit.svg', 'iid-stored.svg'],
  },
  {
    name: 'pretraining',
    flags: [
      ...['--quick', '--data', 'embedded', '--starts', 'pretext,he', '--labels', '10', '--images', '100'],
      ...['--runs', '3', '--max-epochs', '1', '--pretext-epochs', '1'],
    ],
    reproduction:
      'kindling study pretraining --quick --seed 1 --data embedded --starts he,pretext --labels 10 --images 100 --runs 3 --max-epochs 1 --pretext-epochs 1',
    trials: 3,
    figures: ['pretraining-accuracy.svg', 'pretraining-gain.svg'],
  },
  {
    name: 'generate',
    flags: [
      ...['--data', 'embedded', '--families', 'seeds', '--hidden', '16', '--checkpoints', '3'],
      ...['--draws', '2', '--images', '200', '--runs', '3', '--max-epochs', '2'],
    ],
    reproduction:
      'kindling study generate --seed 1 --data embedded --families seeds --hidden 16 --checkpoints 3 --draws 2 --images 200 --runs 3 --max-epochs 2',
    trials: 3,
    figures: ['generate-seeds-16.svg'],
  },
  {
    name: 'trained-or-not',
    flags: ['--quick', '--nets', 'conv-8-16,dense-64', '--images', '300', '--max-epochs', '1'],
    reproduction:
      'kindling study trained-or-not --quick --seed 1 --data embedded --nets dense-64,conv-8-16 --images 300 --max-epochs 1',
    trials: 2 * 4 * 2,
    figures: ['trained-or-not.svg'],
  },
  {
    name: 'figure-3',
    flags: ['--data', 'embedded', '--depths', '6,4', '--runs', '3', '--max-epochs', '3', '--seed', '2'],
    reproduction: 'kindling study figure-3 --seed 2 --data embedded --depths 4,6 --runs 3 --max-epochs 3',
    trials: 5 * 2 * 3,
    figures: ['figure-3a.svg', 'figure-3b.svg'],
  },
  {
    name: 'figure-4',
    flags: ['--padding', 'zero', '--size', '9', '--depths', '3,12', '--trials', '20', '--inits', 'he-normal'],
    reproduction:
      'kindling study figure-4 --seed 1 --inits he-normal --depths 3,12 --trials 20 --padding zero --size 9',
    trials: 2 * 20,
    figures: ['figure-4.svg'],
  },
  {
    name: 'length-variance',
    flags: ['--quick', '--depths', '5,2', '--widths', '10', '--nets', '1200', '--residual-nets', '50'],
    reproduction:
      'kindling study length-variance --quick --seed 1 --widths 10 --depths 2,5 --nets 1200 --residual-nets 50',
    trials: 2 * (3 + 4 * 5),
    figures: ['length-variance.svg'],
  },
  {
    name: 'weight-law',
    flags: [
      ...['--quick', '--data', 'embedded', '--architectures', 'conv-8-16', '--nets', '2', '--epochs', '1'],
      ...['--images', '100'],
    ],
    reproduction:
      'kindling study weight-law --quick --seed 1 --data embedded --architectures conv-8-16 --nets 2 --epochs 1 --images 100',
    trials: 3 * 2,
    figures: ['weight-law-architectures.svg', 'weight-law-data.svg', 'weight-law-distances.svg'],
  },
  {
    name: 'law-init',
    flags: [
      ...['--quick', '--data', 'embedded', '--families', 'conv', '--depths', '2', '--draws', 'matrix-normal'],
      ...['--runs', '2', '--epochs', '1', '--images', '100'],
    ],
    reproduction:
      'kindling study law-init --quick --seed 1 --data embedded --families conv --depths 2 --draws matrix-normal --runs 2 --epochs 1 --images 100',
    trials: 3 * 2,
    figures: ['law-init-conv-goal.svg', 'law-init-conv-start.svg', 'law-init-speed.svg'],
  },
  {
    name: 'law-arrival',
    flags: [
      ...[
        '--quick',
        '--data',
        'embedded',
        '--architectures',
        'conv-8-16',
        '--inits',
        'glorot-normal,he-normal',
      ],
      ...['--nets', '2', '--epochs', '1', '--images', '100'],
    ],
    reproduction:
      'kindling study law-arrival --quick --seed 1 --data embedded --architectures conv-8-16 --inits he-normal,glorot-normal --nets 2 --epochs 1 --images 100',
    trials: 2 * 2,
    figures: ['law-arrival-conv-8-16.svg'],
  },
] as const;

let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe.each(studies)('$name', (study) => {
  const { name, flags, reproduction, trials, figures } = study;
  const outputs = [...figures, 'report.html', 'summary.json'];
  const textsOf = (directory: string) =>
    Promise.all(outputs.map((file) => readFile(join(directory, file), 'utf8')));
  const reference = () => join(folder, `${name}-reference`);
  const command = ['study', name, ...flags];

  beforeAll(async () => {
    const { code, stdout, stderr } = await runKindling(
      [...command, '--workers', '1', '--out', reference()],
      folder,
    );
    if (code !== 0) throw new Error(`${name}: the reference run ended with ${code}\n${stderr}`);
    expect(stdout).toContain('report.html');
  });

  it('writes its files, a record a trial, and a report with the line that makes it again', async () => {
    expect((await readdir(reference())).sort()).toEqual([...outputs, 'records.jsonl', 'spec.json'].sort());
    expect(countLines(join(reference(), 'records.jsonl'))).toBe(trials);
    const report = await readFile(join(reference(), 'report.html'), 'utf8');
    expect(report).toContain(reproduction);
    const out = join(folder, `${name}-reproduced`);
    const { code, stderr } = await runKindling([...reproduction.split(' ').slice(1), '--out', out], folder);
    expect(code, stderr).toBe(0);
    expect(await textsOf(out)).toEqual(await textsOf(reference()));
  });

  it('has the same bytes from two workers, killed on the way and run again', async () => {
    const out = join(folder, `${name}-killed`);
    const records = join(out, 'records.jsonl');
    const args = [...command, '--workers', '2', '--out', out];
    const running = startKindling(args, folder);
    await reaches(running, () => existsSync(records) && countLines(records) > 0);
    running.child.kill('SIGKILL');
    await running.ended;
    const { code, stderr } = await runKindling(args, folder);
    expect(code, stderr).toBe(0);
    expect(await textsOf(out)).toEqual(await textsOf(reference()));
  });

  it('prints its summary and nothing else with --json', async () => {
    const { code, stdout } = await runKindling([...command, '--out', reference(), '--json'], folder);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(join(reference(), 'summary.json'), 'utf8'));
    expect(JSON.parse(stdout)).toMatchObject({ study: name });
  });
});

// The place is made from the name by the one code for all studies.
it.each(studies.slice(0, 2))('$name has a default place of its own', async (study) => {
  const { name, flags } = study;
  const { code, stdout } = await runKindling(['study', name, ...flags, '--runs', '1'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`kindling-results/${name}-[0-9a-f]{8}/report\\.html`));
});

describe('every study of the catalog', () => {
  it.each([...studyCatalog.keys()])('%s has a command with help', async (name) => {
    const { code, stdout } = await runKindling(['study', name, '--help'], folder);
    expect(code).toBe(0);
    for (const flag of ['--quick', '--seed', '--workers', '--out', '--json'])
      expect(stdout).toContain(`  ${flag}`);
    expect(stdout).toMatch(/^Examples:\n {2}\$ kindling study /m);
  });

  it.each([
    ['trainability', '--runs', '1000000000'],
    ['trainability', '--widths', '0'],
    ['dying-relu', '--inits', 'he-norml'],
    ['dying-relu', '--max-steps', 'NaN'],
    ['data-dependent', '--targets', ''],
    ['data-dependent', '--optimizer', 'adagrad'],
    ['verdict-agreement', '--inits', 'he-norml'],
    ['verdict-agreement', '--inits', 'lsuv'],
    ['verdict-agreement', '--depths', '0'],
    ['figure-2', '--bases', '1.5'],
    ['figure-2', '--module', 'dense'],
    ['conv-training', '--depths', '3'],
    ['conv-training', '--nets', 'plain'],
  ])('%s refuses %s %s in one line that names the flag', async (name, flag, value) => {
    const { code, stdout, stderr } = await runKindling(['study', name, flag, value], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kindling: [^\n]*\n$/);
    expect(stderr).toContain(flag);
  });
});
