/**
 * What every study does as a user runs it: the same bytes with any number of workers and after a kill, its files, and a
 * line that makes the report again.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countLines,
  emptyDirectory,
  reaches,
  requireBuild,
  runKindling,
  startKindling,
} from './run-kindling.js';

/** A study and a second of work for it. */
export interface StudyCase {
  readonly name: string;
  readonly flags: readonly string[];
  /** The line of the report that makes it again. */
  readonly reproduction: string;
  readonly trials: number;
  readonly figures: readonly string[];
}

/** The tests of one study. */
export function describeStudy({ name, flags, reproduction, trials, figures }: StudyCase): void {
  describe(name, () => {
    let folder = '';

    beforeAll(async () => {
      requireBuild();
      folder = await emptyDirectory();
    });

    afterAll(async () => {
      if (folder !== '') await rm(folder, { recursive: true, force: true });
    });

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
}
