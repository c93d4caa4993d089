/**
 * Opens mutated files and holds what comes out to the promise: a model whose every tensor has the numbers of its shape, or a typed
 * error, in bounded time and memory.
 */
import { listParameters } from '@kindling/core';
import {
  ModelFormatError,
  openModel,
  sourceFromBytes,
  sourcesOf,
  UnsupportedModelError,
} from '@kindling/models';
import { mutate } from './mutate.mjs';
import { openRandom } from './random.mjs';

/**
 * A sound model to start from.
 *
 * @typedef {object} FuzzSeed
 * @property {string} name of the format and its kind, such as `npz-deflated`
 * @property {Readonly<Record<string, Uint8Array>>} files the first is opened
 * @property {(files: Readonly<Record<string, Uint8Array>>, random: import('./random.mjs').Random) => Readonly<Record<string, Uint8Array>>} [forge]
 * a change that knows the format, such as one that keeps lengths true
 */

/**
 * @typedef {object} FuzzReport
 * @property {number} models files that were read
 * @property {Record<string, number>} errors by class
 * @property {readonly string[]} failures what broke the promise, with the number of the case
 * @property {number} slowest CPU milliseconds of the slowest case
 * @property {number} grown MiB by which the peak of the process's memory grew
 */

/** Numbers that are read from a file; its tensors have fewer unless their shape is forged. */
const mostNumbers = 2_000_000;

/**
 * @param {FuzzSeed} seed
 * @param {number} count cases
 * @param {{ first?: number, read?: (files: FuzzSeed['files']) => Promise<void>, mostMilliseconds?: number, onCase?: (number: number) => void }} [options] the
 * number of the first case, by which a failure is repeated; what is held to the promise, default `readAll`; CPU time that one file
 * may take, default 1000 where a few KiB take a few; what is told the number of every case
 * @returns {Promise<FuzzReport>}
 */
export async function runFuzz(
  seed,
  count,
  { first = 0, read = readAll, mostMilliseconds = 1000, onCase = () => {} } = {},
) {
  let models = 0;
  let slowest = 0;
  /** @type {Record<string, number>} */
  const errors = {};
  /** @type {string[]} */
  const failures = [];
  const before = process.resourceUsage().maxRSS;
  for (let i = first; i < first + count; i++) {
    onCase(i);
    const { files, how } = mutated(seed, i);
    const started = process.cpuUsage();
    try {
      await read(files);
      models++;
    } catch (error) {
      const name = error instanceof Error ? error.constructor.name : typeof error;
      errors[name] = (errors[name] ?? 0) + 1;
      const typed = error instanceof ModelFormatError || error instanceof UnsupportedModelError;
      if (!typed || !/; expected .*/.test(error.message)) {
        failures.push(`${seed.name} ${i} (${how}): ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
    const { user, system } = process.cpuUsage(started);
    const milliseconds = (user + system) / 1000;
    slowest = Math.max(slowest, milliseconds);
    if (milliseconds > mostMilliseconds) failures.push(`${seed.name} ${i} (${how}): took ${milliseconds} ms`);
  }
  // Kibibytes, on Linux and macOS alike in Node.
  const grown = (process.resourceUsage().maxRSS - before) / 1024;
  return { models, errors, failures, slowest, grown };
}

/**
 * @param {FuzzSeed} seed
 * @param {number} number
 */
function mutated({ files, forge }, number) {
  const random = openRandom(number);
  if (forge !== undefined && random.below(3) === 0) return { files: forge(files, random), how: 'forge' };
  const names = Object.keys(files);
  // The main file says how the others are read.
  const name = random.below(4) === 0 ? random.pick(names) : (names[0] ?? '');
  const { bytes, how } = mutate(files[name] ?? new Uint8Array(0), random);
  return { files: { ...files, [name]: bytes }, how: `${name}: ${how}` };
}

/**
 * Opens a model and reads every tensor.
 *
 * @param {Readonly<Record<string, Uint8Array>>} files
 */
export async function readAll(files) {
  const [main, ...rest] = Object.entries(files).map(([name, bytes]) => sourceFromBytes(name, bytes));
  if (main === undefined) throw new Error('readAll: expected a file');
  const { tensors, architecture, notes } = await openModel(sourcesOf(main, rest));
  const names = new Set(tensors.map(({ name }) => name));
  expectTrue(names.size === tensors.length, 'names stand twice');
  expectTrue(
    notes.every((note) => note.length < 2000),
    'a note is endless',
  );
  let left = mostNumbers;
  let total = 0;
  for (const tensor of tensors) {
    const size = tensor.shape.reduce((product, extent) => product * extent, 1);
    expectTrue(size === tensor.size, `the size of ${tensor.name} is not that of its shape`);
    left -= size;
    if (left < 0) break;
    const numbers = await tensor.read();
    expectTrue(numbers.length === size, `${tensor.name} has other numbers than its shape`);
    const bytes = await tensor.readBytes();
    const stored = tensor.quantization?.dtype ?? tensor.dtype;
    expectTrue(
      bytes.length === size * (widths[stored] ?? Number.NaN),
      `${tensor.name} has other bytes than its shape`,
    );
    total += bytes.length;
    if (tensor.quantization === null) expectSameNumbers(tensor.name, stored, bytes, numbers);
  }
  const held = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  // An archive unpacks a byte to 1,032 at most, a varint of a byte is a number of at most eight; else every byte is one tensor's.
  const most = held * (main.size > 1 && files[main.name]?.[0] === 0x50 ? 1032 : 8);
  expectTrue(total <= most, `${held} bytes of files hold tensors of ${total}`);
  if (architecture === null) return;
  const parameters = new Map(
    listParameters(architecture.architecture).map((parameter) => [parameter.name, parameter]),
  );
  for (const { parameter, tensor, view } of architecture.parameters) {
    const shape = parameters.get(parameter);
    const size = view.reduce((product, extent) => product * extent, 1);
    expectTrue(shape !== undefined && shape.rows * shape.columns === size, `${parameter} has another size`);
    expectTrue(tensors.find(({ name }) => name === tensor)?.size === size, `${tensor} has another size`);
  }
}

/** Bytes a number, by the formats' own definitions of their types. @type {Readonly<Record<string, number>>} */
const widths = {
  ...{ f64: 8, f32: 4, f16: 2, bf16: 2, f8e4m3: 1, f8e5m2: 1, bool: 1 },
  ...{ i64: 8, i32: 4, i16: 2, i8: 1, u64: 8, u32: 4, u16: 2, u8: 1 },
};

/** The platform's own decoding, of types that it has. @type {Readonly<Record<string, (view: DataView, at: number) => number>>} */
const decoders = {
  f64: (view, at) => view.getFloat64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
  u64: (view, at) => Number(view.getBigUint64(at, true)),
  i32: (view, at) => view.getInt32(at, true),
  u32: (view, at) => view.getUint32(at, true),
  i16: (view, at) => view.getInt16(at, true),
  u16: (view, at) => view.getUint16(at, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
  bf16: (view, at) => new Float32Array(Uint32Array.of(view.getUint16(at, true) << 16).buffer)[0] ?? 0,
};

/**
 * @param {string} name
 * @param {string} dtype
 * @param {Uint8Array} bytes
 * @param {Float32Array | Float64Array} numbers
 */
function expectSameNumbers(name, dtype, bytes, numbers) {
  const decode = decoders[dtype];
  if (decode === undefined) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = widths[dtype] ?? 1;
  for (let i = 0; i < numbers.length; i++) {
    expectTrue(
      Object.is(numbers[i], decode(view, i * width)),
      `${name} has another number ${i} than its bytes`,
    );
  }
}

/**
 * @param {boolean} holds
 * @param {string} what
 */
function expectTrue(holds, what) {
  if (!holds) throw new Error(`readAll: ${what}`);
}
