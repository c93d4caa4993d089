/** The largest |Z| of weights by the part of their bits, before and after training, with what chance gives. */
import { type BitColumn, bitColumns } from '@kindling/diagnostics';
import { frame, strokeGroup } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { pointMark } from '../../figures/pixel-marks.js';
import { type SeriesStyle, seriesColors, theoryStyle } from '../../figures/series-style.js';
import { logAxis } from '../../figures/value-axes.js';
import { countOf } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { type IidNetName, iidNetTitles } from './nets.js';
import { largestZPoint, publishedColumns, publishedRows } from './published.js';
import type { ReadingOrder } from './reading-order.js';
import { columnTitle, orderTitles } from './report.js';
import type { IidStage, IidSummary } from './summarize.js';

const colors: Readonly<Record<IidNetName, Omit<SeriesStyle, 'className' | 'filled'>>> = {
  dense: { ...seriesColors.blue, symbol: 'square' },
  conv: { ...seriesColors.red, symbol: 'triangle' },
  'residual-bn': { ...seriesColors.green, symbol: 'diamond' },
};

/** What a net's figure is about: the kind of weights it has most of. */
const shownType: Readonly<Record<IidNetName, string>> = {
  dense: 'dense weights',
  conv: 'convolution weights',
  'residual-bn': 'convolution weights',
};

const shownOrders = ['by-unit', 'stored'] as const;

const orderWords: Readonly<Record<(typeof shownOrders)[number], string>> = {
  'by-unit': 'read unit by unit, as PyTorch stores them',
  stored: 'read input by input, as Keras stores them',
};

/** One series: a net at an epoch, in an order. */
interface Series {
  readonly title: string;
  readonly style: SeriesStyle;
  readonly points: readonly { readonly column: BitColumn; readonly z: number; readonly layers: number }[];
}

/** A figure an order of the axes, where a training reached its end. */
export function figures(summary: IidSummary): readonly Figure[] {
  const { spec, stages } = summary;
  if (!stages.some(({ epoch, runs }) => epoch === spec.maxEpochs && runs > 0)) return [];
  return shownOrders.map((order) =>
    pixelFigure(
      {
        name: `iid-${order}`,
        title: `Are weights in random order, ${orderTitles[order]}? The largest |Z| by the part of their bits`,
        caption:
          `Runs tests of weights ${orderWords[order]}, the largest |Z| over the layers and ${countOf(spec.runs, 'seed')} of each net. Hollow: at epoch ${spec.epochs[0]}; filled: at ` +
          `epoch ${spec.maxEpochs}; stars: the trained weights of all nets in random order. Black: the lecture deck’s ResNet-18 (20 layers, fraction bits only). Strokes: what the largest of as many ` +
          'exceeds in 5 % of the cases if the order is random.',
      },
      () => drawing(summary, order),
    ),
  );
}

function seriesOf({ stages, spec }: IidSummary, order: ReadingOrder): readonly Series[] {
  const nets = spec.nets.flatMap((net) =>
    [spec.epochs[0] ?? 0, spec.maxEpochs].flatMap((epoch): Series[] => {
      const stage = stages.find((one) => one.net === net && one.epoch === epoch);
      const last = epoch === spec.maxEpochs;
      const className = `${net}-${last ? 'last' : 'first'}`;
      if (stage === undefined || stage.runs === 0) return [];
      return [
        {
          title: `${iidNetTitles[net]}, ${last ? `epoch ${epoch}` : epoch === 0 ? 'untrained' : `epoch ${epoch}`}`,
          style: { ...colors[net], className, filled: last },
          points: pointsOf(stage, order),
        },
      ];
    }),
  );
  const ends = stages.filter(({ epoch, runs }) => epoch === spec.maxEpochs && runs > 0);
  return [
    ...nets,
    {
      title: 'trained weights in random order',
      style: { ...seriesColors.gray, className: 'shuffled', symbol: 'star', filled: true },
      points: largestByColumn(ends.flatMap((stage) => pointsOf(stage, 'shuffled'))),
    },
    {
      title: 'ResNet-18, published',
      style: theoryStyle,
      points: publishedColumns.map((column, i) => ({
        ...{ column, z: publishedRows[0]?.z[i] ?? Number.NaN, layers: publishedRows[0]?.layers ?? 0 },
      })),
    },
  ];
}

function pointsOf(stage: IidStage, order: ReadingOrder): Series['points'] {
  const row = stage.rows[order].find(({ type }) => type === shownType[stage.net]);
  return (row?.columns ?? []).map(({ column, z, layers }) => ({ column, z, layers }));
}

function largestByColumn(points: Series['points']): Series['points'] {
  return bitColumns.flatMap((column) => {
    const own = points.filter((point) => point.column === column);
    if (own.length === 0) return [];
    return [
      {
        column,
        z: own.reduce((most, { z }) => Math.max(most, z), 0),
        layers: own.reduce((sum, { layers }) => sum + layers, 0),
      },
    ];
  });
}

function drawing(summary: IidSummary, order: ReadingOrder): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const series = seriesOf(summary, order);
  const axis = logAxis([1, ...series.flatMap(({ points }) => points.map(({ z }) => z))]);
  const group = (frame.right - frame.left) / bitColumns.length;
  const step = (0.8 * group) / series.length;
  const x = (column: BitColumn, index: number) =>
    frame.left + group * (bitColumns.indexOf(column) + 0.5) + step * (index - (series.length - 1) / 2);
  const strokes = series.flatMap(({ points }, index) =>
    points.map(({ column, layers }) => {
      const y = axis.place(largestZPoint(layers));
      return [x(column, index) - 4, y, x(column, index) + 4, y] as const;
    }),
  );
  return {
    x: {
      title: [{ text: 'part of the float32' }],
      ticks: bitColumns.map((column) => {
        const [name, bits] = columnTitle(column).split(' ');
        const at = frame.left + group * (bitColumns.indexOf(column) + 0.5);
        return { at, text: name ?? '', ...(bits === undefined ? {} : { note: `bits ${bits}` }) };
      }),
    },
    y: { title: [{ text: 'largest |Z|' }], ticks: axis.ticks },
    marks: [
      (_i, _s, _v, _d, context) => strokeGroup(context.document, 'theory stroke', strokes),
      ...series.map(({ points, style }, index) =>
        pointMark(
          points.map(({ column, z }) => ({ x: x(column, index), y: axis.place(z) })),
          style,
          3.6,
        ),
      ),
    ],
    texts: [],
    labels: [
      ...series.map(({ title, style, points }) => ({
        y: axis.place(points.at(-1)?.z ?? 1),
        heading: null,
        tied: false,
        series: [{ title, style }],
      })),
      {
        y: frame.bottom,
        heading: null,
        tied: false,
        series: [{ title: '5 % point under chance', style: theoryStyle, sample: 'line' as const }],
      },
    ],
    styles: [theoryStyle, ...series.map(({ style }) => style)],
  };
}
