/** JSON of unknown origin. */
import { ModelFormatError } from '../../errors/model-format-error.js';

/** Deepest nesting that is taken. A Keras configuration has about ten levels. */
const mostNested = 64;

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * @param bytes UTF-8
 * @param file for messages
 * @throws ModelFormatError for bytes that are no UTF-8 or no JSON, or lists and objects more than 64 deep
 */
export function parseJsonBytes(bytes: Uint8Array, file: string): unknown {
  // Before parsing, because what walks the value later recurses.
  checkNesting(bytes, file);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 160) : String(cause);
    throw new ModelFormatError(`openModel: ${file} holds broken JSON; expected UTF-8 JSON, got ${reason}`, {
      details: { file, got: reason },
      cause,
    });
  }
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of an object, and `undefined` of anything else; never one of the prototype. */
export function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function checkNesting(bytes: Uint8Array, file: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > mostNested) {
        throw new ModelFormatError(
          `openModel: ${file} holds JSON nested too deeply at byte ${i}; expected at most ${mostNested} levels`,
          { details: { file, offset: i, expected: mostNested, got: depth } },
        );
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}
