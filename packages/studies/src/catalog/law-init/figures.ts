/** The figures of the study: steps to either accuracy against depth, by family; and all ways against He. */
import type * as Plot from '@observablehq/plot';
import { frame, smallestGap, triedAxis } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import type { SeriesLabel } from '../../figures/series-labels.js';
import { type SeriesStyle, seriesColors, symbolRadius } from '../../figures/series-style.js';
import { countOf } from '../../report/number-text.js';
import type { Figure } from '../../study.js';
import { ratioAxis } from '../../weight-laws/axes.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import { familyTitles, type LawFamilyName } from './families.js';
import { goalOf, nameOf } from './findings.js';
import { type LawInitName, lawInitializations } from './initializations.js';
import type { LawInitPoint, LawInitSummary } from './summarize.js';

/** Every figure. */
export function figures(summary: LawInitSummary): readonly Figure[] {
  return [
    speeds(summary),
    ...summary.spec.families.flatMap((family) => [
      depths(summary, family, 'start'),
      depths(summary, family, 'goal'),
    ]),
  ];
}

const kindLooks = {
  marginal: { ...seriesColors.blue, symbol: 'circle' },
  'matrix-normal': { ...seriesColors.red, symbol: 'triangle' },
  'filter-covariance': { ...seriesColors.green, symbol: 'square' },
} as const;

/** Hue and symbol by what is taken over; hollow where rescaled. */
function lookOf(name: LawInitName | null): SeriesStyle {
  if (name === null) return { ...seriesColors.gray, className: 'he', symbol: 'hexagon', filled: true };
  const { kind, rescale } = lawInitializations[name];
  return { ...kindLooks[kind], className: `law-${name}`, filled: !rescale };
}

const percent = (accuracy: number) => `${Math.round(100 * accuracy)} %`;

function depths(summary: LawInitSummary, family: LawFamilyName, threshold: 'start' | 'goal'): Figure {
  const { spec, lastStep } = summary;
  const [task] = spec.tasks;
  const accuracy = percent(threshold === 'start' ? spec.startAccuracy : goalOf(summary, family));
  return pixelFigure(
    {
      name: `law-init-${family}-${threshold}`,
      title: `Steps to ${accuracy} test accuracy against depth: ${familyTitles[family]}`,
      caption:
        `Median of ${countOf(spec.runs, 'run')}; bars: least and largest. Laws of ${countOf(spec.lawNets, 'net')} trained on the very data (${task === undefined ? '' : taskTitle(spec, task)}), rescaled to 2/fan-in or not. ` +
        `Points on the upper edge: not within ${countOf(lastStep, 'step')}. Ways stand side by side at the same depth.`,
    },
    () => drawDepths(summary, family, threshold),
  );
}

function drawDepths(
  { points, spec, lastStep }: LawInitSummary,
  family: LawFamilyName,
  threshold: 'start' | 'goal',
) {
  const own = points.filter((point) => point.family === family && (point.task ?? 0) === 0);
  const names = [...new Set(own.map(({ initialization }) => initialization))];
  const tried = [...spec.depths[family]].sort((a, b) => a - b);
  const step = Math.min(8, (0.9 * smallestGap(tried, triedAxis(tried, 0).place)) / names.length);
  const across = triedAxis(tried, step * (names.length - 1));
  // A net that is there before the first step stands at half a step.
  const value = (steps: number | null) => Math.max(0.5, steps ?? lastStep);
  const all = own.flatMap((point) => point[threshold].steps.map(value));
  const axis = ratioAxis(all);
  const curves = names.map((name, i) => {
    const curve = own
      .filter(({ initialization }) => initialization === name)
      .sort((a, b) => a.depth - b.depth);
    return {
      name,
      style: lookOf(name),
      points: curve.map((point: LawInitPoint) => {
        const steps = point[threshold].steps.map(value);
        return {
          x: across.place(point.depth) + step * (i - (names.length - 1) / 2),
          y: axis.place(value(point[threshold].median)),
          from: axis.place(Math.min(...steps)),
          to: axis.place(Math.max(...steps)),
        };
      }),
    };
  });
  return {
    x: {
      title: [{ text: 'depth' }],
      ticks: across.ticks.map((depth) => ({ at: across.place(depth), text: String(depth) })),
    },
    y: { title: [{ text: 'steps' }], ticks: axis.ticks },
    marks: curves.flatMap(({ style, points: placed }): readonly Plot.Markish[] => [
      lineMark(placed, style, { strokeWidth: 1.2, strokeOpacity: 0.6 }),
      ...intervalMarks(placed, style, symbolRadius(step)),
    ]),
    texts: [],
    labels: curves.flatMap(({ name, style, points: placed }): SeriesLabel[] => {
      const last = placed.at(-1);
      const series = [{ title: nameOf({ initialization: name }), style }];
      return last === undefined ? [] : [{ y: last.y, heading: null, series }];
    }),
    styles: curves.map(({ style }) => style),
  };
}

const thresholdLooks = {
  start: { className: 'start', ...seriesColors.amber, symbol: 'diamond', filled: true },
  goal: { className: 'goal', ...seriesColors.purple, symbol: 'circle', filled: true },
} as const satisfies Readonly<Record<string, SeriesStyle>>;

function speeds(summary: LawInitSummary): Figure {
  const { spec } = summary;
  return pixelFigure(
    {
      name: 'law-init-speed',
      title: 'Steps of nets drawn from the law of trained ones, over He’s',
      caption:
        `Geometric means over depths (${spec.families.map((family) => `${familyTitles[family]}: ${spec.depths[family].join(', ')}`).join('; ')}) and ${countOf(spec.runs, 'run')} each; bars: 95 % intervals by drawing runs again. Below 1 is faster than He. ` +
        `Laws: ${spec.tasks.map((task, i) => `${String.fromCharCode(65 + i)} of ${countOf(spec.lawNets, 'net')} trained on ${taskTitle(spec, task)}`).join(', ')}; trained here: ${taskTitle(spec, spec.tasks[0] ?? { source: 0, data: 'given' })}. A trailing * is rescaled to 2/fan-in.`,
    },
    () => drawSpeeds(summary),
  );
}

const short = (name: LawInitName) => {
  const { kind, rescale } = lawInitializations[name];
  return `${{ marginal: 'm', 'matrix-normal': 'M', 'filter-covariance': 'F' }[kind]}${rescale ? '*' : ''}`;
};

function drawSpeeds({ comparisons, spec }: LawInitSummary) {
  // A gap between the laws and a wider one between families.
  let at = 0;
  let [family, task] = [comparisons[0]?.family, comparisons[0]?.task];
  const slots = comparisons.map((one) => {
    if (one.family !== family) at += 1.5;
    else if (one.task !== task) at += 0.8;
    [family, task] = [one.family, one.task];
    at += 1;
    return at;
  });
  const width = (frame.right - frame.left - 24) / ((slots.at(-1) ?? 1) - 0.2);
  const place = (index: number) => frame.left + 12 + ((slots[index] ?? 1) - 0.6) * width;
  const ends = comparisons.flatMap(({ start, goal }) =>
    [start, goal].flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  );
  const axis = ratioAxis([1, ...ends]);
  const one = axis.place(1);
  const placed = (threshold: 'start' | 'goal', shift: number) =>
    comparisons.map((comparison, index) => {
      const { value, low, high } = comparison[threshold];
      return {
        x: place(index) + shift,
        y: axis.place(value),
        from: axis.place(low ?? value),
        to: axis.place(high ?? value),
      };
    });
  const [start, goal] = [placed('start', -width / 6), placed('goal', width / 6)];
  const middle = (from: number, to: number) => (place(from) + place(to)) / 2;
  const groups = spec.families.flatMap((name) =>
    spec.tasks.map((_, index) => {
      const own = comparisons.flatMap((comparison, i) =>
        comparison.family === name && comparison.task === index ? [i] : [],
      );
      return {
        x: middle(own[0] ?? 0, own.at(-1) ?? 0),
        text: `${name}, law ${String.fromCharCode(65 + index)}`,
      };
    }),
  );
  const line = [
    { x: frame.left, y: one },
    { x: frame.right, y: one },
  ];
  return {
    x: {
      title: [{ text: 'm marginal, M matrix normal, F filter covariance, * rescaled' }],
      ticks: comparisons.map(({ initialization }, index) => ({
        at: place(index),
        text: short(initialization),
        ...(index === 0 ? { note: ' ' } : {}),
      })),
    },
    y: { title: [{ text: 'steps / He’s steps' }], ticks: axis.ticks },
    marks: [
      lineMark(line, lookOf(null), { strokeWidth: 1, strokeDasharray: '4 3' }),
      ...intervalMarks(start, thresholdLooks.start, 3.4),
      ...intervalMarks(goal, thresholdLooks.goal, 3.4),
    ],
    texts: groups.map(({ x, text }) => ({
      x,
      y: frame.bottom + 30,
      anchor: 'middle' as const,
      className: 'quiet',
      size: 10,
      pieces: [{ text }],
    })),
    labels: (['start', 'goal'] as const).map(
      (threshold): SeriesLabel => ({
        y: (threshold === 'start' ? start : goal).at(-1)?.y ?? one,
        heading: null,
        series: [
          {
            title:
              threshold === 'start'
                ? `to ${percent(spec.startAccuracy)}`
                : `to ${percent(spec.goalShare)} of He’s best`,
            style: thresholdLooks[threshold],
          },
        ],
      }),
    ),
    styles: [lookOf(null), ...Object.values(thresholdLooks)],
  };
}
