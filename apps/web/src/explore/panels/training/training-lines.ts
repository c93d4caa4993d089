/** From what trainings have shown to lines of the drawings. */
import type { ChartLine } from '../../charts/line-chart.js';
import type { EpochSeen } from '../../jobs/training-run.js';
import { seriesLetters } from '../../series.js';
import type { TrainingSeen } from './training-session.js';

/** What is drawn. */
export interface TrainingsShown {
  readonly trainings: readonly TrainingSeen[];
  readonly before: TrainingSeen | null;
}

/** Share of the test images that are right, by epoch. */
export function accuracyLines(shown: TrainingsShown): readonly ChartLine[] {
  return linesOf(shown, 0, ({ epochs }) => epochs.map(({ testAccuracy }) => testAccuracy));
}

/**
 * Loss by epoch. Of images the mean over an epoch, which begins with the first; of a function its error, to base 10.
 */
export function lossLines(shown: TrainingsShown, ofFunction: boolean): readonly ChartLine[] {
  return linesOf(shown, 0, ({ epochs }) =>
    epochs.map(({ epoch, loss }) => (ofFunction ? Math.log10(loss) : epoch === 0 ? null : loss)),
  );
}

/** log₁₀ of the squared gradient at every layer, after the newest epoch. */
export function gradientLines(shown: TrainingsShown): readonly ChartLine[] {
  return linesOf(shown, 1, ({ epochs }) => gradientsOf(epochs.at(-1)));
}

function gradientsOf(epoch: EpochSeen | undefined): readonly number[] {
  return (epoch?.layers ?? []).map(({ logGradient }) => Number(logGradient) / Math.LN10);
}

function linesOf(
  { trainings, before }: TrainingsShown,
  from: number,
  valuesOf: (training: TrainingSeen) => readonly (number | null)[],
): readonly ChartLine[] {
  const lineOf = (training: TrainingSeen, faint: boolean): ChartLine => ({
    series: seriesLetters[training.index] ?? 'a',
    values: valuesOf(training),
    from,
    faint,
  });
  return [
    ...(before === null ? [] : [lineOf(before, true)]),
    ...trainings.map((training) => lineOf(training, false)),
  ];
}
