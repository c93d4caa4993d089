/** Names out of files in messages: no control characters, no rewriting of terminals, no endless lines. */
import { KindlingError } from '@kindling/core';
import { collectBytes, openModel, printableName, tensorOfFloats, writeSafetensors } from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { everyFormat, type ModelFiles } from './every-format.js';
import { files, oneFile, safetensorsBytes, someFloats } from './model-files.js';

/** Clears a screen, turns text around, ends a line, rings, and half of a character. */
const hostile = '\u001b[2J\u202e\n\r\u0007\u2028\ud800\u200bname';
const harmless = '?[2J???????name';
const control = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('printableName', () => {
  it('takes out what could rewrite a terminal, and nothing else', () => {
    expect(printableName(hostile)).toBe(harmless);
    for (const name of ['dense_1/kernel:0', 'größe', '層/重み', 'a b', '😀'])
      expect(printableName(name)).toBe(name);
  });

  it('keeps beginning and end of long names', () => {
    const name = `${'encoder/'.repeat(40_000)}dense_17/kernel`;
    expect(printableName(name)).toHaveLength(80);
    expect(printableName(name)).toMatch(/^encoder\/.*…\/encoder\/.*dense_17\/kernel$/);
    expect(printableName('x'.repeat(80))).toBe('x'.repeat(80));
    // A character cut in two by the end of the room.
    expect(printableName(`${'x'.repeat(38)}😀${'y'.repeat(80)}`)).not.toMatch(control);
  });
});

/** Every message and note of a model. */
async function said(sources: Parameters<typeof openModel>[0]): Promise<readonly string[]> {
  try {
    const { notes, tensors } = await openModel(sources);
    for (const tensor of tensors) await tensor.read();
    return notes;
  } catch (error) {
    if (!KindlingError.isInstance(error)) throw error;
    return [error.message];
  }
}

describe('what is said of a file with hostile names', () => {
  it('has one line and no control characters', async () => {
    const long = `${hostile}${'z'.repeat(100_000)}`;
    const line = (name: string, fields: object) =>
      safetensorsBytes(`{${JSON.stringify(name)}:${JSON.stringify(fields)}}`);
    const cases = [
      oneFile(line(hostile, { dtype: 'F32', shape: [1], data_offsets: [0, 5] }), hostile),
      oneFile(line(long, { dtype: 'F32', shape: [1], data_offsets: [4, 8] })),
      oneFile(line(long, { dtype: long, shape: [1], data_offsets: [0, 0] })),
      oneFile(safetensorsBytes(`{${JSON.stringify(hostile)}:1,${JSON.stringify(hostile)}:2}`)),
      oneFile(new Uint8Array(40).fill(7), hostile),
    ];
    for (const sources of cases) {
      const messages = await said(sources);
      expect(messages).toHaveLength(1);
      for (const message of messages) {
        expect(message).not.toMatch(control);
        expect(message.length).toBeLessThan(700);
      }
    }
  });

  it('in every format, in errors and notes', async () => {
    const { networks, weights } = await everyFormat([
      { fanIn: 5, units: 4, kernel: someFloats(20), bias: someFloats(4) },
      { fanIn: 4, units: 2, kernel: someFloats(8), bias: someFloats(2) },
    ]);
    let seen = 0;
    for (const [format, parts] of Object.entries<ModelFiles>({ ...networks, ...weights })) {
      for (const [name, bytes] of Object.entries(parts)) {
        // The same number of bytes, so that lengths stay true: names of tensors, layers, nodes and files become hostile.
        const text = new TextDecoder('latin1').decode(bytes);
        const changed = text.replace(/dense|product|weight|biased|Dense|relu|shard/g, (word) =>
          '\u001b[2J\u0007\u009b\u0085'.slice(0, word.length).padEnd(word.length, '\u001b'),
        );
        if (changed === text) continue;
        const forged = Uint8Array.from(changed, (character) => character.charCodeAt(0));
        for (const message of await said(files({ ...parts, [name]: forged }))) {
          expect(message, `${format} ${name}`).not.toMatch(control);
          expect(message.length).toBeLessThan(2000);
          seen++;
        }
      }
    }
    expect(seen).toBeGreaterThan(8);
  });

  it('and sound names stay as they are in the model itself', async () => {
    const bytes = await collectBytes(
      writeSafetensors([tensorOfFloats(hostile.replace('\ud800', ''), [1], Float32Array.of(1))]),
    );
    const { tensors } = await openModel(oneFile(bytes));
    expect(tensors[0]?.name).toBe(hostile.replace('\ud800', ''));
  });
});
