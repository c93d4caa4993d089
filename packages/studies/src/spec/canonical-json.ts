/**
 * JSON with one spelling: keys sorted by code unit, no white space, numbers as ECMAScript prints them (the shortest
 * digits that read back to the same double). Hashes of specs and the bytes of records rest on it.
 */
import { InvalidArgumentError } from '@kindling/core';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The one spelling of `value`. A non-finite number is refused, because JSON would turn it into `null`:
 * write it with `encodeNumber`.
 *
 * @throws InvalidArgumentError for NaN, ±Infinity, undefined, functions and other non-JSON values; names the path.
 */
export function canonicalJson(value: JsonValue): string {
  return spell(value, '$');
}

function spell(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value);
    throw new InvalidArgumentError(
      `canonicalJson: ${path} is ${value}; expected a finite number — use encodeNumber`,
    );
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => spell(item, `${path}[${i}]`)).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${spell(item, `${path}.${key}`)}`).join(',')}}`;
  }
  throw new InvalidArgumentError(`canonicalJson: ${path} is a ${typeof value}; expected a JSON value`);
}

/** A number as JSON: itself when finite, else "NaN", "Infinity" or "-Infinity". */
export function encodeNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Reads back what `encodeNumber` wrote. */
export function decodeNumber(value: number | string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  throw new InvalidArgumentError(
    `decodeNumber: got "${value}"; expected a number, "NaN", "Infinity" or "-Infinity"`,
  );
}

/** `value` with every non-finite number in it written as `encodeNumber` does; nothing else changes. */
export function encodeNonFinite(value: JsonValue): JsonValue {
  if (typeof value === 'number') return encodeNumber(value);
  if (Array.isArray(value)) return value.map(encodeNonFinite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encodeNonFinite(item)]));
}
