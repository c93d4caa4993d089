/** Figure 3a, epochs against depth, and 3b, the same runs against Σ 1/n_j. */
import { countText, listText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { type EpochsCurve, epochsCaption, epochsFigure } from '../../training/epochs-figure.js';
import { accuracyText, trainingDataText, trainingSettingsText } from '../../training/epochs-words.js';
import { patternSeries } from './pattern-series.js';
import type { Figure3Point, Figure3Summary } from './summarize.js';

/** Both figures. */
export function figures(summary: Figure3Summary): readonly Figure[] {
  const { points, spec } = summary;
  const { maxEpochs: cap, targetAccuracy: target } = spec;
  return [
    epochsFigure({
      name: 'figure-3a',
      title: `Epochs to ${accuracyText(target)} against depth`,
      caption: captionOf(summary, 'depth'),
      axisTitle: [{ text: 'depth ' }, { text: 'd', italic: true }, { text: ' (hidden layers)' }],
      axis: 'tried',
      curves: curvesOf(summary, ({ depth }) => depth),
      cap,
      target,
    }),
    epochsFigure({
      name: 'figure-3b',
      title: `Epochs to ${accuracyText(target)} against the sum of reciprocal widths`,
      caption: captionOf(summary, 'sum'),
      axisTitle: [
        { text: 'S', italic: true },
        { text: ' = Σ 1/' },
        { text: 'n', italic: true },
        { text: 'j', italic: true, shift: 'sub' },
        { text: ' over the hidden layers' },
      ],
      axis: 'linear',
      curves: curvesOf({ points, spec }, ({ sumReciprocalWidths }) => sumReciprocalWidths),
      cap,
      target,
    }),
  ];
}

function curvesOf(
  { points, spec }: Pick<Figure3Summary, 'points' | 'spec'>,
  at: (point: Figure3Point) => number,
): readonly EpochsCurve[] {
  return spec.patterns.map((name) => ({
    series: patternSeries(name),
    points: points
      .filter(({ pattern }) => pattern === name)
      .map((cell) => ({ at: at(cell), cell }))
      .sort((a, b) => a.at - b.at),
  }));
}

function captionOf({ points, spec }: Figure3Summary, value: 'depth' | 'sum'): string {
  const runs = [...new Set(points.map((point) => point.runs))].map(countText);
  const shared =
    value === 'depth'
      ? 'The first four patterns have the same Σ 1/n_j at equal depth, the last a smaller one. '
      : 'S = Σ 1/n_j over the hidden layers. ';
  return (
    `Epochs to ${accuracyText(spec.targetAccuracy)}, ${listText(runs)} runs a point: ReLU nets of five width patterns, He normal, zero biases, on ` +
    `${trainingDataText(spec)}; ${trainingSettingsText(spec)}. ${shared}` +
    epochsCaption(points, 'Patterns', value)
  );
}
