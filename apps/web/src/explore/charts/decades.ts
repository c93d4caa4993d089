/**
 * A logarithmic axis of whole decades in pixels. Values come as logarithms to base 10, because lengths leave the range of
 * f64 long before they leave the drawing.
 */
import { powerOfTenText } from '@kindling/studies';

/** A tick: where, and what stands beside it. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis. */
export interface DecadeAxis {
  /** Pixel of 10^exponent; what lies beyond an end is put on it. */
  place(exponent: number): number;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly Tick[];
}

/**
 * An axis that holds `exponents`; those that are not finite do not count.
 *
 * @param low least upper end, in decades, and most lower one: a flat net is drawn flat, not its noise enlarged
 * @param bottom pixel of the lower end
 * @param top pixel of the upper end
 */
export function decadeAxis(
  exponents: Iterable<number>,
  { low = -1, high = 1, bottom, top }: { low?: number; high?: number; bottom: number; top: number },
): DecadeAxis {
  let [least, most] = [low, high];
  for (const exponent of exponents) {
    if (exponent < least && exponent > Number.NEGATIVE_INFINITY) least = exponent;
    if (exponent > most && exponent < Number.POSITIVE_INFINITY) most = exponent;
  }
  const step = decadeStep(most - least);
  const first = Math.floor(least / step) * step;
  const last = Math.ceil(most / step) * step;
  const scale = (bottom - top) / (last - first);
  const place = (exponent: number) => bottom - (Math.min(last, Math.max(first, exponent)) - first) * scale;
  const ticks: Tick[] = [];
  for (let decade = first; decade <= last; decade += step) {
    ticks.push({ at: place(decade), text: powerOfTenText(decade) });
  }
  return { place, low: first, high: last, ticks };
}

/** Whole decades between ticks: 1, 2 or 5 times a power of ten, about eight of them. */
function decadeStep(span: number): number {
  let step = 1;
  for (let i = 0; span / step > 8; i++) step *= i % 3 === 1 ? 2.5 : 2;
  return step;
}

/** Whole numbers from `first` to `last`, at most about `count` of them, at round places; both ends are among them. */
export function layerTicks(last: number, count: number): readonly number[] {
  let step = 1;
  for (let i = 0; last / step > count; i++) step *= i % 3 === 1 ? 2.5 : 2;
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  // The last one is told even if it is not round; its neighbor gives way when it would touch.
  if (ticks.at(-1) !== last) {
    if (last - (ticks.at(-1) ?? 0) < step * 0.6) ticks.pop();
    ticks.push(last);
  }
  return ticks;
}
