/** Figure 4: mean length of the last convolution against depth, theory beside simulation, with a typical net. */
import type { TextPiece } from '../../figures/figure-frame.js';
import { lengthsFigure } from '../../lengths/lengths-figure.js';
import { countOf, countText, listText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import type { Figure4Summary } from './summarize.js';

/** The one figure of the study. */
export function figures(summary: Figure4Summary): readonly Figure[] {
  const { points, spec } = summary;
  return [
    lengthsFigure({
      name: 'figure-4',
      title: 'Mean length of convolutional nets against depth',
      caption: captionOf(summary),
      depthMeans: `convolutional layers; channels = depth / ${spec.depthPerChannel}`,
      pointsAre: pointsAre(summary),
      untold: 'with a mean that so many nets do not tell',
      points: points.map((point) => ({
        ...point,
        meanLength: point.meanLength ?? Number.NaN,
        predictedStandardError: point.meanLengthError ?? Number.NaN,
      })),
    }),
  ];
}

/** How paddings are said. */
export const paddingWords = {
  circular: 'circular padding',
  zero: 'zero padding',
  valid: 'no padding',
} as const;

/** Whether means over the nets are drawn, and whether factors a layer to the power of the depth are in their place. */
function meansDrawn({ points }: Figure4Summary) {
  return {
    plain: points.some(({ deviation }) => deviation !== null),
    layered: points.some(({ deviation, meanLength }) => deviation === null && meanLength !== null),
  };
}

/** What the points are where the axis, which has mean lengths, does not say it. */
function pointsAre(summary: Figure4Summary): readonly TextPiece[] | undefined {
  const { plain, layered } = meansDrawn(summary);
  if (!layered) return undefined;
  return [
    { text: `points: ${plain ? 'mean, or where it says nothing ' : ''}(mean factor a layer)` },
    { text: 'd', italic: true, shift: 'super' },
  ];
}

function captionOf(summary: Figure4Summary): string {
  const { points, spec } = summary;
  const trials = [...new Set(points.map((point) => point.trials))].sort((a, b) => a - b).map(countText);
  const dead = points.reduce((sum, { deadTrials }) => sum + deadTrials, 0);
  const { plain, layered } = meansDrawn(summary);
  const means = [
    ...(plain ? ['the mean over the nets, where a bound on its standard error is at most half of it'] : []),
    ...(layered
      ? ['the mean factor a layer to the power of the depth, where the mean over the nets says nothing']
      : []),
  ];
  return (
    `Length M_d / M_0 behind the last of d convolutions of 3 × 3 with ReLU, ${paddingWords[spec.padding]}, zero biases, for one fixed image of noise, ` +
    `${spec.size} × ${spec.size} × 3; ${listText(trials)} random nets a point, channels = depth / ${spec.depthPerChannel}, at least one. Lines: theory, the exact recursion of ` +
    `E[M_d]. ${means.length === 0 ? 'No mean is drawn: over so few nets it says nothing. ' : `Points: ${listText(means)}; bars: one standard error to either side. `}` +
    'Short strokes: a typical living net, the geometric mean exp(mean log M_d). ' +
    (dead === 0 ? 'No net was dead.' : `${countOf(dead, 'dead net')} (M_d = 0 exactly) have no logarithm.`)
  );
}
