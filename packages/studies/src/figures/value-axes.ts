/** Vertical axes of values: shares of trials, and positive numbers by decades. */
import { portableMath } from '@kindling/core';
import { percentText, powerOfTenText } from '../report/number-text.js';
import { affine, frame } from './figure-frame.js';
import type { PixelTick } from './pixel-figure.js';

/** A vertical axis: where a value goes, and its ticks. */
export interface ValueAxis {
  readonly place: (value: number) => number;
  readonly ticks: readonly PixelTick[];
}

/** Shares from 0 to 1, as percentages. */
export function shareAxis(): ValueAxis {
  const place = affine([0, 1], [frame.bottom, frame.top]);
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => ({ at: place(share), text: percentText(share) }));
  return { place, ticks };
}

/**
 * Positive numbers on a logarithmic axis of whole decades; what is beyond its ends is put on them.
 *
 * @param values what the axis must hold; numbers that are not finite and positive do not count
 */
export function logAxis(values: readonly number[]): ValueAxis {
  const { place, ticks } = decadeAxis(values.filter((value) => value > 0).map(log10));
  return { place: (value) => place(value > 0 ? log10(value) : Number.NEGATIVE_INFINITY), ticks };
}

/**
 * The same of numbers that are given as their logarithms to base 10, and so may lie beyond f64; `place` takes such a logarithm.
 *
 * @param exponents what the axis must hold; those that are not finite do not count
 */
export function decadeAxis(exponents: readonly number[]): ValueAxis {
  const logs = exponents.filter(Number.isFinite);
  const least = logs.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = logs.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  // The hundredth keeps a value that lies on a decade up to rounding from adding another one.
  const low = Number.isFinite(least) ? Math.floor(least + 0.01) : -1;
  const high = Number.isFinite(most) ? Math.max(low + 1, Math.ceil(most - 0.01)) : 0;
  const toPixel = affine([low, high], [frame.bottom, frame.top]);
  const place = (exponent: number) => toPixel(Math.min(high, Math.max(low, exponent)));
  const step = Math.max(1, Math.ceil((high - low) / 9));
  const ticks: PixelTick[] = [];
  for (let decade = low; decade <= high; decade += step) {
    ticks.push({ at: toPixel(decade), text: powerOfTenText(decade) });
  }
  return { place, ticks };
}

/** At most ten round numbers from 0 to `most`, in steps of 1, 2 or 5. */
export function roundTicks(most: number): readonly number[] {
  let unit = 1e-3;
  for (let i = 0; most / unit > 9.5; i++) unit *= i % 3 === 1 ? 2.5 : 2;
  return Array.from({ length: Math.floor(most / unit + 1e-9) + 1 }, (_, i) => i * unit);
}

function log10(value: number): number {
  return portableMath.log(value) / Math.LN10;
}
