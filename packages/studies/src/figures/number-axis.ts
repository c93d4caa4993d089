/** Axes of any finite numbers, with round ticks, across or up the sheet. */

import { numberText } from '../report/number-text.js';
import { affine } from './figure-frame.js';
import type { PixelTick } from './pixel-figure.js';

/** Where a number goes, and the ticks. */
export interface NumberAxis {
  readonly place: (value: number) => number;
  readonly ticks: readonly PixelTick[];
}

const mostTicks = 8;

/**
 * An axis from `low` to `high`, ticks at multiples of 1, 2 or 5 times a power of ten, at most nine; none where the ends are one.
 *
 * @param range pixels of the two ends
 */
export function numberAxis(low: number, high: number, range: readonly [number, number]): NumberAxis {
  const place = affine([low, high], range);
  if (!(high - low > 0)) return { place, ticks: [] };
  const step = roundStep((high - low) / mostTicks);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks: PixelTick[] = [];
  for (let i = first; i <= last; i++) {
    ticks.push({ at: place(i * step), text: tickText(i * step) });
  }
  return { place, ticks };
}

/** The least of 1, 2, 5 times a power of ten that is at least x > 0. */
function roundStep(x: number): number {
  let power = 1;
  while (power > x) power /= 10;
  while (power * 10 <= x) power *= 10;
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= x * (1 - 1e-9)) ?? 10 * power;
}

function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return numberText(value, 2);
  return String(Number(value.toPrecision(6))).replace('-', '−');
}
