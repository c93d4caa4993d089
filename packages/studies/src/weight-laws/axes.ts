/** Axes of the studies of weight laws: ratios on a logarithmic axis finer than decades, and numbers of either sign. */
import { portableMath } from '@kindling/core';
import { affine, frame } from '../figures/figure-frame.js';
import type { ValueAxis } from '../figures/value-axes.js';

const heights = [frame.bottom, frame.top] as const;

/**
 * Positive numbers on a logarithmic axis with ticks at 1, 2 and 5 of every decade; only 1 where there are more than three decades.
 *
 * @param values what the axis must hold; numbers that are not finite and positive do not count
 * @param range pixels of its ends. Default: the height of the sheet, from the bottom
 */
export function ratioAxis(values: readonly number[], range: readonly [number, number] = heights): ValueAxis {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = known.length === 0 ? [1, 10] : [Math.min(...known), Math.max(...known)];
  const low = least / 1.12;
  const high = Math.max(most * 1.12, low * 2);
  const toPixel = affine([portableMath.log(low), portableMath.log(high)], range);
  const place = (value: number) => toPixel(portableMath.log(Math.min(high, Math.max(low, value))));
  const steps = high / low > 1000 ? [1] : [1, 2, 5];
  let decade = 1;
  while (decade > low) decade /= 10;
  while (decade * 10 <= low) decade *= 10;
  const ticks: { at: number; text: string }[] = [];
  for (; decade <= high; decade *= 10) {
    for (const step of steps) {
      const value = Number((decade * step).toPrecision(3));
      if (value >= low && value <= high) ticks.push({ at: place(value), text: String(value) });
    }
  }
  return { place, ticks };
}

/** Numbers of either sign on a linear axis with five to ten round ticks, 0 among them. @param values what it must hold; others than finite ones do not count */
export function signedAxis(values: readonly number[]): ValueAxis {
  const known = values.filter(Number.isFinite);
  const least = Math.min(0, ...known);
  const most = Math.max(0, ...known);
  const extent = most - least || 1;
  let unit = 1e-6;
  for (let i = 0; extent / unit > 9; i++) unit *= i % 3 === 1 ? 2.5 : 2;
  const [first, last] = [Math.floor(least / unit - 1e-9), Math.ceil(most / unit + 1e-9)];
  const place = affine([first * unit, last * unit], heights);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = Number(((first + i) * unit).toPrecision(3));
    return { at: place((first + i) * unit), text: `${value < 0 ? '−' : ''}${Math.abs(value)}` };
  });
  return { place, ticks };
}
