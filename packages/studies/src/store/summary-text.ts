/** The bytes of `summary.json`. */
import { encodeNonFinite, type JsonObject } from '../spec/canonical-json.js';
import { prettyJson } from './pretty-json.js';

/** A summary as text: sorted keys, two spaces a level, non-finite numbers as words. Equal summaries, equal bytes. */
export function summaryText(summary: JsonObject): string {
  return prettyJson(encodeNonFinite(summary));
}
