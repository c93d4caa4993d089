/** Canonical JSON for people: the same key order and number spelling, laid out over lines. */
import { canonicalJson, type JsonValue } from '../spec/canonical-json.js';

/**
 * `value` with sorted keys, two spaces a level and a newline at the end. Equal values give equal bytes.
 *
 * @throws InvalidArgumentError for NaN, ±Infinity and other values that are not JSON.
 */
export function prettyJson(value: JsonValue): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`;
}
