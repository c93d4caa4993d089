import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KindlingError } from '@kindling/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordFormatError } from '../src/errors/record-format-error.js';
import { StudyDirectoryBusyError } from '../src/errors/study-directory-busy-error.js';
import { StudyDirectoryError } from '../src/errors/study-directory-error.js';
import { StudyMismatchError } from '../src/errors/study-mismatch-error.js';
import { ownIdentity } from '../src/node/process-identity.js';
import { openStudyDirectory } from '../src/node/study-directory.js';
import { plan } from '../src/plan.js';
import { runStudy } from '../src/run-study.js';
import { encodeRecordLine } from '../src/store/record-line.js';
import type { TrialRecord } from '../src/study.js';
import { type FakeSpec, fakeCrew, fakeProvenance, fakeRecord, fakeSpec, fakeStudy } from './fake-study.js';

let home = '';
let dir = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kindling-study-'));
  dir = join(home, 'deep', 'out');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

const open = (spec: FakeSpec = fakeSpec, provenance = fakeProvenance) =>
  openStudyDirectory(dir, fakeStudy(), spec, provenance);
const file = (name: string) => join(dir, name);
const records = plan(fakeStudy(), fakeSpec).map((key) => fakeRecord(fakeSpec, key));
const [first, second, third] = records as [TrialRecord, TrialRecord, TrialRecord];
const linesOf = (some: readonly TrialRecord[]) =>
  some.map((record) => `${encodeRecordLine(record)}\n`).join('');

async function failure(promise: Promise<unknown>): Promise<KindlingError> {
  const error = await promise.then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  if (error instanceof KindlingError) return error;
  throw error;
}

/** Leaves a directory with these bytes as its records. */
async function prepare(bytes: string | Uint8Array): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await (await open()).close();
  await writeFile(file('records.jsonl'), bytes);
}

describe('a study directory', () => {
  it('keeps records as lines, over closing and opening', async () => {
    const directory = await open();
    expect(directory).toMatchObject({ path: dir, tornLine: false });
    expect(await directory.load()).toEqual([]);
    await directory.append([first, second]);
    await directory.append([third]);
    expect(await readFile(file('records.jsonl'), 'utf8')).toBe(linesOf([first, second, third]));
    await directory.close();
    await directory.close();
    const again = await open();
    expect(await again.load()).toEqual([first, second, third]);
    await again.close();
    expect((await readdir(dir)).sort()).toEqual(['records.jsonl', 'spec.json']);
  });

  it('says in spec.json what it is for', async () => {
    await (await open()).close();
    const text = await readFile(file('spec.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      spec: fakeSpec,
      specHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      provenance: fakeProvenance,
    });
    expect(text).toContain('\n  "provenance": {\n');
    await (await open()).close();
    expect(await readFile(file('spec.json'), 'utf8')).toBe(text);
  });

  it('gives a study the same summary bytes after an interruption as without', async () => {
    const run = async (stopAfter?: number) => {
      const controller = new AbortController();
      const store = await open();
      let begun = 0;
      const crew = fakeCrew(async () => {
        begun += 1;
        if (begun > (stopAfter ?? begun)) await new Promise(() => {}); // under way for ever: only the abort ends it
      });
      try {
        const summary = await runStudy({
          study: fakeStudy(),
          spec: fakeSpec,
          store,
          spawn: crew.spawn,
          workers: 2,
          dataset: null,
          signal: controller.signal,
          onProgress: ({ doneTrials }) => {
            if (doneTrials === stopAfter) controller.abort();
          },
        });
        await store.writeSummary(summary);
      } finally {
        await store.close();
      }
      return await readFile(file('summary.json'), 'utf8');
    };
    const whole = await run();
    await rm(dir, { recursive: true });
    expect(await failure(run(5))).toMatchObject({ code: 'interrupted' });
    expect((await readFile(file('records.jsonl'), 'utf8')).split('\n')).toHaveLength(5 + 1);
    expect(await run()).toBe(whole);
  });
});

describe('a torn last line', () => {
  it('is cut off at whatever byte it tore, and the file goes on from there', async () => {
    const odd = { ...third, cell: 'cell=é∑' }; // tears inside a character too
    const whole = Buffer.from(linesOf([first, second, odd]));
    const kept = Buffer.byteLength(linesOf([first, second]));
    await prepare('');
    for (let length = kept; length <= whole.length; length += 1) {
      await writeFile(file('records.jsonl'), whole.subarray(0, length));
      const directory = await open();
      const complete = length === whole.length;
      expect(directory.tornLine).toBe(length > kept && !complete);
      expect(await directory.load()).toEqual(complete ? [first, second, odd] : [first, second]);
      if (!complete) await directory.append([odd]);
      await directory.close();
      expect((await readFile(file('records.jsonl'))).equals(whole)).toBe(true);
    }
  });

  it('may end in a newline, or in the zeros that a power cut leaves', async () => {
    for (const tail of ['{"cell":"ce\n', '\n', '\0\0\0\0', '{"a\0\0\0', Buffer.from([0xff, 0xfe, 0x0a])]) {
      await prepare(Buffer.concat([Buffer.from(linesOf([first])), Buffer.from(tail as string)]));
      const directory = await open();
      expect(directory.tornLine).toBe(true);
      expect(await directory.load()).toEqual([first]);
      await directory.close();
      expect(await readFile(file('records.jsonl'), 'utf8')).toBe(linesOf([first]));
    }
  });

  it('is nothing else: a bad line in the middle, or a line of another shape, is an error and stays', async () => {
    const cases: readonly [string, number][] = [
      [`${linesOf([first])}{"cell":\n${linesOf([second])}`, 2],
      [`\n${linesOf([first])}`, 1],
      [`${linesOf([first, second])}{"format":2}\n`, 3],
    ];
    for (const [text, line] of cases) {
      await prepare(text);
      const error = await failure(open());
      expect(error).toBeInstanceOf(RecordFormatError);
      expect(error.details).toMatchObject({ line, path: file('records.jsonl') });
      expect(error.message).toContain(`${file('records.jsonl')} is damaged in line ${line}: `);
      expect(error.message).toMatch(/ — restore the line, or choose another directory$/);
      expect(await readFile(file('records.jsonl'), 'utf8')).toBe(text);
      expect(await readdir(dir)).not.toContain('lock.json');
    }
  });
});

describe('the lock', () => {
  const holder = {
    pid: process.pid,
    startTicks: 1,
    host: hostname(),
    token: 'dead',
    since: '2020-01-01T00:00:00.000Z',
  };
  /** No system gives out such a pid. */
  const deadHolder = { ...holder, pid: 2 ** 30 };
  const leaveLock = async (content: unknown, name = 'lock.json') => {
    await mkdir(dir, { recursive: true });
    await writeFile(file(name), typeof content === 'string' ? content : JSON.stringify(content));
  };

  it('refuses a second opener in this process until the first has closed', async () => {
    const one = await open();
    const error = await failure(open());
    expect(error).toBeInstanceOf(StudyDirectoryBusyError);
    expect(error).toMatchObject({ code: 'directory-busy', details: { pid: process.pid, host: hostname() } });
    await one.close();
    await (await open()).close();
  });

  it('refuses while another process holds it, and takes over when that one was killed', async () => {
    await (await open()).close();
    const script = fileURLToPath(new URL('./fixtures/hold-lock.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, file('lock.json')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    const error = await failure(open());
    expect(error).toBeInstanceOf(StudyDirectoryBusyError);
    expect(error.details['pid']).toBe(child.pid);
    expect(error.details['since']).toMatch(/^\d{4}-/);
    expect(error.message).toContain(`process ${child.pid} `);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const directory = await open();
    expect(await failure(open())).toBeInstanceOf(StudyDirectoryBusyError);
    await directory.close();
    expect((await readdir(dir)).sort()).toEqual(['records.jsonl', 'spec.json']);
  });

  it('is taken over by exactly one of many, also when someone died while taking it over', async () => {
    for (const litter of [
      [],
      ['lock.json.takeover'],
      ['lock.json.takeover', 'lock.json.takeover.takeover'],
    ]) {
      for (const name of ['lock.json', ...litter]) await leaveLock(deadHolder, name);
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => open()));
      const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(opened).toHaveLength(1);
      for (const reason of refused) expect(reason).toBeInstanceOf(StudyDirectoryBusyError);
      await opened[0]?.close();
      expect((await readdir(dir)).sort()).toEqual(['records.jsonl', 'spec.json']);
    }
  });

  it.runIf(platform() === 'linux')(
    'is not held by a new process that got the pid of the old one',
    async () => {
      await leaveLock(holder); // our pid, but another start
      await (await open()).close();
    },
  );

  it('leaves nothing of processes that were killed around it, and all of those that run', async () => {
    const alive = { ...holder, ...(await ownIdentity()) };
    const token = (digit: number) => String(digit).repeat(16);
    const dead = [`lock.json.${token(1)}`, `lock.json.${token(2)}.dead`];
    const deadBelow = ['lock.json.takeover', `lock.json.takeover.${token(3)}`];
    const kept = [`lock.json.${token(4)}`, `lock.json.${token(5)}`, 'lock.json.mine'];
    for (const litter of [dead, deadBelow, [...dead, ...deadBelow]]) {
      await rm(dir, { recursive: true, force: true });
      for (const name of litter) await leaveLock(deadHolder, name);
      await leaveLock(alive, `lock.json.${token(4)}`);
      await leaveLock({ ...deadHolder, host: 'elsewhere' }, `lock.json.${token(5)}`);
      await leaveLock(deadHolder, 'lock.json.mine');
      const directory = await open();
      expect((await readdir(dir)).sort()).toEqual(
        ['lock.json', ...kept, 'records.jsonl', 'spec.json'].sort(),
      );
      await directory.close();
    }
  });

  it('names its file where a directory lies in its place', async () => {
    await mkdir(file('lock.json'), { recursive: true });
    const error = await failure(open());
    expect(error).toBeInstanceOf(StudyDirectoryBusyError);
    expect(error.message).toContain(`${file('lock.json')} is a directory`);
  });

  it('of another host, or of no known form, is refused with the remedy and left alone', async () => {
    for (const content of [{ ...deadHolder, host: 'elsewhere' }, '', '{"pid":', '{"pid":-1}', 'null']) {
      await leaveLock(content);
      const before = await readFile(file('lock.json'), 'utf8');
      const error = await failure(open());
      expect(error).toBeInstanceOf(StudyDirectoryBusyError);
      expect(error.message).toContain('delete the file');
      expect(error.message).toContain(file('lock.json'));
      expect(await readFile(file('lock.json'), 'utf8')).toBe(before);
    }
  });

  it('is not given back for someone else', async () => {
    const directory = await open();
    await leaveLock(deadHolder);
    await directory.close();
    expect(JSON.parse(await readFile(file('lock.json'), 'utf8'))).toEqual(deadHolder);
  });
});

describe('a directory of something else', () => {
  it('is refused when it was made for another spec, naming the fields', async () => {
    await prepare(linesOf([first]));
    const error = await failure(open({ ...fakeSpec, seed: 8, trials: 9 }));
    expect(error).toBeInstanceOf(StudyMismatchError);
    expect(error.details['differences']).toEqual(['seed: expected 7, got 8', 'trials: expected 4, got 9']);
    expect(error.message).toContain('seed: expected 7, got 8');
    expect(await readFile(file('records.jsonl'), 'utf8')).toBe(linesOf([first]));
    await (await open()).close(); // the lock was given back
  });

  it('of another study is refused by its name alone', async () => {
    await (await open()).close();
    const other = { ...fakeStudy(), name: 'other' };
    const error = await failure(
      openStudyDirectory(dir, other, { ...fakeSpec, study: 'other' }, fakeProvenance),
    );
    expect(error).toBeInstanceOf(StudyMismatchError);
    expect(error.message).toContain(`holds the study ${fakeSpec.study}, not other`);
    expect(error.message).not.toContain(';');
  });

  it('is refused when other kernels or another version made it', async () => {
    await prepare('');
    const other = { kernels: `strict-${'0'.repeat(16)}`, version: '9.9.9' };
    expect((await failure(open(fakeSpec, other))).details['differences']).toEqual([
      `provenance.kernels: expected "${fakeProvenance.kernels}", got "${other.kernels}"`,
      `provenance.version: expected "${fakeProvenance.version}", got "9.9.9"`,
    ]);
  });

  it('is refused when it holds files like ours without a spec, and they stay', async () => {
    for (const name of ['records.jsonl', 'summary.json', 'report.html', 'fake-1a.svg']) {
      await rm(dir, { recursive: true, force: true });
      await mkdir(dir, { recursive: true });
      await writeFile(file(name), 'mine');
      const error = await failure(open());
      expect(error).toBeInstanceOf(StudyDirectoryError);
      expect(error.message).toContain(name);
      expect(await readdir(dir)).toEqual([name]);
      expect(await readFile(file(name), 'utf8')).toBe('mine');
    }
  });

  it('may hold other files', async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(file('notes.txt'), 'mine');
    await (await open()).close();
    expect(await readdir(dir)).toContain('notes.txt');
  });

  it('is refused when its spec.json is damaged', async () => {
    for (const text of ['', '{', 'null', '[]', '{"spec":{}}']) {
      await prepare('');
      const good = await readFile(file('spec.json'), 'utf8');
      await writeFile(file('spec.json'), text);
      const error = await failure(open());
      expect(error).toBeInstanceOf(StudyDirectoryError);
      expect(error.message).toContain(file('spec.json'));
      await writeFile(file('spec.json'), good);
    }
  });
});

describe('a place that cannot be used', () => {
  it('is named: a file, a path through a file, a read-only system directory', async () => {
    const plain = join(home, 'plain');
    await writeFile(plain, 'mine');
    const places = [plain, join(plain, 'below'), ...(platform() === 'linux' ? ['/proc/kindling-study'] : [])];
    for (const place of places) {
      const error = await failure(openStudyDirectory(place, fakeStudy(), fakeSpec, fakeProvenance));
      expect(error).toBeInstanceOf(StudyDirectoryError);
      expect(error).toMatchObject({ code: 'study-directory', details: { path: place } });
      expect(error.message).toContain(place);
      expect(error.cause).toHaveProperty('code');
    }
    expect(await readFile(plain, 'utf8')).toBe('mine');
  });

  it('an append that fails is told, and leaves no half line', async () => {
    const directory = await open();
    await directory.append([first]);
    await directory.close();
    const error = await failure(directory.append([second])); // the file is closed
    expect(error).toBeInstanceOf(StudyDirectoryError);
    expect(await readFile(file('records.jsonl'), 'utf8')).toBe(linesOf([first]));
  });
});

describe('the other files', () => {
  it('are written whole, replace older ones, and leave no drafts', async () => {
    const directory = await open();
    expect(await directory.writeText('report.html', 'old and longer')).toBe(file('report.html'));
    await directory.writeText('report.html', 'new');
    expect(await directory.writeSummary({ b: 1, a: [0.1] })).toBe(file('summary.json'));
    expect(await readFile(file('report.html'), 'utf8')).toBe('new');
    expect(await readFile(file('summary.json'), 'utf8')).toBe('{\n  "a": [\n    0.1\n  ],\n  "b": 1\n}\n');
    await mkdir(file('taken.svg'));
    expect(await failure(directory.writeText('taken.svg', 'x'))).toBeInstanceOf(StudyDirectoryError);
    await directory.close();
    expect((await readdir(dir)).sort()).toEqual([
      'records.jsonl',
      'report.html',
      'spec.json',
      'summary.json',
      'taken.svg',
    ]);
  });

  it('cannot take the place of the directory’s own, or lie elsewhere', async () => {
    const directory = await open();
    for (const name of ['spec.json', 'records.jsonl', 'lock.json', '../x', 'a/b', '.hidden', '', '..']) {
      expect(await failure(directory.writeText(name, 'x'))).toMatchObject({ code: 'invalid-argument' });
    }
    await directory.close();
  });

  it('a killed writer’s draft is cleared away', async () => {
    await prepare('');
    await appendFile(file('.kindling-draft-0123'), 'half');
    await truncate(file('records.jsonl'), 0);
    await (await open()).close();
    expect((await readdir(dir)).sort()).toEqual(['records.jsonl', 'spec.json']);
  });
});
