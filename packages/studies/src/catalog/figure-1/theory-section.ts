/** What theory says beside figure 1: the factor a layer of every initializer, predicted and measured. */

import { curveTitle } from '../../lengths/curve-style.js';
import {
  deepestOf,
  factorText,
  fateOf,
  initializersOf,
  measuredFactor,
  measuredFactorText,
  predictedFactor,
} from '../../lengths/reading.js';
import { numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { ReportSection } from '../../report/report-section.js';
import type { Figure1Summary } from './summary.js';

const fateWords = { keeps: 'is kept', vanishes: 'vanishes', explodes: 'explodes' } as const;

/**
 * The section "What the theory says" of the report. Its table has a row for each initializer whose lengths were
 * measured, and is left out when none were.
 *
 * Source: Hanin & Rolnick, How to Start Training (2018), Theorem 1.
 */
export function theorySection({ lengths }: Figure1Summary): ReportSection {
  const rows = initializersOf(lengths).flatMap((initializer) => {
    const cell = deepestOf(lengths, initializer);
    if (!cell) return [];
    const factor = predictedFactor(cell);
    return [
      [
        curveTitle(initializer),
        factorText(factor, 6),
        measuredFactorText(measuredFactor(cell)),
        String(cell.depth),
        numberText(readNumber(cell.predictedLength)),
        fateWords[fateOf(factor)],
      ],
    ];
  });
  return {
    title: 'What the theory says',
    paragraphs: [
      'The length of layer j is M_j = ‖act_j‖² / n_j: the squared norm of its activations divided by its width. With weights that are symmetric about zero, have variance s²/fan-in, and zero biases, a ReLU layer multiplies its expectation by one number:',
      'E[M_j] = (s²/2) · E[M_j−1]',
      'So E[M_d] = (s²/2)^d · M_0. He’s s² = 2 is the only variance that keeps the length. Anything less vanishes exponentially with depth and anything more explodes, and the gradients go the same way: such a network is slow to start training, or diverges at once.',
      'Glorot and LeCun come to the same factor when all widths are equal. Truncating a normal law at two standard deviations without restoring its variance leaves 77 % of it, which is enough to vanish.',
    ],
    tables:
      rows.length === 0
        ? []
        : [
            {
              title: 'Factor a layer',
              columns: [
                'initializer',
                'theory, s²/2',
                'measured',
                'over depth d',
                'E[M_d] / M_0',
                'the mean length',
              ],
              rows,
            },
          ],
  };
}
