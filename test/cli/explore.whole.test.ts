/**
 * The explorable as people take it away: the command that an address offers, typed into a shell, and the program for Node beside it make
 * the same records, byte for byte, with any number of workers and after a kill.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ExploreQuestion,
  exploreCode,
  exploreCommand,
  exploreQuery,
  parseExploreText,
} from '@kindling/studies';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/workspace.js';
import { runSuccessfully } from '../documentation/run-command.js';
import {
  countLines,
  emptyDirectory,
  kindlingBin,
  reaches,
  requireBuild,
  runKindling,
  startKindling,
} from './run-kindling.js';

/** A second of work each: all kinds of nets on images, and a function. */
const addresses = [
  'net=dense+12*8+tfjs:dense&net=residual+10*6+scale=1/sqrt(L)+he-normal&net=conv+3/2*2,4*2+padding=circular+he-normal+bias-variance=0.01&nets=5&images=200&epochs=2&seed=3',
  'net=dense+2*9+he-normal&net=dense+3*3+data-dependent&data=absolute&nets=20&maps=3&runs=3&epochs=30',
];

let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
  // This package depends on every other, so its node_modules is what a user of them all would have.
  await symlink(join(root, 'test/node_modules'), join(folder, 'node_modules'));
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

/** Lines in any order. */
const sorted = (text: string) => text.trimEnd().split('\n').sort().join('\n');
const recordsIn = async (directory: string) =>
  sorted(await readFile(join(directory, 'records.jsonl'), 'utf8'));

describe.each(addresses)('%s', (address) => {
  const question = parseExploreText(address).question as ExploreQuestion;
  const place = (name: string) => join(folder, `${question.data}-${name}`);

  /** Runs a line in a shell in which `kindling` is the built command. */
  async function inShell(line: string): Promise<void> {
    const script = `kindling() { "${process.execPath}" "${kindlingBin}" "$@"; }\n${line}\n`;
    await promisify(execFile)('sh', ['-c', script], { cwd: folder });
  }

  beforeAll(async () => {
    await inShell(`${exploreCommand(question)} --workers 1 --out '${place('one')}'`);
  });

  it('has the same records from two workers, killed on the way and run again', async () => {
    const out = place('killed');
    const args = ['study', 'explore', ...wordsOf(question), '--workers', '2', '--out', out];
    const running = startKindling(args, folder);
    const records = join(out, 'records.jsonl');
    await reaches(running, () => existsSync(records) && countLines(records) > 0);
    running.child.kill('SIGKILL');
    await running.ended;
    const { code, stderr } = await runKindling(args, folder);
    expect(code, stderr).toBe(0);
    expect(await recordsIn(out)).toBe(await recordsIn(place('one')));
    for (const file of ['summary.json', 'explore-lengths.svg', 'report.html']) {
      expect(await readFile(join(out, file), 'utf8')).toBe(await readFile(join(place('one'), file), 'utf8'));
    }
  });

  it('has the same records from the program that is offered', async () => {
    await mkdir(place('code'));
    const file = join(place('code'), 'explore.mjs');
    await writeFile(file, exploreCode(question));
    const printed = await runSuccessfully(process.execPath, [file], folder);
    expect(sorted(printed)).toBe(await recordsIn(place('one')));
  });

  it('has a report with the command, and a spec that is the address again', async () => {
    const report = await readFile(join(place('one'), 'report.html'), 'utf8');
    const escaped = exploreCommand(question).replaceAll("'", '&#39;');
    expect(report.includes(escaped) || report.includes(exploreCommand(question))).toBe(true);
    expect(parseExploreText(exploreQuery(question)).question).toEqual(question);
  });
});

/** The flags as a shell hands them over. */
function wordsOf(question: ExploreQuestion): readonly string[] {
  return [...new URLSearchParams(exploreQuery(question))].flatMap(([key, value]) => [`--${key}`, value]);
}

describe('what cannot be', () => {
  it.each([
    ['--net', 'dense 0*3 he-normal'],
    ['--net', 'dense 5*1000000000 he-normal'],
    ['--net', 'conv 8 kernel=99 padding=valid he-normal'],
    ['--net', 'dense 1000*1000 he-normal'],
    ['--preset', 'figure-9'],
    ['--data', 'nowhere'],
    ['--epochs', 'NaN'],
    ['--seed', '-1'],
  ])('%s %s is refused in one line that names the flag', async (flag, value) => {
    const { code, stdout, stderr } = await runKindling(['study', 'explore', flag, value], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kindling: [^\n]*\n$/);
    expect(stderr).toContain(flag);
  });
});
