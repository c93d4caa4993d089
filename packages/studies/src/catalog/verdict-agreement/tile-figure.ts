/**
 * The map of the verdict study: a panel an initializer, a tile a net of some width and depth. The tile's fill is the share of
 * runs that started, a cross the verdict that it will not, a frame a disagreement with the majority.
 */
import * as Plot from '@observablehq/plot';
import {
  finishFigure,
  frame,
  round,
  svgElement,
  type TextLine,
  textGroup,
} from '../../figures/figure-frame.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { countOf, countText, percentText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import type { VerdictAgreementSummary, VerdictPoint } from './summarize.js';

const className = 'kindling-verdict-map';
/** Pixels: where the panels begin, their gaps, and the most a tile takes. */
const layout = { left: 34, right: 708, top: 66, bottom: 446, columnGap: 30, rowGap: 38, tile: 34 } as const;
const mostColumns = 6;

const started: SeriesStyle = {
  className: 'tile-started',
  ...seriesColors.blue,
  symbol: 'square',
  filled: true,
};
const disagreement: SeriesStyle = {
  className: 'tile-disagreement',
  ...seriesColors.red,
  symbol: 'square',
  filled: false,
};

/** The map. */
export function tileFigure(summary: VerdictAgreementSummary): Figure {
  const { points, spec, nets } = summary;
  const title = 'Verdict and outcome over width and depth';
  const wrong = nets.falseAlarms + nets.failuresMissed;
  const caption =
    `A panel an initializer, a tile a net: hidden layers to the right, width upward. Blue: the share of ${countOf(spec.runs, 'run')} that reached ` +
    `${percentText(spec.targetAccuracy)} test accuracy on ${spec.data.name} within ${countOf(spec.maxEpochs, 'epoch')}. Cross: the verdict is that it will not start. ` +
    `Red frame: verdict and majority disagree (${countText(wrong)} of ${countOf(points.length, 'net')}).`;
  return {
    name: 'verdict-map',
    title,
    caption,
    render: (document) => {
      const svg = Plot.plot({
        document,
        className,
        width: frame.width,
        height: frame.height,
        axis: null,
        marks: [
          (_i, _s, _v, _d, context) => panels(context.document, summary),
          (_i, _s, _v, _d, context) => textGroup(context.document, legendTexts()),
          (_i, _s, _v, _d, context) => legendTiles(context.document),
        ],
      });
      return finishFigure(document, svg as SVGSVGElement, {
        className,
        title,
        description: caption,
        styles: [started, disagreement],
      });
    },
  };
}

/** A short name: long decimals of an expression say nothing. */
function panelTitle(initializer: string): string {
  return initializer.replace(/(\d\.\d{2})\d+/g, '$1');
}

function panels(document: Document, { points, spec }: VerdictAgreementSummary): SVGElement {
  const group = svgElement(document, 'g', {});
  const columns = Math.min(mostColumns, spec.initializers.length);
  const rows = Math.ceil(spec.initializers.length / columns);
  const panelWidth = (layout.right - layout.left - (columns - 1) * layout.columnGap) / columns;
  const panelHeight = (layout.bottom - layout.top - rows * layout.rowGap) / rows;
  const tileWidth = Math.min(layout.tile, panelWidth / spec.depths.length);
  const tileHeight = Math.min(layout.tile, panelHeight / spec.widths.length);
  const depths = [...spec.depths].sort((a, b) => a - b);
  const widths = [...spec.widths].sort((a, b) => b - a);
  const texts: TextLine[] = [];
  spec.initializers.forEach((initializer, index) => {
    const column = index % columns;
    const row = Math.floor(index / columns);
    const left = layout.left + column * (panelWidth + layout.columnGap);
    const top = layout.top + 14 + row * (panelHeight + layout.rowGap);
    const name = panelTitle(initializer);
    // A bold letter is some 0.61 of its size wide; a long name must end before the next panel's.
    const size = Math.min(10, round((panelWidth + layout.columnGap - 6) / (0.61 * name.length)));
    texts.push({ x: left, y: top - 5, size, pieces: [{ text: name, bold: true }] });
    for (const point of points.filter((candidate) => candidate.initializer === initializer)) {
      const x = left + depths.indexOf(point.depth) * tileWidth;
      const y = top + widths.indexOf(point.width) * tileHeight;
      tile(document, group, point, { x, y, width: tileWidth, height: tileHeight });
    }
    depths.forEach((depth, i) => {
      const place = { x: left + (i + 0.5) * tileWidth, y: top + widths.length * tileHeight + 10 };
      texts.push({
        ...place,
        size: 9,
        anchor: 'middle',
        className: 'quiet',
        pieces: [{ text: String(depth) }],
      });
    });
    widths.forEach((width, i) => {
      const place = { x: left - 4, y: top + (i + 0.5) * tileHeight + 3 };
      texts.push({ ...place, size: 9, anchor: 'end', className: 'quiet', pieces: [{ text: String(width) }] });
    });
  });
  group.appendChild(textGroup(document, texts));
  return group;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function tile(document: Document, group: SVGElement, point: VerdictPoint, box: Box): void {
  const inner = { x: box.x + 0.75, y: box.y + 0.75, width: box.width - 1.5, height: box.height - 1.5 };
  const share = point.runs === 0 ? 0 : point.reached / point.runs;
  group.appendChild(rectangle(document, inner, { class: 'band' }));
  if (share > 0) {
    const shade = { class: started.className, fill: 'currentColor', 'fill-opacity': round(share) };
    group.appendChild(rectangle(document, inner, shade));
  }
  if (point.verdict !== 'starts') group.appendChild(cross(document, inner, share > 0.5));
  if (!point.agrees) {
    const edge = {
      x: inner.x + 0.75,
      y: inner.y + 0.75,
      width: inner.width - 1.5,
      height: inner.height - 1.5,
    };
    const line = { class: disagreement.className, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 };
    group.appendChild(rectangle(document, edge, line));
  }
}

function rectangle(
  document: Document,
  { x, y, width, height }: Box,
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const place = { x: round(x), y: round(y), width: round(width), height: round(height) };
  return svgElement(document, 'rect', { ...place, ...attributes });
}

/** ✕ as a filled shape, in the color of the ground on dark tiles. */
function cross(document: Document, { x, y, width, height }: Box, onDark: boolean): SVGElement {
  const middle = { x: x + width / 2, y: y + height / 2 };
  const arm = Math.min(4.2, width / 4, height / 4);
  const half = 0.75;
  const corners = [
    [arm, arm - half],
    [half, 0],
    [arm, half - arm],
    [arm - half, -arm],
    [0, -half],
    [half - arm, -arm],
    [-arm, half - arm],
    [-half, 0],
    [-arm, arm - half],
    [half - arm, arm],
    [0, half],
    [arm - half, arm],
  ] as const;
  const points = corners.map(([dx, dy]) => `${round(middle.x + dx)},${round(middle.y + dy)}`).join(' ');
  return svgElement(document, 'polygon', {
    points,
    ...(onDark ? { class: 'hollow' } : { fill: 'currentColor' }),
  });
}

const legendTop = 30;

function legendTexts(): readonly TextLine[] {
  const y = legendTop + 11;
  return [
    { x: 14, y: 20, size: 12, pieces: [{ text: '↑ width of every hidden layer; depth →' }] },
    { x: 34, y, size: 10, pieces: [{ text: 'no run started' }] },
    { x: 132, y, size: 10, pieces: [{ text: 'all started' }] },
    { x: 214, y, size: 10, pieces: [{ text: 'verdict: will not start' }] },
    { x: 348, y, size: 10, pieces: [{ text: 'verdict and majority of runs disagree' }] },
  ];
}

function legendTiles(document: Document): SVGElement {
  const group = svgElement(document, 'g', {});
  const box = (x: number): Box => ({ x, y: legendTop, width: 14, height: 14 });
  for (const x of [14, 112, 194, 328]) group.appendChild(rectangle(document, box(x), { class: 'band' }));
  group.appendChild(rectangle(document, box(112), { class: started.className, fill: 'currentColor' }));
  group.appendChild(cross(document, box(194), false));
  const line = { class: disagreement.className, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 };
  group.appendChild(
    rectangle(document, { ...box(328), x: 329, y: legendTop + 1, width: 12, height: 12 }, line),
  );
  return group;
}
