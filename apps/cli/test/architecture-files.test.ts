/** Files on the command line: where JSON is wrong, what a file really is, and inputs of nets. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readArchitectureFile } from '../src/options/architecture-file.js';
import { parseInput } from '../src/options/input-numbers.js';
import { findJsonError } from '../src/options/json-syntax.js';
import { UsageError } from '../src/usage-error.js';

const folder = mkdtempSync(join(tmpdir(), 'kindling-files-'));
afterAll(async () => await rm(folder, { recursive: true }));

let files = 0;

/** A file with this content; its path. */
function fileOf(content: string | Uint8Array, extension = 'json'): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}

async function messageOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('messageOf: nothing was thrown; expected a UsageError');
}

/** Whole numbers from 0, the same ones in every run (Park & Miller). */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

describe('JSON', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('is what JSON.parse takes, however it is spoiled', () => {
    const good =
      '{"input": {"width": 4},\n "layers": [-1.5e-3, true, null, "a\\u00e9\\n", [], {}, [1, {"b": false}]]}';
    expect(findJsonError(good)).toBeNull();
    const draw = drawer(3);
    const letters = '{}[]",:0123456789.eE+-\\tfnu \n\u0001é';
    let wrong = 0;
    for (let i = 0; i < 4000; i++) {
      const at = draw(good.length);
      const letter = letters[draw(letters.length)] ?? '';
      const text = [
        good.slice(0, at) + good.slice(at + 1),
        good.slice(0, at) + letter + good.slice(at),
        good.slice(0, at) + letter + good.slice(at + 1),
        good.slice(0, at),
      ][draw(4)] as string;
      const error = findJsonError(text);
      expect(error === null, text).toBe(isJson(text));
      if (error !== null) wrong += 1;
    }
    expect(wrong).toBeGreaterThan(1000);
  });

  it.each([
    ['', 1, 1, 'a value', 'the end of the file'],
    ['{"a": 1,}', 1, 9, 'a key in double quotes', '"}"'],
    ['{"a": 1\n"b": 2}', 2, 1, 'a comma or }', '"\\"b"'],
    ['{\n  a: 1}', 2, 3, 'a key in double quotes or }', '"a"'],
    ["{\n  'a': 1}", 2, 3, 'a key in double quotes or }', '"\'"'],
    ['[1, 2,\n 3', 2, 3, 'a comma or ]', 'the end of the file'],
    ['[1] x', 1, 5, 'nothing more', '"x"'],
    ['[01]', 1, 2, 'a value or ]', '"01"'],
    ['[NaN]', 1, 2, 'a value or ]', '"NaN"'],
    ['{"a" 1}', 1, 6, 'a colon', '"1"'],
    ['// a net\n{}', 1, 1, 'a value', '"/"'],
  ])('%j is wrong at line %d, column %d', (text, line, column, expected, found) => {
    expect(findJsonError(text)).toEqual({ line, column, expected, found });
  });
});

describe('--arch', () => {
  const net = '{"input":{"width":4},"layers":[{"kind":"dense","units":4,"activation":"relu"}]}';
  const read = (path: string) => readArchitectureFile(path, folder);

  it('reads an architecture, with a byte order mark too', async () => {
    for (const text of [net, `\ufeff${net}`, `\n${net}\n`]) {
      expect(await read(fileOf(text))).toEqual(JSON.parse(net));
    }
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'an empty file; expected an architecture as JSON'],
    ['blanks', ' \n', 'an empty file'],
    ['broken JSON', net.replace(']', ''), ':1:78 is no JSON: expected a comma or ], got "}"'],
    ['a list', '[]', 'which looks like a list'],
    ['a number', '5', 'which looks like a number'],
    ['null', 'null', 'which looks like a null'],
    ['a package.json', '{"name":"x","version":"1.0.0"}', 'which looks like a package.json'],
    ['a tsconfig', '{"compilerOptions":{}}', 'which looks like a tsconfig.json'],
    ['a TensorFlow.js model', '{"modelTopology":{},"weightsManifest":[]}', 'a TensorFlow.js model.json'],
    ['a Keras model', '{"class_name":"Sequential","config":{}}', 'a Keras model'],
    ['an answer', '{"verdict":"starts","evidence":[]}', 'an answer of kindling diagnose'],
    ['an unknown key', '{"inputs":5}', 'the architecture has the key "inputs"; expected input, layers'],
    ['a layer of an unknown kind', net.replace('dense', 'lstm'), 'layers[0].kind is "lstm"; expected dense'],
    ['units that are none', net.replace('"units":4', '"units":-4'), 'layers[0].units is -4'],
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'a zip archive'],
    ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46), 'an HDF5 file'],
    ['NumPy', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d), 'a NumPy file'],
    ['some bytes', Uint8Array.of(1, 0, 2), 'a binary file'],
    ['Latin-1', Uint8Array.of(0x22, 0xe9, 0x22), 'no text in UTF-8'],
  ])('refuses %s in one line', async (_, content, expected) => {
    const message = await messageOf(read(fileOf(content)));
    expect(message).toMatch(/^--arch [^\n]+$/);
    expect(message).toContain(expected);
  });

  it('refuses what is no file, and what is too large', async () => {
    expect(await messageOf(read('nothing.json'))).toContain('which does not exist');
    expect(await messageOf(read(folder))).toContain('a directory');
    expect(await messageOf(read(''))).toContain('--arch is ""');
    expect(await messageOf(read(fileOf(new Uint8Array(50_000_001).fill(32))))).toContain('50 MB');
  });
});

describe('--input', () => {
  const read = (text: string, count = 3) => parseInput(text, count, folder);

  it.each([
    ['1,-2.5,3e-2', [1, -2.5, 0.03]],
    [' 1 , 2 , 3 ', [1, 2, 3]],
    ['0,0,.5', [0, 0, 0.5]],
  ])('"%s" is %j', async (text, numbers) => expect(await read(text)).toEqual(numbers));

  it.each([
    ['1,2,3\n', 'csv'],
    ['1 2\n3', 'txt'],
    ['1;2;3', 'csv'],
    ['1\t2\r\n3\r\n', 'tsv'],
    ['[1, 2, 3]', 'json'],
    ['[[1, 2], [3]]', 'json'],
  ])('reads a file of %j', async (text, extension) => {
    expect(await read(fileOf(text, extension))).toEqual([1, 2, 3]);
  });

  it.each([
    ['1,2', '--input has 2 numbers; expected 3, what the net reads'],
    ['1,,3', '--input: number 2 is ""'],
    ['1,2,3,', 'number 4 is ""'],
    ['0,0,0', '--input is zero everywhere'],
    ['1,2,1e16', 'number 3 is "1e16"; expected one from −10¹⁵ to 10¹⁵'],
    ['1,2,1e999', 'number 3 is "1e999"'],
    ['1,2,--3', 'number 3 is "--3"'],
    ['x.csv', '--input is "x.csv", which does not exist'],
    ['', '--input is ""'],
    ['1,2,NaN', 'which does not exist'],
  ])('"%s" is refused', async (text, expected) => {
    const message = await messageOf(read(text));
    expect(message).toMatch(/^--input[^\n]+$/);
    expect(message).toContain(expected);
  });

  it.each([
    ['a,b,c', 'number 1 is "a"'],
    ['[1, "2", 3]', 'number 2 is ""2""'],
    ['[1, null, 3]', 'number 2 is "null"'],
    ['[1, 2', 'is no JSON: expected a comma or ]'],
    ['{"x": 1}', 'whose JSON is no list'],
    ['[]', 'has 0 numbers'],
  ])('a file of %j is refused', async (text, expected) => {
    expect(await messageOf(read(fileOf(text)))).toContain(expected);
  });
});
