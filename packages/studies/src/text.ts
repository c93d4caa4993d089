/**
 * @kindling/studies/text — numbers, counts, laws and command lines in words, and JSON that says what is not finite. It lies
 * behind an entry of its own so that what only speaks does not load the studies and what draws their figures.
 */
export { commandLine } from './report/command-line.js';
export { durationText, timeLeftText } from './report/duration-text.js';
export { fittedLawTitle, lawPText, lawText, pValueOf } from './report/law-text.js';
export {
  countOf,
  countText,
  listText,
  numberText,
  percentText,
  powerOfTenText,
} from './report/number-text.js';
export {
  canonicalJson,
  decodeNumber,
  encodeNonFinite,
  encodeNumber,
  type JsonObject,
  type JsonValue,
} from './spec/canonical-json.js';
