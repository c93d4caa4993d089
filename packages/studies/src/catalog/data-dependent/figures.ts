/** A figure a regression: the loss against the epochs, median and the middle two thirds of the runs of every initializer. */
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { bandMark, lineMark, pointMark } from '../../figures/pixel-marks.js';
import { logAxis } from '../../figures/value-axes.js';
import { comparedInitializer, comparedInitializerNames } from '../../regression/compared-initializers.js';
import { optimizerText } from '../../regression/optimizers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countText, listText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import type { DataDependentCurve, DataDependentSummary } from './summarize.js';

/** A symbol stands on every so many recorded points of a line, to tell lines apart without color. */
const pointsPerSymbol = 10;

/** One figure a regression. */
export function figures(summary: DataDependentSummary): readonly Figure[] {
  return [...new Set(summary.curves.map(({ target }) => target))].map((target) => {
    const curves = summary.curves.filter((curve) => curve.target === target);
    return pixelFigure(
      {
        name: `data-dependent-${target}`,
        title: `Loss against epochs: ${targetTitle(target)}`,
        caption: captionOf(summary, curves),
      },
      () => drawing(curves),
    );
  });
}

function captionOf({ spec }: DataDependentSummary, curves: readonly DataDependentCurve[]): string {
  const { points = 0, width = 0 } = curves[0] ?? {};
  const runs = [...new Set(curves.map((curve) => curve.runs))].map(countText);
  const diverged = curves.reduce((sum, curve) => sum + curve.diverged, 0);
  return (
    `Mean squared error over ${countText(points)} points of a net with one hidden layer of ${countText(width)} ReLU neurons; ` +
    `${optimizerText(spec.optimizer)}, all points a step. Lines: medians of ${listText(runs)} runs; bands: their middle two ` +
    `thirds. ${diverged === 0 ? 'No training' : countText(diverged)} diverged.`
  );
}

function drawing(curves: readonly DataDependentCurve[]): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const last = curves.reduce((most, { epochs }) => Math.max(most, epochs.at(-1) ?? 0), 1);
  const x = affine([0, last], [frame.left + 8, frame.right - 8]);
  const losses = curves.flatMap(({ lowerLoss, upperLoss }) => [...lowerLoss, ...upperLoss].map(readNumber));
  const axis = logAxis(losses);
  const series = curves.flatMap((curve, order) => {
    const name = comparedInitializerNames.find((candidate) => candidate === curve.initializer);
    if (name === undefined) return [];
    const { title, style } = comparedInitializer(name);
    const at = (values: readonly number[], i: number) => axis.place(readNumber(values[i] ?? Number.NaN));
    const spots = curve.epochs.map((epoch, i) => ({
      x: x(epoch),
      y: at(curve.medianLoss, i),
      from: at(curve.lowerLoss, i),
      to: at(curve.upperLoss, i),
    }));
    // Each series starts its symbols elsewhere, so that lines that coincide show all of theirs.
    const symbols = spots.filter((_, i) => i % pointsPerSymbol === (2 * order) % pointsPerSymbol);
    return [{ title, style, spots, symbols }];
  });
  return {
    x: {
      title: [{ text: 'epochs' }],
      ticks: epochTicks(last).map((epoch) => ({ at: x(epoch), text: countText(epoch) })),
    },
    y: { title: [{ text: 'mean squared error' }], ticks: axis.ticks },
    marks: [
      ...series.map(({ spots, style }) => bandMark(spots, style)),
      ...series.map(({ spots, style }) => lineMark(spots, style)),
      ...series.map(({ symbols, style }) => pointMark(symbols, style)),
    ],
    texts: [],
    labels: series.map(({ title, style, spots }) => ({
      y: spots.at(-1)?.y ?? frame.bottom,
      heading: null,
      series: [{ title, style }],
    })),
    styles: series.map(({ style }) => style),
  };
}

/** Four to eight round numbers from 0 to `last`. */
function epochTicks(last: number): readonly number[] {
  let step = 1;
  for (let decade = 1; step * 8 < last; decade *= 10) {
    step = [1, 2, 5].map((digit) => digit * decade).find((candidate) => candidate * 8 >= last) ?? 10 * decade;
  }
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}
