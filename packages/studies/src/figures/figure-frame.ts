/**
 * What every figure shares: the sheet's geometry, its style sheet for light and dark, and the finishing that makes
 * Plot's output a standalone SVG with the same bytes every time (own class names, no ids, no outside fonts).
 */
import * as Plot from '@observablehq/plot';
import { round } from './rounding.js';
import type { SeriesStyle } from './series-style.js';

/** Pixels of the sheet and of the plotting area in it; the margin on the right holds the labels of the series. */
export const frame = { width: 720, height: 460, left: 68, right: 512, top: 44, bottom: 408 } as const;

/** The same, as Plot's options say it. */
export const sheet = {
  width: frame.width,
  height: frame.height,
  marginLeft: frame.left,
  marginRight: frame.width - frame.right,
  marginTop: frame.top,
  marginBottom: frame.height - frame.bottom,
} as const;

const svgNamespace = 'http://www.w3.org/2000/svg';
const fontStack = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif";

/** A piece of a line of text: plain, raised or lowered, emphasized. */
export interface TextPiece {
  readonly text: string;
  readonly shift?: 'sub' | 'super';
  readonly italic?: boolean;
  readonly bold?: boolean;
}

/** A line of text at a place of the sheet, in pixels. */
export interface TextLine {
  readonly x: number;
  readonly y: number;
  readonly pieces: readonly TextPiece[];
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Classes of the style sheet, such as `quiet` or a series'. */
  readonly className?: string;
  /** Pixels; default 11. */
  readonly size?: number;
}

/** Creates an SVG element with attributes. */
export function svgElement(
  document: Document,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const element = document.createElementNS(svgNamespace, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Draws lines of text as one group. Subscripts are small and lowered by hand: `baseline-shift` is not known everywhere. */
export function textGroup(document: Document, lines: readonly TextLine[]): SVGElement {
  const group = svgElement(document, 'g', { 'aria-hidden': 'true' });
  for (const line of lines) {
    const size = line.size ?? 11;
    const element = svgElement(document, 'text', {
      x: round(line.x),
      y: round(line.y),
      'font-size': size,
      'text-anchor': line.anchor ?? 'start',
      ...(line.className === undefined ? {} : { class: line.className }),
    });
    let lowered = 0;
    for (const piece of line.pieces) {
      const target = piece.shift === 'sub' ? size * 0.25 : piece.shift === 'super' ? -size * 0.36 : 0;
      const span = svgElement(document, 'tspan', {
        ...(target === lowered ? {} : { dy: round(target - lowered) }),
        ...(piece.shift === undefined ? {} : { 'font-size': round(size * 0.76) }),
        ...(piece.italic ? { 'font-style': 'italic' } : {}),
        ...(piece.bold ? { 'font-weight': 600 } : {}),
      });
      lowered = target;
      span.textContent = piece.text;
      element.appendChild(span);
    }
    group.appendChild(element);
  }
  return group;
}

/** Draws straight strokes `[x1, y1, x2, y2]` of one class as one group. */
export function strokeGroup(
  document: Document,
  className: string,
  strokes: readonly (readonly [number, number, number, number])[],
): SVGElement {
  const group = svgElement(document, 'g', { class: className, 'aria-hidden': 'true' });
  for (const [x1, y1, x2, y2] of strokes) {
    group.appendChild(
      svgElement(document, 'line', { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) }),
    );
  }
  return group;
}

/** The affine map from [d0, d1] to [r0, r1]; a domain of no extent maps to the middle. */
export function affine(
  domain: readonly [number, number],
  range: readonly [number, number],
): (value: number) => number {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  if (d0 === d1) return () => (r0 + r1) / 2;
  return (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/**
 * A horizontal axis of the values that were tried, such as depths or widths: domain, range with room for `spread` pixels
 * about each value, ticks that fit.
 *
 * @param values ascending
 */
export function triedAxis(values: readonly number[], spread: number) {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 1;
  const domain: [number, number] = first === last ? [first - 1, last + 1] : [first, last];
  const pad = spread / 2 + 12;
  const range: [number, number] = [frame.left + pad, frame.right - pad];
  const place = affine(domain, range);
  const ticks: number[] = [];
  let occupied = Number.NEGATIVE_INFINITY;
  // The last value is the one the figure is about: it keeps its tick, whichever others must give way.
  const end = place(last);
  for (const value of values) {
    const at = place(value);
    if (value !== last && (at - occupied < 19 || end - at < 19)) continue;
    ticks.push(value);
    occupied = at;
  }
  return { domain, range, place, ticks };
}

/** The marks of such an axis: ticks, their values, and the line they stand on. */
export function triedAxisMarks(ticks: readonly number[]): Plot.Markish[] {
  return [
    Plot.axisX(ticks, {
      anchor: 'bottom',
      tickFormat: String,
      label: null,
      tickSize: 5,
      fontSize: 11,
      y: null,
    }),
    (_i, _s, _v, _d, context) =>
      strokeGroup(context.document, 'stroke', [[frame.left, frame.bottom, frame.right, frame.bottom]]),
  ];
}

/** Horizontal lines of the grid at heights in pixels. */
export function gridMark(heights: readonly number[]): Plot.RenderFunction {
  return (_i, _s, _v, _d, context) =>
    strokeGroup(
      context.document,
      'grid stroke',
      heights.map((y) => [frame.left, y, frame.right, y]),
    );
}

/** Smallest distance in pixels between neighboring values; the whole width for a single one. */
export function smallestGap(values: readonly number[], place: (value: number) => number): number {
  let gap = frame.right - frame.left;
  for (let i = 1; i < values.length; i += 1)
    gap = Math.min(gap, place(values[i] ?? 0) - place(values[i - 1] ?? 0));
  return gap;
}

/** What `finishFigure` says and styles. */
export interface FinishOptions {
  /** Class of the root element; every rule of the style sheet is scoped to it. */
  readonly className: string;
  readonly title: string;
  readonly description: string;
  readonly styles: readonly SeriesStyle[];
  /** Pixels. Default: that of `frame`. */
  readonly height?: number;
}

/** Turns Plot's `<svg>` into a standalone figure: xmlns, title and description, own style sheet, ground. */
export function finishFigure(document: Document, svg: SVGSVGElement, options: FinishOptions): SVGSVGElement {
  for (const sheet of Array.from(svg.querySelectorAll('style'))) sheet.remove();
  const root = {
    xmlns: svgNamespace,
    class: options.className,
    role: 'img',
    'aria-label': options.title,
    'font-family': fontStack,
    'font-size': 11,
  };
  for (const [key, value] of Object.entries(root)) svg.setAttribute(key, String(value));
  svg.removeAttribute('aria-description');
  const title = svgElement(document, 'title', {});
  title.textContent = options.title;
  const description = svgElement(document, 'desc', {});
  description.textContent = options.description;
  const style = svgElement(document, 'style', {});
  style.textContent = styleSheet(options);
  const ground = svgElement(document, 'rect', {
    class: 'ground',
    width: frame.width,
    height: options.height ?? frame.height,
  });
  svg.prepend(title, description, style, ground);
  return svg;
}

function styleSheet({ className, styles }: FinishOptions): string {
  const unique = [...new Map(styles.map((style) => [style.className, style])).values()];
  const theme = (
    {
      ink,
      ground,
      quiet,
      grid,
      band,
    }: Readonly<Record<'ink' | 'ground' | 'quiet' | 'grid' | 'band', string>>,
    colors: readonly [string, string][],
  ) =>
    [
      `.${className}{color:${ink};background:${ground}}`,
      `.${className} .ground,.${className} .hollow{fill:${ground}}`,
      `.${className} .quiet{color:${quiet};fill:${quiet}}`,
      `.${className} .grid{stroke:${grid}}`,
      `.${className} .band{fill:${band}}`,
      `.${className} .count{stroke:${band}}`,
      ...colors.map(([name, color]) => `.${className} .${name}{color:${color}}`),
    ].join('\n');
  const light = unique.map((style): [string, string] => [style.className, style.light]);
  const dark = unique.map((style): [string, string] => [style.className, style.dark]);
  return [
    '',
    `.${className}{display:block;max-width:100%;height:auto}`,
    `.${className} text{white-space:pre;font-variant-numeric:tabular-nums}`,
    `.${className} .count{stroke-width:3;paint-order:stroke;stroke-linejoin:round}`,
    `.${className} .stroke{stroke:currentColor;stroke-width:1;fill:none}`,
    theme({ ink: '#1c2229', ground: '#ffffff', quiet: '#5b6672', grid: '#e4e8ec', band: '#f1f3f5' }, light),
    `@media (prefers-color-scheme:dark){`,
    theme({ ink: '#e8ebee', ground: '#14181d', quiet: '#9aa5b1', grid: '#2b323a', band: '#20262d' }, dark),
    '}',
    '',
  ].join('\n');
}
