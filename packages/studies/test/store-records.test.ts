import { InvalidArgumentError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { RecordFormatError } from '../src/errors/record-format-error.js';
import { appendQueue } from '../src/store/append-queue.js';
import { jsonDifferences } from '../src/store/json-differences.js';
import { memoryStore } from '../src/store/memory-store.js';
import { prettyJson } from '../src/store/pretty-json.js';
import { decodeRecordLine, encodeRecordLine } from '../src/store/record-line.js';
import type { TrialRecord } from '../src/study.js';
import { fakeRecord, fakeSpec } from './fake-study.js';

const record = fakeRecord(fakeSpec, { cell: 'cell=0', trial: 3 });
const line = encodeRecordLine(record);

function formatError(text: string): RecordFormatError {
  try {
    decodeRecordLine(text, 17);
  } catch (error) {
    if (error instanceof RecordFormatError) return error;
    throw error;
  }
  throw new Error(`this line was taken: ${text}`);
}

describe('a record line', () => {
  it('is canonical JSON in one line, and reads back to the same', () => {
    expect(line).toMatch(
      /^\{"cell":"cell=0","kernels":"strict-[0-9a-f]{16}","result":\{.*\},"spec":"[0-9a-f]{16}","trial":3,"version":"0\.1\.0"\}$/,
    );
    const odd: TrialRecord = {
      ...record,
      cell: 'a\n"é\u2028',
      result: { z: [1e-320, 'NaN'], a: { b: null } },
    };
    expect(encodeRecordLine(odd)).not.toContain('\n');
    for (const one of [record, odd]) {
      expect(decodeRecordLine(encodeRecordLine(one), 1)).toEqual(one);
      expect(encodeRecordLine(decodeRecordLine(encodeRecordLine(one), 1))).toBe(encodeRecordLine(one));
    }
  });

  it('does not depend on the order of fields and leaves out what is not part of a record', () => {
    const { cell, ...rest } = record;
    const shuffled = { worker: 7, ...rest, cell };
    expect(encodeRecordLine(shuffled)).toBe(line);
  });

  it('refuses numbers that JSON does not have', () => {
    expect(() => encodeRecordLine({ ...record, result: { x: Number.NaN } })).toThrow(InvalidArgumentError);
  });

  it('that is no JSON is a syntax error naming the line, at whatever byte it was cut', () => {
    for (let length = 0; length < line.length; length += 1) {
      const error = formatError(line.slice(0, length));
      expect(error).toMatchObject({ code: 'record-format', details: { line: 17, reason: 'syntax' } });
      expect(error.message).toContain('line 17');
    }
  });

  it('of another shape is an error naming the field', () => {
    const wrong: readonly [string, unknown][] = [
      ['cell', ''],
      ['cell', 3],
      ['trial', -1],
      ['trial', 1.5],
      ['trial', '1'],
      ['spec', 'abc'],
      ['kernels', 'strict'],
      ['version', null],
      ['result', []],
      ['result', undefined],
      ['extra', 1],
    ];
    for (const [field, value] of wrong) {
      const error = formatError(JSON.stringify({ ...record, [field]: value }));
      expect(error).toMatchObject({ details: { line: 17, reason: 'shape' } });
      expect(error.message).toContain(`"${field}"`);
    }
    for (const text of ['null', '3', '[]', '""']) expect(formatError(text).details['reason']).toBe('shape');
  });
});

describe('memoryStore', () => {
  it('keeps what is appended, in order, and hands out copies', async () => {
    const other = { ...record, trial: 4 };
    const known = [record];
    const store = memoryStore(known);
    await store.append([other, record]);
    (await store.load()).pop();
    expect(await store.load()).toEqual([record, other, record]);
    expect(known).toHaveLength(1);
  });

  it('takes hundreds of thousands of records at a time, also through its queue', async () => {
    const many = Array.from({ length: 300_000 }, (_, trial) => ({ ...record, trial }));
    const store = memoryStore();
    const written: number[] = [];
    const queue = appendQueue(store, {
      onWritten: (batch) => written.push(batch.length),
      onFailed: (error) => {
        throw error;
      },
    });
    queue.put([record]);
    queue.put(many);
    await queue.drain();
    expect(written).toEqual([1, 300_000]);
    expect(await store.load()).toHaveLength(300_001);
  });
});

describe('jsonDifferences', () => {
  it('names each field that differs, down to the leaves', () => {
    const expected = { seed: 1, part: { runs: 5, depths: [1, 2] }, gone: null };
    const got = { part: { depths: [1, 3], runs: 5 }, seed: 2, fresh: 'x' };
    expect(jsonDifferences(expected, got)).toEqual([
      'fresh: expected nothing, got "x"',
      'gone: expected null, got nothing',
      'part.depths: expected [1,2], got [1,3]',
      'seed: expected 1, got 2',
    ]);
  });

  it('finds none between equal values, whatever the order of their fields', () => {
    expect(jsonDifferences({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toEqual([]);
    expect(jsonDifferences(null, { a: 1 }, 'training')).toEqual(['training: expected null, got {"a":1}']);
  });
});

describe('prettyJson', () => {
  it('sorts keys, spells numbers shortest and ends with a newline', () => {
    expect(prettyJson({ b: [1, -0], a: 1e21 })).toBe('{\n  "a": 1e+21,\n  "b": [\n    1,\n    0\n  ]\n}\n');
    expect(() => prettyJson({ a: Number.POSITIVE_INFINITY })).toThrow(InvalidArgumentError);
  });
});
