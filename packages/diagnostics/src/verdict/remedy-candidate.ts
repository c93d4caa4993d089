/** A change that may help, before it is tried. */
import type { Change, VerdictCode } from './diagnosis.js';
import type { Judgment } from './judge.js';

export interface Candidate {
  /** The failure it is for. */
  readonly code: VerdictCode;
  readonly change: Change;
  /** What to do, with the numbers that came of it. */
  /** False for a change that stands for itself and is not tried together with others. Default true. */
  readonly combines?: boolean;
  readonly text: (after: Judgment, before: Judgment) => string;
}
