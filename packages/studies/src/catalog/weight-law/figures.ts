/** The figures of the study: distances in units of those between seeds, and what training makes of the marginal. */
import type * as Plot from '@observablehq/plot';
import { affine, frame } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark, pointMark } from '../../figures/pixel-marks.js';
import type { SeriesLabel } from '../../figures/series-labels.js';
import { type SeriesStyle, seriesColors } from '../../figures/series-style.js';
import { countOf } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { ratioAxis, signedAxis } from '../../weight-laws/axes.js';
import { aspectTitles, lawAspects } from '../../weight-laws/law-distance.js';
import { numberedLook } from '../../weight-laws/numbered-looks.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { zooArchitectures } from '../../zoo/architectures.js';
import type { WeightLawSummary } from './summarize.js';

/** Every figure. */
export function figures(summary: WeightLawSummary): readonly Figure[] {
  return [distances(summary), byArchitecture(summary), byTask(summary)];
}

const looks = {
  fromFresh: { className: 'from-fresh', ...seriesColors.red, symbol: 'triangle', filled: true },
  update: { className: 'update', ...seriesColors.green, symbol: 'square', filled: true },
  trained: { className: 'trained', ...seriesColors.blue, symbol: 'circle', filled: true },
  fresh: { className: 'fresh', ...seriesColors.gray, symbol: 'hexagon', filled: false },
} as const satisfies Readonly<Record<string, SeriesStyle>>;

const titles = {
  fromFresh: 'trained against fresh nets',
  update: 'what training added, different data',
  trained: 'trained, different data',
  fresh: 'fresh, different data (the control)',
} as const;

const netTitle = (name: keyof typeof zooArchitectures) => zooArchitectures[name].title;

function distances(summary: WeightLawSummary): Figure {
  const { spec } = summary;
  const title = 'How far laws of weights are apart, in units of nets that differ by their seed alone';
  const caption =
    `${countOf(spec.nets, 'net')} of every architecture on each of ${countOf(spec.tasks.length, 'task')} (${spec.tasks.map((task) => taskTitle(spec, task)).join(', ')}). ` +
    'Filled circles: mean distance of trained nets that learned different data, over the mean of those that learned the same; bars: from the least to the largest of two tasks alone. ' +
    'Squares: the same of what training added, trained less initial weights, in units of its own scatter. Hollow: before training, which must be 1. Triangles: trained against fresh nets. Distances are means over the layers.';
  return pixelFigure({ name: 'weight-law-distances', title, caption }, () => drawDistances(summary));
}

interface Column {
  readonly x: number;
  readonly fresh: number | null;
  readonly update: number | null;
  readonly trained: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly fromFresh: number | null;
}

function drawDistances({ architectures, spec }: WeightLawSummary) {
  const groupWidth = (frame.right - frame.left) / lawAspects.length;
  const step = groupWidth / (spec.architectures.length + 1);
  const columns = lawAspects.flatMap((aspect, group) =>
    architectures.flatMap(({ tests }, i): readonly Column[] => {
      const test = tests?.find((one) => one.aspect === aspect);
      if (test === undefined) return [];
      const ratios = test.pairs.flatMap(({ test: { ratio } }) => (ratio === null ? [] : [ratio]));
      const { within } = test.trained;
      return [
        {
          x: frame.left + group * groupWidth + (i + 1) * step,
          fresh: test.fresh.ratio,
          update: test.update.ratio,
          trained: test.trained.ratio,
          low: ratios.length === 0 ? null : Math.min(...ratios),
          high: ratios.length === 0 ? null : Math.max(...ratios),
          fromFresh: within === 0 ? null : test.fromFresh / within,
        },
      ];
    }),
  );
  const axis = ratioAxis(
    [
      1,
      ...columns.flatMap(({ fresh, trained, low, high, fromFresh }) => [
        fresh,
        trained,
        low,
        high,
        fromFresh,
      ]),
    ].flatMap((value) => (value === null ? [] : [value])),
  );
  const at = (field: 'fresh' | 'update' | 'fromFresh', shift: number) =>
    columns.flatMap((column) => {
      const value = column[field];
      return value === null ? [] : [{ x: column.x + shift, y: axis.place(value) }];
    });
  const trained = columns.flatMap(({ x, trained: value, low, high }) =>
    value === null || low === null || high === null
      ? []
      : [{ x, y: axis.place(value), from: axis.place(low), to: axis.place(high) }],
  );
  const one = axis.place(1);
  const unity = [
    { x: frame.left, y: one },
    { x: frame.right, y: one },
  ];
  const marks: readonly Plot.Markish[] = [
    lineMark(unity, looks.fresh, { strokeWidth: 1, strokeDasharray: '4 3' }),
    pointMark(at('fromFresh', 0), looks.fromFresh),
    pointMark(at('update', 6), looks.update),
    ...intervalMarks(trained, looks.trained),
    pointMark(at('fresh', 0), looks.fresh),
  ];
  // A key: columns of three distances have no one end that a label could be tied to.
  const label = (name: keyof typeof looks): SeriesLabel => ({
    y: frame.height,
    heading: null,
    tied: false,
    series: [{ title: titles[name], style: looks[name] }],
  });
  const numbers = spec.architectures.map((name, i) => `${i + 1} ${netTitle(name)}`);
  return {
    x: {
      title: [{ text: 'architecture' }],
      ticks: lawAspects.flatMap((aspect, group) =>
        spec.architectures.map((_, i) => ({
          at: frame.left + group * groupWidth + (i + 1) * step,
          text: String(i + 1),
          ...(i === Math.floor((spec.architectures.length - 1) / 2) ? { note: aspectTitles[aspect] } : {}),
        })),
      ),
    },
    y: { title: [{ text: 'mean distance / that between seeds' }], ticks: axis.ticks },
    marks,
    texts: numbers.map((text, i) => ({
      x: frame.right + 27,
      y: frame.top + 8 + 14 * i,
      className: 'quiet',
      size: 10,
      pieces: [{ text }],
    })),
    labels: [label('fromFresh'), label('update'), label('trained'), label('fresh')],
    styles: Object.values(looks),
  };
}

/** A curve: quantiles of one law, less those of fresh nets. */
interface Curve {
  readonly title: string;
  readonly quantiles: readonly number[] | null;
}

function byArchitecture(summary: WeightLawSummary): Figure {
  const { spec, architectures } = summary;
  const [task] = spec.tasks;
  const data = task === undefined ? '' : taskTitle(spec, task);
  return marginals(summary, {
    name: 'weight-law-architectures',
    title: `What training on ${data} makes of the marginal, by architecture`,
    nets: `${countOf(spec.nets, 'net')} of every architecture`,
    curves: architectures.map(({ architecture, quantiles }) => ({
      title: netTitle(architecture),
      quantiles: quantiles[0] ?? null,
    })),
  });
}

function byTask(summary: WeightLawSummary): Figure {
  const { spec, architectures } = summary;
  const [first] = architectures;
  const net = first === undefined ? '' : netTitle(first.architecture);
  return marginals(summary, {
    name: 'weight-law-data',
    title: `What training makes of the marginal of one architecture (${net}), by data`,
    nets: `${countOf(spec.nets, 'net')} on each of the data`,
    curves: spec.tasks.map((task, index) => ({
      title: taskTitle(spec, task),
      quantiles: first?.quantiles[index] ?? null,
    })),
  });
}

function marginals(
  { freshQuantiles }: WeightLawSummary,
  {
    name,
    title,
    nets,
    curves,
  }: {
    readonly name: string;
    readonly title: string;
    readonly nets: string;
    readonly curves: readonly Curve[];
  },
): Figure {
  const caption = `Quantiles of the weights of whole nets, every layer standardized, less those of fresh nets (He normal): 0 everywhere would be the normal law. Means over ${nets}. A curve that falls below 0 on the left and rises above it on the right has heavier tails.`;
  return pixelFigure({ name, title, caption }, () => {
    const across = affine(
      [freshQuantiles[0] ?? -1, freshQuantiles.at(-1) ?? 1],
      [frame.left + 12, frame.right - 12],
    );
    const differences = curves.map(({ quantiles }) =>
      (quantiles ?? []).map((value, i) => value - (freshQuantiles[i] ?? Number.NaN)),
    );
    const axis = signedAxis(differences.flat());
    const lines = differences.map((difference) =>
      difference.map((value, i) => ({ x: across(freshQuantiles[i] ?? 0), y: axis.place(value) })),
    );
    return {
      x: {
        title: [{ text: 'quantile of fresh nets, in standard deviations' }],
        ticks: [-2, -1, 0, 1, 2].map((value) => ({
          at: across(value),
          text: String(value).replace('-', '−'),
        })),
      },
      y: { title: [{ text: 'quantile after training, less that of fresh nets' }], ticks: axis.ticks },
      marks: lines.flatMap((line, i) => [
        lineMark(line, numberedLook(i)),
        pointMark(
          line.filter((_, at) => at % 9 === 0),
          numberedLook(i),
          3.2,
        ),
      ]),
      texts: [],
      labels: lines.flatMap((line, i): SeriesLabel[] => {
        const last = line.at(-1);
        const series = [{ title: curves[i]?.title ?? '', style: numberedLook(i) }];
        return last === undefined ? [] : [{ y: last.y, heading: null, series }];
      }),
      styles: curves.map((_, i) => numberedLook(i)),
    };
  });
}
