/** Vertical axes of the drawings of trainings. */
import { numberText } from '@kindling/studies';
import { decadeAxis } from '../../charts/decades.js';
import type { ChartAxis } from '../../charts/line-chart.js';
import { gradientLines, lossLines, type TrainingsShown } from './training-lines.js';

interface Ends {
  readonly top: number;
  readonly bottom: number;
}

/** From 0 to 100 %. */
export function accuracyAxis({ top, bottom }: Ends): ChartAxis {
  const place = (share: number) => bottom - Math.min(1, Math.max(0, share)) * (bottom - top);
  return { place, ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at: place(at), text: `${at * 100} %` })) };
}

/** The axis of losses reaches at least as far: a net that guesses stands there. */
const leastLoss = 2.5;

/** From 0 to what holds every loss, at least that of guessing among ten classes, log 10 ≈ 2.3. */
export function lossAxis(shown: TrainingsShown): (ends: Ends) => ChartAxis {
  // Not by Math.max of all: there can be more of them than a function takes arguments.
  const most = valuesOf(lossLines(shown, false)).reduce(
    (largest, loss) => (Number.isFinite(loss) && loss > largest ? loss : largest),
    leastLoss,
  );
  const step = niceStep(most / 4);
  const last = Math.ceil(most / step) * step;
  return ({ top, bottom }) => {
    const place = (loss: number) => bottom - (Math.min(last, Math.max(0, loss)) / last) * (bottom - top);
    const ticks = Array.from({ length: Math.round(last / step) + 1 }, (_, i) => i * step);
    return { place, ticks: ticks.map((at) => ({ at: place(at), text: numberText(at) })) };
  };
}

/** Decades of the error of a function. */
export function errorAxis(shown: TrainingsShown): (ends: Ends) => ChartAxis {
  return (ends) => decadeAxis(valuesOf(lossLines(shown, true)), { low: -2, high: 0, ...ends });
}

/** Decades of squared gradients. */
export function gradientAxis(shown: TrainingsShown): (ends: Ends) => ChartAxis {
  return (ends) => decadeAxis(valuesOf(gradientLines(shown)), ends);
}

function valuesOf(lines: readonly { readonly values: readonly (number | null)[] }[]): readonly number[] {
  return lines.flatMap(({ values }) => values.filter((value) => value !== null));
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  let power = 1;
  while (power > least) power /= 10;
  while (power * 10 <= least) power *= 10;
  return power * ([1, 2, 5].find((factor) => power * factor >= least) ?? 10);
}
