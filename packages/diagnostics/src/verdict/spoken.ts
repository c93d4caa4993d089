/** Which verdict a number speaks for. */
import type { VerdictCode } from './diagnosis.js';

/** `code` when it is among the verdicts, else `starts`: the number then speaks for no failure. */
export function spoken(code: VerdictCode, verdicts: readonly VerdictCode[]): VerdictCode {
  return verdicts.includes(code) ? code : 'starts';
}
