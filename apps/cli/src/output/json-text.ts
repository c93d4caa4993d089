/** Answers as JSON. */
import { encodeNonFinite, type JsonValue } from '@kindling/studies';

/** `value` as indented JSON with a newline at its end; NaN and infinities are strings, as everywhere in Kindling. */
export function jsonText(value: JsonValue): string {
  return `${JSON.stringify(encodeNonFinite(value), null, 2)}\n`;
}
