/** Collapse and born-dead shares by target and initializer, with theory's bounds on the latter. */
import { frame, strokeGroup } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, type PixelInterval } from '../../figures/pixel-marks.js';
import { type SeriesStyle, theoryStyle } from '../../figures/series-style.js';
import { shareAxis } from '../../figures/value-axes.js';
import { comparedInitializer } from '../../regression/compared-initializers.js';
import { optimizerText } from '../../regression/optimizers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countText, listText } from '../../report/number-text.js';
import type { Share } from '../../statistics/share.js';
import type { Figure } from '../../study.js';
import type { DyingReluPoint, DyingReluSummary } from './summarize.js';

/** Pixels between a point and the one of the same nets at birth. */
const pairGap = 9;

/** The one figure of the study. */
export function figures(summary: DyingReluSummary): readonly Figure[] {
  return [
    pixelFigure(
      {
        name: 'dying-relu',
        title: 'Nets that are a constant, at birth and after training',
        caption: captionOf(summary),
      },
      () => drawing(summary),
    ),
  ];
}

function captionOf({ spec, points }: DyingReluSummary): string {
  const runs = [...new Set(points.map((point) => point.runs))].map(countText);
  const diverged = points.reduce((sum, point) => sum + point.diverged, 0);
  return (
    `${listText(runs)} nets a point, each with ${countText(spec.points)} points of its own, uniform on [−√3, √3] in each coordinate. ` +
    'Open symbols: nets born dead, a ReLU layer being zero at every point. Filled symbols: nets that give a constant after training ' +
    `(no output varies by more than ${spec.constantShare * 100} % of its target’s range); ${optimizerText(spec.optimizer)}, batches of ` +
    `${countText(spec.batchSize)}, at most ${countText(spec.maxSteps)} steps. Bars: 95 % intervals. Strokes: theory’s bounds on being ` +
    'born dead, where there is a formula: the upper one for symmetric weights and biases, the lower one for one input and zero biases. ' +
    `${diverged === 0 ? 'No training' : countText(diverged)} diverged.`
  );
}

function drawing({ spec, points }: DyingReluSummary): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const shares = shareAxis();
  const groupWidth = (frame.right - frame.left) / spec.targets.length;
  const step = Math.min(34, (0.86 * groupWidth) / spec.initializers.length);
  const center = (target: string) =>
    frame.left + groupWidth * (spec.targets.findIndex(({ name }) => name === target) + 0.5);
  const order: readonly string[] = spec.initializers;
  const x = ({ target, initializer }: DyingReluPoint) =>
    center(target) + step * (order.indexOf(initializer) - (spec.initializers.length - 1) / 2);
  const interval = (at: number, { share, low, high }: Share): PixelInterval => ({
    x: at,
    y: shares.place(share),
    from: shares.place(low),
    to: shares.place(high),
  });
  const gap = Math.min(pairGap, step / 2.5);
  const bounds = points.flatMap((point) => {
    const at = x(point) - gap / 2;
    // A probability of zero by construction needs no stroke: it would lie on the axis.
    const values = [point.bornDeadLower, point.bornDeadUpper].filter((value) => value !== null && value > 0);
    return values.map((value) => {
      const y = shares.place(value ?? 0);
      return [at - 7, y, at + 7, y] as const;
    });
  });
  const looks = spec.initializers.map((name) => ({ name, ...comparedInitializer(name) }));
  const radius = Math.min(4.2, gap * 0.55);
  const last = spec.targets.at(-1)?.name;
  return {
    x: {
      title: [{ text: 'target function (ReLU layers × width)' }],
      ticks: spec.targets.map(({ name, hiddenLayers, width }) => ({
        at: center(name),
        text: targetTitle(name),
        note: `${hiddenLayers} × ${width}`,
      })),
    },
    y: { title: [{ text: 'share of nets that are a constant' }], ticks: shares.ticks },
    marks: [
      (_i, _s, _v, _d, context) => strokeGroup(context.document, 'theory stroke', bounds),
      ...looks.flatMap(({ name, style }) => {
        const own = points.filter((point) => point.initializer === name);
        return [
          ...intervalMarks(
            own.map((point) => interval(x(point) - gap / 2, point.bornDead)),
            hollow(style),
            radius,
          ),
          ...intervalMarks(
            own.map((point) => interval(x(point) + gap / 2, point.collapsed)),
            style,
            radius,
          ),
        ];
      }),
    ],
    texts: [],
    labels: [
      ...looks.map(({ name, title, style }) => ({
        y: shares.place(
          points.find((point) => point.initializer === name && point.target === last)?.collapsed.share ?? 0,
        ),
        heading: null,
        series: [{ title, style }],
      })),
      {
        y: frame.bottom,
        heading: null,
        tied: false,
        series: [
          { title: 'born dead', style: hollow(theoryStyle) },
          { title: 'theory’s bounds on it', style: theoryStyle, sample: 'line' as const },
          { title: 'constant after training', style: theoryStyle },
        ],
      },
    ],
    styles: [theoryStyle, ...looks.map(({ style }) => style)],
  };
}

function hollow(style: SeriesStyle): SeriesStyle {
  return { ...style, filled: false };
}
