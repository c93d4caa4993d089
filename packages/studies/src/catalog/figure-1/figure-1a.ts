/** Figure 1a: mean length of the last hidden layer against depth, theory as lines, simulation as points. */
import { lengthsFigure } from '../../lengths/lengths-figure.js';
import { countOf, countText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import type { Figure1Summary } from './summary.js';

/**
 * Figure 1a of a summary. Draws an empty frame when the summary has no lengths.
 *
 * @param summary may hold any choice of initializers and depths
 */
export function figure1a(summary: Figure1Summary): Figure {
  return lengthsFigure({
    name: 'figure-1a',
    title: 'Mean length of the last hidden layer against depth',
    caption: captionOf(summary),
    depthMeans: 'hidden layers; width = depth',
    points: summary.lengths,
  });
}

function captionOf({ lengths }: Figure1Summary): string {
  if (lengths.length === 0) return 'This study measured no lengths.';
  const trials = [...new Set(lengths.map((cell) => cell.trials))].sort((a, b) => a - b);
  const dead = lengths.reduce((sum, cell) => sum + cell.deadTrials, 0);
  const each = trials.map(countText).join(' or ');
  return (
    `Mean of M_d / M_0 over ${each} random nets a point: fully connected, ReLU, zero biases, width = depth in every layer, one random input of unit norm a net. ` +
    'Lines: theory, E[M_j] = (s²/2) · E[M_j−1] for weights of variance s²/fan-in. ' +
    'Points: simulation; bars: one predicted standard error to either side, dotted to the floor of the axis where the mean less the error is not positive. ' +
    'Points of curves that coincide stand side by side at the same depth. ' +
    (dead === 0
      ? 'No net was dead.'
      : `${countOf(dead, 'dead net')} (M_d = 0 exactly) count in the means as zeros.`)
  );
}
