/** The studies of lengths, training and functions beside figure 1 as a user runs them, and what the command says of all of them. */
import { rm } from 'node:fs/promises';
import { studyCatalog } from '@kindling/studies';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDirectory, requireBuild, runKindling } from './run-kindling.js';
import { describeStudy, type StudyCase } from './study-case.js';

/** A second of work each, on every function and every kind of flag. */
const studies: readonly StudyCase[] = [
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
];

for (const study of studies) describeStudy(study);

let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
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
