/** Figure 1b: epochs to the target accuracy against depth, a curve an initializer. */

import { curveSeries } from '../../lengths/curve-style.js';
import { curveOf, initializersOf } from '../../lengths/reading.js';
import { countText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { epochsCaption, epochsFigure } from '../../training/epochs-figure.js';
import { accuracyText, trainingDataText, trainingSettingsText } from '../../training/epochs-words.js';
import type { Figure1Summary } from './summary.js';

/**
 * Figure 1b of a summary. Draws an empty frame when the summary has no trainings.
 *
 * @param summary may hold any choice of initializers and depths
 */
export function figure1b(summary: Figure1Summary): Figure {
  const { training, spec } = summary;
  const target = spec.training?.targetAccuracy;
  return epochsFigure({
    name: 'figure-1b',
    title: `Epochs to ${accuracyText(target)} against depth`,
    caption: captionOf(summary),
    axisTitle: [{ text: 'depth ' }, { text: 'd', italic: true }, { text: ' (hidden layers; width = depth)' }],
    axis: 'tried',
    curves: initializersOf(training).map((initializer) => ({
      series: curveSeries(initializer),
      points: curveOf(training, initializer).map((cell) => ({ at: cell.depth, cell })),
    })),
    cap: spec.training?.maxEpochs,
    target,
  });
}

function captionOf({ training, spec }: Figure1Summary): string {
  if (training.length === 0) return 'This study trained no nets.';
  const part = spec.training;
  const runs = [...new Set(training.map((cell) => cell.runs))].sort((a, b) => a - b);
  const settings =
    part === null
      ? ''
      : ` ReLU nets with width = depth and zero biases on ${trainingDataText(part)}; ${trainingSettingsText(part)}.`;
  return (
    `Epochs to ${accuracyText(part?.targetAccuracy)}, ${runs.map(countText).join(' or ')} runs a point.${settings} ` +
    epochsCaption(training, 'Initializers', 'depth')
  );
}
