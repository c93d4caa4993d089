/** JSON of unknown origin. */
import { ModelFormatError } from '../../errors/model-format-error.js';
import { checkJson } from './check-json.js';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * @param bytes UTF-8
 * @param file for messages
 * @throws ModelFormatError for bytes that are no UTF-8 or no JSON, lists and objects more than 64 deep, more than two million values, or
 * an object that has a key twice (`JSON.parse` would silently take the last)
 */
export function parseJsonBytes(bytes: Uint8Array, file: string): unknown {
  // Before parsing, because what walks the value later recurses.
  checkJson(bytes, file);
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
