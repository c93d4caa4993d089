/** Where drawings put what they are given: axes of decades, lines that break and end, areas, the glow of layers. */
import { describe, expect, it } from 'vitest';
import { decadeAxis, layerTicks } from '../../src/explore/charts/decades.js';
import { glowColor } from '../../src/explore/charts/glow.js';
import { bandPath, linePath } from '../../src/explore/charts/paths.js';
import { wholeNumber } from '../../src/explore/controls/whole-number.js';
import { lengthText } from '../../src/explore/panels/lengths/length-words.js';
import { decadesText, measuresOf } from '../../src/explore/panels/verdict/verdict-words.js';

const ends = { bottom: 100, top: 0 };
const place = { x: (index: number) => 10 * index, y: (value: number) => -value };

describe('an axis of decades', () => {
  it('holds what it is given between whole decades, and no noise enlarged', () => {
    const axis = decadeAxis([0.1, -0.2], ends);
    expect([axis.low, axis.high]).toEqual([-1, 1]);
    expect(axis.ticks.map(({ text }) => text)).toEqual(['10⁻¹', '1', '10¹']);
    expect([axis.place(-1), axis.place(0), axis.place(1)]).toEqual([100, 50, 0]);
  });

  it('goes as far as lengths do, with about eight ticks', () => {
    for (const lowest of [-3, -17, -160, -2500]) {
      const axis = decadeAxis([lowest, 0.5], ends);
      expect(axis.low).toBeLessThanOrEqual(lowest);
      expect(axis.ticks.length).toBeGreaterThan(3);
      expect(axis.ticks.length).toBeLessThan(12);
      expect(axis.ticks.some(({ text }) => text === '1')).toBe(true);
    }
  });

  it('puts what has no place on its ends: dead, infinite; and takes no account of NaN', () => {
    const axis = decadeAxis([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, -2], ends);
    expect(axis.low).toBe(-2);
    expect(axis.place(Number.NEGATIVE_INFINITY)).toBe(100);
    expect(axis.place(Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('of layers tells the first and the last, and round ones between', () => {
    expect(layerTicks(50, 10)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
    expect(layerTicks(9, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(layerTicks(61, 5)).toEqual([0, 20, 40, 61]);
    expect(layerTicks(1000, 10).at(-1)).toBe(1000);
    expect(layerTicks(1, 10)).toEqual([0, 1]);
  });
});

describe('paths', () => {
  it('break where nothing is known, and end where a net dies', () => {
    expect(linePath([1, 2], place)).toBe('M0.0 -1.0L10.0 -2.0');
    expect(linePath([1, null, 3, Number.NaN, 5], place)).toBe('M0.0 -1.0M20.0 -3.0M40.0 -5.0');
    const dead = { x: place.x, y: (value: number) => (value === Number.NEGATIVE_INFINITY ? 99 : -value) };
    expect(linePath([1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], dead)).toBe(
      'M0.0 -1.0L10.0 99.0',
    );
  });

  it('make areas of what is known on both sides', () => {
    expect(bandPath([0, 0], [1, 2], place)).toBe('M0.0 -1.0L10.0 -2.0L10.0 0.0L0.0 0.0Z');
    expect(bandPath([0, null, 0], [1, 1, 1], place).match(/Z/g)).toHaveLength(2);
    expect(bandPath([null], [1], place)).toBe('');
  });
});

describe('words and colors', () => {
  it('a layer glows as it should at the length of the input, and NaN is cold', () => {
    expect(glowColor(0)).toBe('var(--ember)');
    expect(glowColor(-3)).toContain('var(--cold) 50%');
    expect(glowColor(99)).toContain('var(--blaze) 100%');
    expect(glowColor(Number.NaN)).toBe('var(--cold)');
  });

  it('lengths beyond f64 are told, as are dead ones, NaN and infinity', () => {
    expect(lengthText(-2)).toBe('0.0100');
    expect(lengthText(-400.5)).toBe('3.16 × 10⁻⁴⁰¹');
    expect(lengthText(Number.NEGATIVE_INFINITY)).toBe('0');
    expect(lengthText(Number.POSITIVE_INFINITY)).toBe('∞');
    expect(lengthText(Number.NaN)).toBe('NaN');
    expect(lengthText(null)).toBe('–');
    expect([decadesText(-0.5), decadesText(-21), decadesText(Number.NaN)]).toEqual(['0.32', '10⁻²¹', 'NaN']);
  });

  it('a share that is nearly none or all is not told as none or all', () => {
    const numbers = { log10Typical: null, startingShare: 0.999, bornDeadProbability: 0.004 };
    const text = (startingShare: number) =>
      measuresOf({ ...numbers, startingShare } as unknown as Parameters<typeof measuresOf>[0])[0]?.text;
    expect([text(0.999), text(1), text(0.001), text(0), text(0.5)]).toEqual([
      ...['over 99 %', '100 %', 'under 1 %', '0 %', '50 %'],
    ]);
  });

  it('whole numbers are digits, in their range', () => {
    const taken: number[] = [];
    const take = wholeNumber(1000, (value) => {
      taken.push(value);
      return null;
    });
    expect([take(' 12 '), take('1000')]).toEqual([null, null]);
    expect(taken).toEqual([12, 1000]);
    for (const text of ['0', '1001', '1e2', '0x10', '-3', '2.5', '', '99999999999999999999']) {
      expect(take(text), text).toMatch(/^expected a whole number from 1 to 1000, got “/);
    }
    expect(taken).toHaveLength(2);
  });
});
