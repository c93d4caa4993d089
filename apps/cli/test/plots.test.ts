/** The drawings of the terminal: right values at right places, no line too long, nothing drawn of what is not there. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { chosenLayers } from '../src/output/chosen-layers.js';
import { histogramText } from '../src/output/histogram-text.js';
import { type LengthCurve, lengthPlot } from '../src/output/length-plot.js';
import { probabilityText } from '../src/output/probability-text.js';
import { textWidth } from '../src/output/wrap-text.js';

const plain = pc.createColors(false);
const colored = pc.createColors(true);

/** log₁₀ of a length that is multiplied by 10^slope in every layer. */
function decay(layers: number, slope: number): readonly number[] {
  return Array.from({ length: layers + 1 }, (_, layer) => slope * layer);
}

function curve(logs: readonly number[], style: LengthCurve['style'] = 'line'): LengthCurve {
  return { label: `curve of ${style}`, logs, style };
}

/** The plot's rows without axis and legend, as a label and what is drawn. */
function rowsOf(plot: string): readonly (readonly [label: string, drawn: string])[] {
  return plot
    .split('\n')
    .filter((line) => line.includes('┤'))
    .map((line) => [line.slice(0, line.indexOf('┤')).trim(), line.slice(line.indexOf('┤') + 1)] as const);
}

/** log₁₀ of a label such as 10⁻⁵, 3.2 × 10⁻⁴ or 0.25. */
function logOf(label = ''): number {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const power = /10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(label)?.[1];
  if (power === undefined) return Math.log10(Number(label));
  const exponent = [...power].map((c) => (c === '⁻' ? '-' : String(digits.indexOf(c)))).join('');
  return Number(exponent) + (label.includes('×') ? Math.log10(Number(label.split(' ')[0])) : 0);
}

describe('a plot of lengths', () => {
  it.each([
    [50, -0.011],
    [5, -0.3],
    [100, -0.78],
    [30, 0.3],
    [1000, -0.301],
    [10_000, 0.2],
  ])('of %i layers at 10^%f a layer starts and ends at the right labels', (layers, slope) => {
    for (const columns of [40, 80, 120, 400]) {
      const rows = rowsOf(lengthPlot([curve(decay(layers, slope))], columns, plain));
      expect(rows.length).toBeLessThanOrEqual(11);
      const width = Math.max(...rows.map(([, drawn]) => drawn.length));
      // Where the curve goes steeply up or down, a column holds all of the way: its start is at the far end.
      const ordered = slope < 0 ? rows : [...rows].reverse();
      const first = ordered.find(([, drawn]) => /^[─╭╮╰╯│]/.test(drawn));
      const last = ordered.findLast(([, drawn]) => drawn.length === width);
      const step = Math.abs(logOf(rows[0]?.[0]) - logOf(rows[1]?.[0]));
      // A row stands for half a step above and below it; labels have two digits.
      const slack = 0.5 * step + (0.5 * Math.abs(slope) * layers) / width + 0.03;
      expect(Math.abs(logOf(first?.[0]))).toBeLessThanOrEqual(slack);
      expect(Math.abs(logOf(last?.[0]) - slope * layers)).toBeLessThanOrEqual(slack);
    }
  });

  it('has no line longer than the terminal, and names every curve', () => {
    const curves = (['line', 'dashes', 'dots', 'rings'] as const).map((style, i) =>
      curve(decay(37, -0.1 * i), style),
    );
    for (let columns = 30; columns < 140; columns++) {
      const plot = lengthPlot(curves, columns, plain);
      for (const line of plot.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      for (const { label } of curves) expect(plot).toContain(label);
      for (const mark of ['─', '╌', '●', '○']) expect(plot).toContain(mark);
    }
  });

  it('has points on the line that has their values', () => {
    const logs = decay(40, -0.25);
    const rows = rowsOf(lengthPlot([curve(logs), curve(logs, 'dots')], 80, plain));
    const alone = rowsOf(lengthPlot([curve(logs)], 80, plain));
    for (const [row, [, drawn]] of rows.entries()) {
      for (const [x, character] of [...drawn].entries()) {
        if (character !== '●') continue;
        // The line may turn into the next row in the very column of the point.
        const near = [-1, 0, 1].map((by) => [...(alone[row + by]?.[1] ?? '')][x] ?? ' ');
        expect(near.join('').trim()).not.toBe('');
      }
    }
    expect(rows.flatMap(([, drawn]) => [...drawn]).filter((c) => c === '●').length).toBeGreaterThan(8);
  });

  it('of a flat curve has one row with a line, labelled 1', () => {
    const rows = rowsOf(lengthPlot([curve(decay(50, 0))], 80, plain));
    expect(rows.filter(([, drawn]) => drawn.trim() !== '').map(([label]) => label)).toEqual(['1']);
  });

  it('ends a curve where a length is zero or infinite, and leaves out one that never was', () => {
    const vanishing = [0, -1, -2, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(lengthPlot([curve(vanishing)], 80, plain)).toMatch(/0\.010 ┤ +╰─+\n/);
    const unknown = [0, Number.NaN, Number.NaN, Number.NaN, Number.NaN];
    const both = lengthPlot([curve(decay(4, 1)), curve(unknown, 'dashes')], 80, plain);
    expect(both).not.toContain('curve of dashes');
    expect(lengthPlot([curve(unknown)], 80, plain)).toBe('');
    expect(lengthPlot([curve([0])], 80, plain)).toBe('');
    expect(lengthPlot([], 80, plain)).toBe('');
    expect(lengthPlot([curve(decay(4, 1))], 18, plain)).toBe('');
  });

  it('is the same with colors, but for them', () => {
    const curves = [curve(decay(20, -0.2)), curve(decay(20, -0.25), 'rings')];
    const withColors = lengthPlot(curves, 80, colored);
    expect(withColors).toContain('\x1b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are control characters
    const bare = withColors.replace(/\x1b\[\d+m/g, '');
    expect(bare.split('\n').map((line) => line.trimEnd())).toEqual(lengthPlot(curves, 80, plain).split('\n'));
  });
});

describe('layers of a table', () => {
  it('are all of few, and a handful of many, the last always', () => {
    expect(chosenLayers(3)).toEqual([1, 2, 3]);
    expect(chosenLayers(12)).toHaveLength(12);
    expect(chosenLayers(50)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(chosenLayers(137)).toEqual([1, 2, 5, 10, 20, 50, 100, 137]);
    expect(chosenLayers(10_000).at(-1)).toBe(10_000);
  });
});

describe('a histogram', () => {
  const probabilities = [0, 0.0001, 0.1, 0.4, 0.3, 0.1999, 0];

  it('shows what is probable, and marks a count', () => {
    const text = histogramText(
      { probabilities, counted: 'alive', mark: { count: 3, text: 'needed' } },
      80,
      plain,
    );
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('alive  probability');
    expect(lines.slice(1).map((line) => Number.parseInt(line, 10))).toEqual([2, 3, 4, 5]);
    expect(lines[2]).toMatch(/3 +40 % +█+ {2}← needed$/);
    const bar = (line: string | undefined) => [...(line ?? '')].filter((c) => c === '█').length;
    expect(bar(lines[2]) / bar(lines[1])).toBeCloseTo(4, 0);
  });

  it('fits the terminal and has few rows', () => {
    const wide = Array.from({ length: 1001 }, () => 1 / 1001);
    for (let columns = 24; columns < 120; columns++) {
      const text = histogramText({ probabilities, counted: 'alive' }, columns, plain);
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
    expect(
      histogramText({ probabilities: wide, counted: 'alive' }, 80, plain).split('\n').length,
    ).toBeLessThan(30);
  });
});

describe('probabilities', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.5, '50 %'],
    [0.9249175, '92.5 %'],
    [0.99539, '99.54 %'],
    [0.99997, '99.997 %'],
    [0.000058, '0.0058 %'],
    [3.94e-29, '3.9 × 10⁻²⁹'],
    [1 - 1e-15, '100 %'],
  ])('%f is %s', (probability, text) => expect(probabilityText(probability)).toBe(text));
});
