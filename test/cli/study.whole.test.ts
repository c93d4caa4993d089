/**
 * The study as a user runs it: the same bytes with any number of workers and after any interruption, one process and
 * one spec a directory, and nothing on stdout but what was asked for.
 */
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '@kindling/core';
import { relaxedKernels } from '@kindling/core/relaxed';
import { parseFigure1Spec, provenanceOf } from '@kindling/studies';
import { studyDirectoryName } from '@kindling/studies/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countLines,
  emptyDirectory,
  reaches,
  requireBuild,
  runKindling,
  startKindling,
} from './run-kindling.js';

/** Both parts, chunks of both kinds, early ends and capped ones; some two seconds of work. */
const spec = [
  ...['study', 'figure-1', '--quick', '--data', 'embedded', '--inits', 'he-normal,lecun-normal'],
  ...['--depths', '10,30', '--trials', '300', '--runs', '4', '--max-epochs', '40', '--seed', '5'],
];
const trials = 2 * 2 * (300 + 4);
const outputs = ['figure-1a.svg', 'figure-1b.svg', 'report.html', 'summary.json'];

let folder = '';
/** A finished study by one worker; the others are held against it. */
let reference = '';

async function textsOf(directory: string, names: readonly string[] = outputs): Promise<readonly string[]> {
  return await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
}

async function sortedRecords(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(directory, 'records.jsonl'), 'utf8');
  return text.split('\n').sort();
}

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
  reference = join(folder, 'reference');
  const { code, stderr } = await runKindling([...spec, '--workers', '1', '--out', reference], folder);
  if (code !== 0) throw new Error(`study: the reference run ended with ${code}\n${stderr}`);
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('a finished directory', () => {
  it('holds the files of a study and no lock', async () => {
    expect((await readdir(reference)).sort()).toEqual([...outputs, 'records.jsonl', 'spec.json'].sort());
    expect(countLines(join(reference, 'records.jsonl'))).toBe(trials);
  });

  it('has the same bytes when two workers made it', async () => {
    const out = join(folder, 'two');
    const { code, stdout, stderr } = await runKindling([...spec, '--workers', '2', '--out', out], folder);
    expect(code, stderr).toBe(0);
    expect(await textsOf(out)).toEqual(await textsOf(reference));
    expect(await sortedRecords(out)).toEqual(await sortedRecords(reference));
    expect(stdout).toContain(`Report: ${join(out, 'report.html')}`);
    expect(stderr).toMatch(/^ {0,2}\d+ % {2}[\d,]+ of 1,216 trials/m);
    expect(stderr).not.toContain('\x1b');
  });

  it('takes the relaxed kernels where they are asked for, says so in every record, and never mixes them with strict ones', async () => {
    const out = join(folder, 'relaxed');
    const small = [...spec, '--runs', '0', '--kernels', 'relaxed', '--out', out];
    const { code, stderr } = await runKindling([...small, '--workers', '2'], folder);
    expect(code, stderr).toBe(0);
    const records = await sortedRecords(out);
    const lines = records.filter((line) => line !== '');
    expect(lines).toHaveLength(2 * 2 * 300);
    const marks = lines.map((line) => (JSON.parse(line) as { readonly kernels: string }).kernels);
    expect(new Set(marks)).toEqual(new Set([`relaxed-${relaxedKernels.hash.slice(0, 16)}`]));
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('--kernels relaxed');
    const strict = await runKindling([...spec, '--runs', '0', '--out', out], folder);
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain('relaxed-');
    expect(await sortedRecords(out)).toEqual(records);
  });

  it('is written anew by the same command, which says that nothing was missing', async () => {
    const out = join(folder, 'again');
    await cp(reference, out, { recursive: true });
    for (const name of outputs) await rm(join(out, name));
    const { code, stderr } = await runKindling([...spec, '--out', out], folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Nothing is missing: all 1,216 trials were finished before.');
    expect(await textsOf(out)).toEqual(await textsOf(reference));
  });

  it('goes to stdout as it is with --json, and nothing else does', async () => {
    const out = join(folder, 'json');
    await cp(reference, out, { recursive: true });
    const { code, stdout, stderr } = await runKindling([...spec, '--out', out, '--json'], folder);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(join(reference, 'summary.json'), 'utf8'));
    expect(stderr).toContain('report.html');
  });

  it('is made in the default place, named by its spec and the build', async () => {
    const args = ['study', 'figure-1', '--quick', '--runs', '0', '--trials', '5', '--depths', '5'];
    // The data set is not looked for: there is none of that name.
    const { code, stderr, stdout } = await runKindling([...args, '--data', 'not-needed'], folder);
    expect(code, stderr).toBe(0);
    const [name = ''] = await readdir(join(folder, 'kindling-results'));
    const { spec: saved } = JSON.parse(
      await readFile(join(folder, 'kindling-results', name, 'spec.json'), 'utf8'),
    ) as { readonly spec: unknown };
    expect(name).toMatch(/^figure-1-[0-9a-f]{8}$/);
    const provenance = provenanceOf(createEngine());
    expect(name).toBe(studyDirectoryName('figure-1', parseFigure1Spec(saved), provenance));
    expect(stdout).toContain(join(folder, 'kindling-results', name, 'report.html'));
    expect(existsSync(join(folder, 'kindling-results', name, 'figure-1b.svg'))).toBe(false);
    // However the same spec is asked for, its place is the same.
    const inFull = [...args, '--data', 'not-needed'].filter((word) => word !== '--quick');
    const again = await runKindling(inFull, folder);
    expect(again.stderr).toContain('Nothing is missing');
    expect(await readdir(join(folder, 'kindling-results'))).toEqual([name]);
  });
});

describe('an interrupted study', () => {
  // Lines after which it is killed: at the start, among the lengths, among the trainings.
  it.each([0, 1, 400, 1203])(
    'has the same bytes after kill -9 past %d records and a rerun',
    async (lines) => {
      const out = join(folder, `killed-${lines}`);
      const records = join(out, 'records.jsonl');
      const running = startKindling([...spec, '--workers', '2', '--out', out], folder);
      const reached = () => existsSync(records) && countLines(records) >= lines;
      expect(await reaches(running, reached)).toBe(true);
      running.child.kill('SIGKILL');
      expect((await running.ended).signal).toBe('SIGKILL');
      expect(countLines(records)).toBeLessThan(trials);
      expect(existsSync(join(out, 'summary.json'))).toBe(false);

      const { code, stderr } = await runKindling([...spec, '--workers', '2', '--out', out], folder);
      expect(code, stderr).toBe(0);
      expect(await textsOf(out)).toEqual(await textsOf(reference));
      expect(await sortedRecords(out)).toEqual(await sortedRecords(reference));
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('stops cleanly at %s with exit code %i, and the same command goes on', async (signal, exit) => {
    const out = join(folder, signal);
    const records = join(out, 'records.jsonl');
    const args = [...spec, '--workers', '2', '--out', out];
    const running = startKindling(args, folder);
    expect(await reaches(running, () => countLines(records) > 0)).toBe(true);
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /Interrupted after [\d,]+ of 1,216 trials\. To go on, run the same command again:/,
    );
    expect(stderr).toContain(`kindling ${args.join(' ')}`);
    expect((await readdir(out)).sort()).toEqual(['records.jsonl', 'spec.json']);

    if (signal !== 'SIGINT') return;
    const kept = countLines(records);
    const resumed = await runKindling(args, folder);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr.replaceAll(',', '')).toContain(`${kept} trials were finished before`);
    expect(await textsOf(out)).toEqual(await textsOf(reference));
  });

  // The second may come when the first has already ended it; what it does otherwise is tested on the listener.
  it('that gets Ctrl-C twice ends with its code, and even then goes on', async () => {
    const out = join(folder, 'twice');
    const args = [...spec, '--workers', '2', '--out', out];
    const running = startKindling(args, folder);
    expect(await reaches(running, () => countLines(join(out, 'records.jsonl')) > 0)).toBe(true);
    running.child.kill('SIGINT');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const { code, stderr } = await runKindling(args, folder);
    expect(code, stderr).toBe(0);
    expect(await textsOf(out)).toEqual(await textsOf(reference));
  });

  it('runs the trial of a torn last line again', async () => {
    const out = join(folder, 'torn');
    await cp(reference, out, { recursive: true });
    await rm(join(out, 'summary.json'));
    const records = join(out, 'records.jsonl');
    const { length } = await readFile(records);
    await truncate(records, length - 20);
    const { code, stderr } = await runKindling([...spec, '--out', out], folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('torn');
    expect(stderr).toContain('running 1 trial on 1 worker');
    expect(await textsOf(out)).toEqual(await textsOf(reference));
    expect(await sortedRecords(out)).toEqual(await sortedRecords(reference));
  });
});

describe('a directory', () => {
  it('is refused to a second process, and the first one is not disturbed', async () => {
    const out = join(folder, 'shared');
    const args = [...spec, '--workers', '1', '--out', out];
    const first = startKindling(args, folder);
    expect(await reaches(first, () => existsSync(join(out, 'lock.json')))).toBe(true);
    first.child.kill('SIGSTOP'); // else it may be done before the second one looks
    const second = await runKindling(args, folder);
    first.child.kill('SIGCONT');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    expect(second.stderr).not.toMatch(/^ {4}at /m);
    const { code, stderr } = await first.ended;
    expect(code, stderr).toBe(0);
    expect(await textsOf(out)).toEqual(await textsOf(reference));
  });

  it('of another spec is refused and left as it was', async () => {
    const out = join(folder, 'other');
    await cp(reference, out, { recursive: true });
    const names = (await readdir(out)).sort();
    const before = await textsOf(out, names);
    const { code, stderr, stdout } = await runKindling([...spec, '--seed', '6', '--out', out], folder);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/belongs to another study; [^\n]*seed/);
    expect((await readdir(out)).sort()).toEqual(names);
    expect(await textsOf(out, names)).toEqual(before);
  });

  it('that is a file is refused', async () => {
    const out = join(folder, 'file');
    await writeFile(out, 'x');
    const { code, stderr } = await runKindling([...spec, '--out', out], folder);
    expect(code).toBe(1);
    expect(stderr).toContain(out);
    expect(await readFile(out, 'utf8')).toBe('x');
  });
});
