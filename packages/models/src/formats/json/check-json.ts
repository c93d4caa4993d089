/** What `JSON.parse` lets pass: endless nesting, and keys that stand twice. */
import { ModelFormatError } from '../../errors/model-format-error.js';

/** Deepest nesting that is taken. A Keras configuration has about ten levels. */
const mostNested = 64;

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Looks at the tokens only; whether they are JSON is for the parser to say.
 *
 * @throws ModelFormatError for lists and objects more than 64 deep, and for an object with a key twice
 */
export function checkJson(bytes: Uint8Array, file: string): void {
  // The keys of every object that is open; of a list, none.
  const open: (Set<string> | null)[] = [];
  let [start, end] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      start = i;
      for (i++; i < bytes.length && bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
      end = Math.min(i + 1, bytes.length);
    } else if (byte === openBrace || byte === openBracket) {
      open.push(byte === openBrace ? new Set() : null);
      if (open.length > mostNested) {
        throw new ModelFormatError(
          `openModel: ${file} holds JSON nested too deeply at byte ${i}; expected at most ${mostNested} levels`,
          { details: { file, offset: i, expected: mostNested, got: open.length } },
        );
      }
    } else if (byte === closeBrace || byte === closeBracket) open.pop();
    else if (byte === colon) {
      const keys = open.at(-1);
      const key = textOf(bytes.subarray(start, end));
      if (keys?.has(key)) {
        throw new ModelFormatError(
          `openModel: ${file} has the key ${key.slice(0, 80)} twice, again at byte ${start}; expected every key once`,
          { details: { file, offset: start, got: key.slice(0, 80) } },
        );
      }
      keys?.add(key);
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
