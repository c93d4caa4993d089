/**
 * The map of the verdict study: a panel an initializer, a tile a net of some width and depth. The tile's fill is the share of
 * runs that started, a cross the verdict that it will not, a frame a disagreement with the majority.
 */
import * as Plot from '@observablehq/plot';
import { finishFigure, frame, svgElement, type TextLine, textGroup } from '../../figures/figure-frame.js';
import { round } from '../../figures/rounding.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { countOf, countText, percentText } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import type { VerdictAgreementSummary, VerdictPoint } from './summarize.js';

const className = 'kindling-verdict-map';
/** Pixels: where the panels begin, the gaps right of and below them, and the most a tile takes. */
const layout = { left: 34, right: 708, top: 70, bottomGap: 10, columnGap: 30, axis: 16, tile: 34 } as const;
/** Titles of panels: a bold letter is at most some 0.66 of its size wide, by the font that there is. */
const titleFont = { size: 9.5, letter: 0.66, line: 11.5 } as const;
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
        height: mapHeight(summary),
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
        height: mapHeight(summary),
      });
    },
  };
}

/** Where the panels lie, and how large they are. */
interface PanelGrid {
  readonly columns: number;
  readonly titles: readonly (readonly string[])[];
  readonly panelWidth: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Pixels above the tiles of every panel. */
  readonly titleHeight: number;
  /** From one row of panels to the next. */
  readonly rowHeight: number;
}

function panelGrid({ spec }: VerdictAgreementSummary): PanelGrid {
  const columns = Math.min(mostColumns, spec.initializers.length);
  const panelWidth = (layout.right - layout.left - (columns - 1) * layout.columnGap) / columns;
  const letters = Math.floor((panelWidth + layout.columnGap - 8) / (titleFont.letter * titleFont.size));
  const titles = spec.initializers.map((initializer) => panelTitle(initializer, letters));
  const titleHeight = Math.max(...titles.map(({ length }) => length)) * titleFont.line + 4;
  const tile = Math.min(layout.tile, panelWidth / spec.depths.length);
  const rowHeight = titleHeight + spec.widths.length * tile + layout.axis;
  return { columns, titles, panelWidth, tileWidth: tile, tileHeight: tile, titleHeight, rowHeight };
}

/** Pixels: as high as the rows of panels need. */
function mapHeight(summary: VerdictAgreementSummary): number {
  const { columns, rowHeight } = panelGrid(summary);
  const rows = Math.ceil(summary.spec.initializers.length / columns);
  return Math.ceil(layout.top + rows * rowHeight + layout.bottomGap);
}

/** The name in lines of at most `letters`, broken behind its colon or at hyphens; long decimals of an expression say nothing. */
function panelTitle(initializer: string, letters: number): readonly string[] {
  const lines: string[] = [];
  for (const part of initializer.replace(/(\d\.\d{2})\d+/g, '$1').split(/(?<=[:,-])/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= letters) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines;
}

function panels(document: Document, summary: VerdictAgreementSummary): SVGElement {
  const { points, spec } = summary;
  const group = svgElement(document, 'g', {});
  const { columns, titles, panelWidth, tileWidth, tileHeight, titleHeight, rowHeight } = panelGrid(summary);
  const depths = [...spec.depths].sort((a, b) => a - b);
  const widths = [...spec.widths].sort((a, b) => b - a);
  const texts: TextLine[] = [];
  spec.initializers.forEach((initializer, index) => {
    const column = index % columns;
    const row = Math.floor(index / columns);
    const left = layout.left + column * (panelWidth + layout.columnGap);
    const top = layout.top + titleHeight + row * rowHeight;
    const title = titles[index] ?? [];
    title.forEach((text, line) => {
      const y = top - 5 - (title.length - 1 - line) * titleFont.line;
      texts.push({ x: left, y, size: titleFont.size, pieces: [{ text, bold: true }] });
    });
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

/** Shares of runs that started, as the legend shows them. */
const legendShares = [0, 0.25, 0.5, 0.75, 1] as const;
const swatch = 14;
/** Where the entries of the legend begin. */
const legendPlaces = { shares: 14, verdict: 214, disagreement: 356 } as const;

function legendTexts(): readonly TextLine[] {
  const y = legendTop + 11;
  const beside = (x: number, text: string): TextLine => ({
    x: x + swatch + 6,
    y,
    size: 10,
    pieces: [{ text }],
  });
  const lastShare = legendPlaces.shares + (legendShares.length - 1) * swatch;
  return [
    { x: 14, y: 20, size: 12, pieces: [{ text: '↑ width of every hidden layer; depth →' }] },
    beside(lastShare, 'runs that started'),
    { x: legendPlaces.shares, y: y + 14, size: 9, className: 'quiet', pieces: [{ text: '0 %' }] },
    {
      ...{ x: lastShare + swatch, y: y + 14, size: 9, className: 'quiet', anchor: 'end' },
      pieces: [{ text: '100 %' }],
    },
    beside(legendPlaces.verdict, 'verdict: will not start'),
    beside(legendPlaces.disagreement, 'verdict and majority of runs disagree'),
  ];
}

function legendTiles(document: Document): SVGElement {
  const group = svgElement(document, 'g', {});
  const box = (x: number): Box => ({ x, y: legendTop, width: swatch, height: swatch });
  const places = legendShares.map((_, i) => legendPlaces.shares + i * swatch);
  for (const x of [...places, legendPlaces.verdict, legendPlaces.disagreement]) {
    group.appendChild(rectangle(document, box(x), { class: 'band' }));
  }
  legendShares.forEach((share, i) => {
    if (share === 0) return;
    const shade = { class: started.className, fill: 'currentColor', 'fill-opacity': share };
    group.appendChild(rectangle(document, box(places[i] ?? 0), shade));
  });
  group.appendChild(cross(document, box(legendPlaces.verdict), false));
  const line = { class: disagreement.className, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 };
  const edge = { x: legendPlaces.disagreement + 1, y: legendTop + 1, width: swatch - 2, height: swatch - 2 };
  group.appendChild(rectangle(document, edge, line));
  return group;
}
