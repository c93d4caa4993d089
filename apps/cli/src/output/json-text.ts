/** Answers as JSON. */
import { encodeNonFinite, type JsonValue } from '@kindling/studies/text';

/** Characters inside strings that JSON leaves as they are and terminals do not: the upper controls, formatting, separators. */
const unprintable = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * `value` as indented JSON with a newline at its end; NaN and infinities are strings, as everywhere in Kindling. Names out of files may
 * hold what rewrites a terminal: that is escaped, and means the same.
 */
export function jsonText(value: JsonValue): string {
  return `${JSON.stringify(encodeNonFinite(value), null, 2)}\n`.replace(unprintable, (found) =>
    Array.from({ length: found.length }, (_, i) => hexadecimal(found.charCodeAt(i))).join(''),
  );
}

function hexadecimal(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
