/** The figures of a figure-2 summary: those of each part that was run. */
import { countText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { epochsCaption, epochsFigure } from '../../training/epochs-figure.js';
import { accuracyText, trainingDataText, trainingSettingsText } from '../../training/epochs-words.js';
import { baseStyle, baseText, sumText } from './base-style.js';
import { figures2a } from './figure-2a.js';
import type { Figure2Summary } from './summary.js';

/** Figures 2a and 2b, each only when the summary has its part. */
export function figures(summary: Figure2Summary): readonly Figure[] {
  return [
    ...(summary.lengths.length > 0 ? figures2a(summary) : []),
    ...(summary.training.length > 0 ? [figure2b(summary)] : []),
  ];
}

function figure2b(summary: Figure2Summary): Figure {
  const { training, spec } = summary;
  const part = spec.training;
  return epochsFigure({
    name: 'figure-2b',
    title: `Epochs to ${accuracyText(part?.targetAccuracy)} against the number of modules`,
    caption: captionOf(summary),
    axisTitle: [{ text: 'modules ' }, { text: 'L', italic: true }],
    axis: 'tried',
    curves: spec.bases.map((base) => ({
      series: { title: `${baseText(base)}, ${sumText(spec, base)}`, style: baseStyle(spec, base) },
      points: training
        .filter((cell) => cell.base === base)
        .sort((a, b) => a.modules - b.modules)
        .map((cell) => ({ at: cell.modules, cell })),
    })),
    cap: part?.maxEpochs,
    target: part?.targetAccuracy,
  });
}

function captionOf({ training, spec }: Figure2Summary): string {
  const part = spec.training;
  const runs = [...new Set(training.map((cell) => cell.runs))].sort((a, b) => a - b);
  const settings =
    part === null
      ? ''
      : ` One ReLU layer from the pixels to width ${spec.width} in front (not described in the paper), L residual modules with η_l = b^l, a linear output layer; He normal weights; ` +
        `${trainingDataText(part)}; ${trainingSettingsText(part)}.`;
  return (
    `Epochs to ${accuracyText(part?.targetAccuracy)}, ${runs.map(countText).join(' or ')} runs a point.${settings} ` +
    epochsCaption(training, 'Values of b', 'L')
  );
}
