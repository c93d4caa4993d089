/** What `JSON.parse` lets pass: endless nesting, endless values, and keys that stand twice. */

import { ModelFormatError } from '../../errors/model-format-error.js';
import { printableName } from '../../errors/printable-name.js';

/** Deepest nesting that is taken. A Keras configuration has about ten levels. */
const mostNested = 64;

/**
 * Values that are taken in all. One takes two bytes of text and more than fifty of memory; a graph of 50,000 operations has about
 * a million, a header of 100,000 tensors as many.
 */
const mostValues = 2_000_000;

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Looks at the tokens only; whether they are JSON is for the parser to say.
 *
 * @throws ModelFormatError for lists and objects more than 64 deep, more than two million values, and an object with a key twice
 */
export function checkJson(bytes: Uint8Array, file: string): void {
  // The keys of every list and object that is open, from its first one on: most of those that are many are empty.
  const open: (Set<string> | null)[] = [];
  let [start, end, values] = [0, 0, 1];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      start = i;
      for (i++; i < bytes.length && bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
      end = Math.min(i + 1, bytes.length);
    } else if (byte === comma || byte === openBrace || byte === openBracket) {
      // As many values as commas, and one more in whatever opens.
      if (++values > mostValues) {
        throw new ModelFormatError(
          `openModel: ${file} holds JSON of too many values by byte ${i}; expected at most ${mostValues}, got more`,
          { details: { file, offset: i, expected: mostValues, got: values } },
        );
      }
      if (byte === comma) continue;
      open.push(null);
      if (open.length > mostNested) {
        throw new ModelFormatError(
          `openModel: ${file} holds JSON nested too deeply at byte ${i}; expected at most ${mostNested} levels`,
          { details: { file, offset: i, expected: mostNested, got: open.length } },
        );
      }
    } else if (byte === closeBrace || byte === closeBracket) open.pop();
    else if (byte === colon) {
      const keys = open.at(-1) ?? new Set<string>();
      const key = textOf(bytes.subarray(start, end));
      if (keys.has(key)) {
        throw new ModelFormatError(
          `openModel: ${file} has the key ${printableName(key)} twice, again at byte ${start}; expected every key once`,
          { details: { file, offset: start, got: printableName(key) } },
        );
      }
      keys.add(key);
      if (open.length > 0) open[open.length - 1] = keys;
    }
  }
}

const decoder = new TextDecoder();

/** A key's text with its quotes, escapes resolved so that two spellings of one key are equal. */
function textOf(token: Uint8Array): string {
  const text = decoder.decode(token);
  if (!text.includes('\\')) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
