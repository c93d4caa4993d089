/** The figures of a figure-1 summary: one a part that was run. */
import type { Figure } from '../../study.js';
import { figure1a } from './figure-1a.js';
import { figure1b } from './figure-1b.js';
import type { Figure1Summary } from './summary.js';

export { figure1a } from './figure-1a.js';
export { figure1b } from './figure-1b.js';

/** Figures 1a and 1b, each only when the summary has its part. */
export function figures(summary: Figure1Summary): readonly Figure[] {
  return [
    ...(summary.lengths.length > 0 ? [figure1a(summary)] : []),
    ...(summary.training.length > 0 ? [figure1b(summary)] : []),
  ];
}
