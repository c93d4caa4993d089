/** The figures of the explorable: lengths by layer with theory, trainings side by side, gradients by layer. */
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, type PixelTick, pixelFigure } from '../../figures/pixel-figure.js';
import { bandMark, lineMark, type PixelPoint } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { decadeAxis, logAxis, roundTicks, shareAxis } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { JsonValue } from '../../spec/canonical-json.js';
import type { Figure } from '../../study.js';
import type { ExploreSummary, ExploreSummaryRow } from './summarize.js';

type Drawing = Omit<PixelDrawing, 'name' | 'title' | 'caption'>;

const colors = ['blue', 'amber', 'green', 'purple'] as const;
const symbols = ['circle', 'diamond', 'square', 'triangle'] as const;

/** The look of a configuration by its place. */
export function exploreStyle(index: number): SeriesStyle {
  const color = seriesColors[colors[index % colors.length] ?? 'blue'];
  return {
    className: `net-${index + 1}`,
    ...color,
    symbol: symbols[index % symbols.length] ?? 'circle',
    filled: true,
  };
}

/** Those of the parts that were run. */
export function figures(summary: ExploreSummary): readonly Figure[] {
  const { configurations, spec } = summary;
  const nets = spec.lengths?.nets ?? 0;
  const isFunction = spec.data.kind === 'function';
  return [
    ...(spec.lengths === null
      ? []
      : [
          pixelFigure(
            {
              name: 'explore-lengths',
              title: 'Length by layer: theory and random nets',
              caption: `Length M_j / M_0 of every hidden layer, a residual block being one; ${countOf(nets, 'random net')} a configuration. Solid: the median; band: 5 to 95 % of the living nets; thin: single nets. Dashed: theory, E[M_j]. ${deadText(configurations)}`,
            },
            () => lengthsDrawing(configurations),
          ),
        ]),
    ...(spec.training === null
      ? []
      : [
          pixelFigure(
            {
              name: 'explore-training',
              title: isFunction ? 'Loss against epochs' : 'Test accuracy against epochs',
              caption: `${isFunction ? 'Mean squared error over all points' : 'Test accuracy'} after every epoch, a line a run; dashed: the target, ${spec.training.target}. ${outcomesText(configurations)}`,
            },
            () => trainingDrawing(configurations, spec.training?.target ?? Number.NaN),
          ),
          pixelFigure(
            {
              name: 'explore-gradients',
              title: 'Gradient by layer before the first step',
              caption:
                'Mean of ‖∂L/∂act_j‖² of the first run of every configuration, L a random linear function of the outputs, before the first step; solid. Dashed: where it was looked at last.',
            },
            () => gradientsDrawing(configurations),
          ),
        ]),
  ];
}

function deadText(rows: readonly ExploreSummaryRow[]): string {
  const dead = rows.reduce((sum, { lengths }) => sum + (lengths?.dead ?? 0), 0);
  return dead === 0 ? 'No net was dead.' : `${countOf(dead, 'dead net')} (length exactly 0) are not drawn.`;
}

function outcomesText(rows: readonly ExploreSummaryRow[]): string {
  const all = rows.flatMap(({ training }) => training?.outcomes ?? []);
  const reached = all.filter((outcome) => outcome === 'reached').length;
  const diverged = all.filter((outcome) => outcome === 'diverged').length;
  return `${countText(reached)} of ${countOf(all.length, 'run')} reached it${diverged === 0 ? '' : `, ${countText(diverged)} diverged`}.`;
}

/** Natural logarithms as decades. */
function decades(log: JsonValue): number {
  return readNumber(log) / Math.LN10;
}

function layerAxis(depth: number) {
  const place = affine([1, Math.max(2, depth)], [frame.left + 8, frame.right - 8]);
  const ticks = roundTicks(depth)
    .filter((layer) => Number.isInteger(layer) && layer >= 1)
    .map((layer): PixelTick => ({ at: place(layer), text: countText(layer) }));
  return { place, ticks };
}

/** What can be drawn: a value that is not finite ends the line. */
function pointsOf(
  values: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): readonly PixelPoint[] {
  const end = values.findIndex((value) => !Number.isFinite(value));
  return values.slice(0, end < 0 ? values.length : end).map((value, index) => ({ x: x(index), y: y(value) }));
}

const dashed = { strokeDasharray: '5 3', strokeWidth: 1.4 } as const;
const thin = { strokeWidth: 0.6, strokeOpacity: 0.5 } as const;
/** Single nets a configuration that are drawn. */
const drawnNets = 5;

function labelsOf(
  rows: readonly ExploreSummaryRow[],
  heightOf: (row: ExploreSummaryRow, index: number) => number,
) {
  return rows.map((row, index) => ({
    y: heightOf(row, index),
    heading: null,
    series: [{ title: row.configuration, style: exploreStyle(index), sample: 'line' as const }],
  }));
}

function lengthsDrawing(rows: readonly ExploreSummaryRow[]): Drawing {
  const depth = rows.reduce((most, { lengths }) => Math.max(most, lengths?.layers.length ?? 0), 1);
  const x = layerAxis(depth);
  const drawn = rows.map(({ lengths, theory }, index) => {
    const layers = lengths?.layers ?? [];
    const quantile = (point: number) => layers.map(({ quantiles }) => decades(quantiles?.[point] ?? null));
    return {
      style: exploreStyle(index),
      theory: theory.layers.map(({ logEstimate }) => decades(logEstimate)),
      low: quantile(0),
      middle: quantile(2),
      high: quantile(4),
      singles: (lengths?.singles ?? []).slice(0, drawnNets).map((net) => net.map(decades)),
    };
  });
  const y = decadeAxis([0, ...drawn.flatMap(({ theory, low, high }) => [...theory, ...low, ...high])]);
  const line = (values: readonly number[]) => pointsOf(values, (i) => x.place(i + 1), y.place);
  return {
    x: { title: [{ text: 'layer' }], ticks: x.ticks },
    y: {
      title: [
        { text: 'length M' },
        { text: 'j', shift: 'sub' },
        { text: ' / M' },
        { text: '0', shift: 'sub' },
      ],
      ticks: y.ticks,
    },
    marks: [
      ...drawn.map(({ style, low, middle, high }) =>
        bandMark(
          line(middle).flatMap((point, i) => {
            const [from = Number.NaN, to = Number.NaN] = [low[i], high[i]];
            return Number.isFinite(from) && Number.isFinite(to)
              ? [{ ...point, from: y.place(from), to: y.place(to) }]
              : [];
          }),
          style,
        ),
      ),
      ...drawn.flatMap(({ style, singles }) => singles.map((net) => lineMark(line(net), style, thin))),
      ...drawn.map(({ style, theory }) => lineMark(line(theory), style, dashed)),
      ...drawn.map(({ style, middle }) => lineMark(line(middle), style)),
    ],
    texts: [],
    labels: labelsOf(rows, (_, index) => line(drawn[index]?.middle ?? []).at(-1)?.y ?? frame.bottom),
    styles: drawn.map(({ style }) => style),
  };
}

function trainingDrawing(rows: readonly ExploreSummaryRow[], target: number): Drawing {
  const runs = rows.map(({ training }, index) => {
    const accuracy = training?.testAccuracy ?? null;
    return {
      style: exploreStyle(index),
      isFunction: accuracy === null,
      runs: (accuracy ?? training?.loss ?? []).map((values) => values.map(readNumber)),
    };
  });
  const all = runs.flatMap((each) => each.runs);
  const last = all.reduce((most, values) => Math.max(most, values.length - 1), 1);
  const place = affine([0, last], [frame.left + 8, frame.right - 8]);
  const isFunction = runs.some((each) => each.isFunction);
  const y = isFunction ? logAxis([target, ...all.flat()]) : shareAxis();
  const line = (values: readonly number[]) => pointsOf(values, place, y.place);
  const goal = [place(0), place(last)].map((x): PixelPoint => ({ x, y: y.place(target) }));
  return {
    x: {
      title: [{ text: 'epochs' }],
      ticks: roundTicks(last)
        .filter(Number.isInteger)
        .map((epoch): PixelTick => ({ at: place(epoch), text: countText(epoch) })),
    },
    y: { title: [{ text: isFunction ? 'mean squared error' : 'test accuracy' }], ticks: y.ticks },
    marks: [
      lineMark(goal, targetStyle, dashed),
      ...runs.flatMap((each) =>
        each.runs.map((values) =>
          lineMark(line(values), each.style, each.runs.length > 1 ? { strokeWidth: 1 } : {}),
        ),
      ),
    ],
    texts: [],
    labels: labelsOf(rows, (_, index) => line(runs[index]?.runs[0] ?? []).at(-1)?.y ?? frame.bottom),
    styles: [...runs.map(({ style }) => style), targetStyle],
  };
}

const targetStyle: SeriesStyle = {
  className: 'target',
  ...seriesColors.gray,
  symbol: 'circle',
  filled: false,
};

function gradientsDrawing(rows: readonly ExploreSummaryRow[]): Drawing {
  const drawn = rows.map(({ training }, index) => {
    const looks = training?.layersAt ?? [];
    const logs = (look: (typeof looks)[number] | undefined) =>
      (look?.layers ?? []).map(({ logGradient }) => decades(logGradient));
    return { style: exploreStyle(index), first: logs(looks[0]), last: logs(looks.at(-1)) };
  });
  const depth = drawn.reduce((most, { first }) => Math.max(most, first.length), 1);
  const x = layerAxis(depth);
  const y = decadeAxis([0, ...drawn.flatMap(({ first, last }) => [...first, ...last])]);
  // Vanished gradients are at the first layers: there the line begins later.
  const line = (values: readonly number[]) =>
    values.flatMap((value, i) => (Number.isFinite(value) ? [{ x: x.place(i + 1), y: y.place(value) }] : []));
  return {
    x: { title: [{ text: 'layer' }], ticks: x.ticks },
    y: { title: [{ text: 'squared gradient by the layer’s output' }], ticks: y.ticks },
    marks: [
      ...drawn.map(({ style, last }) => lineMark(line(last), style, dashed)),
      ...drawn.map(({ style, first }) => lineMark(line(first), style)),
    ],
    texts: [],
    labels: labelsOf(rows, (_, index) => line(drawn[index]?.first ?? []).at(-1)?.y ?? frame.bottom),
    styles: drawn.map(({ style }) => style),
  };
}
