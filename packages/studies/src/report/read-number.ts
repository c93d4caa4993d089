/** Numbers of a summary, which may come from memory or from `summary.json`. */
import { decodeNumber, type JsonValue } from '../spec/canonical-json.js';

/** A number of a summary, which may be spelled "NaN", "Infinity" or "-Infinity"; null and other values read as NaN. */
export function readNumber(value: JsonValue): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return decodeNumber(value);
  return Number.NaN;
}
