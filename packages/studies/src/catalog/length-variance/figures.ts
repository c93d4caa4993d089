/** E[V̂] against S on a logarithmic axis: fully connected nets grow, residual ones do not. */
import { affine, frame, strokeGroup, type TextLine } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { intervalMarks, lineMark } from '../../figures/pixel-marks.js';
import { theoryStyle } from '../../figures/series-style.js';
import { logAxis, roundTicks } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import type { NetFamilyName } from './families.js';
import { familyLabel, familyStyle } from './family-looks.js';
import type { LengthVariancePoint, LengthVarianceSummary } from './summarize.js';

/** The one figure of the study. */
export function figures(summary: LengthVarianceSummary): readonly Figure[] {
  return [
    pixelFigure(
      {
        name: 'length-variance',
        title: 'Variance of lengths across layers against the sum of reciprocal widths',
        caption: captionOf(summary),
      },
      () => drawing(summary),
    ),
  ];
}

function captionOf({ points, spec }: LengthVarianceSummary): string {
  const untold = points.filter(({ measured }) => measured === null).length;
  const dead = points.reduce((sum, { deadNets }) => sum + deadNets, 0);
  return (
    'E[V̂]/E[L]²: mean over random nets of V̂ = (1/d) Σ M_j² − L², the empirical variance of one net’s lengths across its layers, L = (1/d) Σ M_j, ' +
    'in proportion to the squared mean of L, which is 1 for fully connected nets. Residual lengths are ‖f_l‖². He normal, zero biases, an input of random direction. ' +
    'Lines: theory, exact; ReLU modules have no closed form, their points are joined by dashes. ' +
    `Points: simulation, bars one standard error to either side. Fully connected: ${countText(spec.nets)} nets a point by the exact law of their lengths, errors from theory; ` +
    `residual, width ${spec.residualWidth}: ${countText(spec.residualNets)} nets a point by their matrices, errors from the sample. ` +
    `Short strokes: a typical net, the geometric mean exp(mean log V̂/L²). ` +
    (untold === 0
      ? ''
      : `At ${countOf(untold, 'point')} a mean over so many nets says nothing, its standard error being more than half of it: there only the strokes are drawn. `) +
    (dead === 0
      ? 'No net died.'
      : `${countOf(dead, 'net')} died on the way (lengths exactly 0 from there on); they count.`)
  );
}

/** Points of one curve. */
interface Curve {
  readonly family: NetFamilyName;
  readonly width: number;
  readonly points: readonly LengthVariancePoint[];
}

function curvesOf({ points }: LengthVarianceSummary): readonly Curve[] {
  const curves: { family: NetFamilyName; width: number; points: LengthVariancePoint[] }[] = [];
  for (const point of points) {
    const { family, width } = point;
    const known = curves.find((curve) => curve.family === family && curve.width === width);
    if (known === undefined) curves.push({ family, width, points: [point] });
    else known.points.push(point);
  }
  return curves.map((curve) => ({ ...curve, points: curve.points.sort((a, b) => a.depth - b.depth) }));
}

function drawing(summary: LengthVarianceSummary): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const { points, curves: theory, spec } = summary;
  const most = Math.max(...points.map(({ sumReciprocalWidths }) => sumReciprocalWidths));
  const x = affine([0, most], [frame.left, frame.right - 12]);
  const y = logAxis([
    ...theory.flatMap(({ predicted }) => predicted.map(readNumber)),
    ...points.flatMap(({ measured, typical }) => [readNumber(measured), readNumber(typical)]),
  ]);
  const curves = curvesOf(summary);
  const styleOf = ({ family, width }: Pick<Curve, 'family' | 'width'>) =>
    familyStyle(family, spec.widths.indexOf(width));
  const told = (curve: Curve) => curve.points.filter(({ measured }) => measured !== null);
  const untold = points.filter(({ measured }) => measured === null).length;
  const note: readonly TextLine[] =
    untold === 0
      ? []
      : [
          {
            x: frame.left + 8,
            y: frame.top + 14,
            className: 'quiet',
            size: 10,
            pieces: [{ text: `no mean drawn: ${countOf(untold, 'point')} where it says nothing` }],
          },
        ];
  return {
    x: {
      title: [
        { text: 'S', italic: true },
        { text: ' = Σ 1/' },
        { text: 'n', italic: true },
        { text: 'j', italic: true, shift: 'sub' },
        { text: ' over the ReLU layers' },
      ],
      ticks: roundTicks(most).map((tick) => ({ at: x(tick), text: String(Number(tick.toPrecision(3))) })),
    },
    y: {
      title: [
        { text: 'variance of lengths across layers, E[V̂] / E[' },
        { text: 'L', italic: true },
        { text: ']²' },
      ],
      ticks: y.ticks,
    },
    marks: [
      ...theory.map((curve) =>
        lineMark(
          curve.sums.map((sum, i) => ({ x: x(sum), y: y.place(readNumber(curve.predicted[i] ?? null)) })),
          styleOf(curve),
          { strokeOpacity: 0.75 },
        ),
      ),
      ...curves
        .filter(({ family }) => !theory.some((known) => known.family === family))
        .map((curve) =>
          lineMark(
            curve.points.map((point) => ({
              x: x(point.sumReciprocalWidths),
              y: y.place(readNumber(point.sampleValue)),
            })),
            styleOf(curve),
            { strokeWidth: 1.2, strokeDasharray: '4 4', strokeOpacity: 0.7 },
          ),
        ),
      ...curves.map(
        (curve) =>
          (
            _i: unknown,
            _s: unknown,
            _v: unknown,
            _d: unknown,
            { document }: { readonly document: Document },
          ) =>
            strokeGroup(
              document,
              `${styleOf(curve).className} stroke`,
              curve.points.flatMap(({ sumReciprocalWidths, typical }) => {
                if (typical === null) return [];
                const at = x(sumReciprocalWidths);
                const height = y.place(readNumber(typical));
                return [[at - 4, height, at + 4, height] as const];
              }),
            ),
      ),
      ...curves.flatMap((curve) =>
        intervalMarks(
          told(curve).map(({ sumReciprocalWidths, measured, standardError }) => {
            const value = readNumber(measured);
            const error = readNumber(standardError);
            return {
              x: x(sumReciprocalWidths),
              y: y.place(value),
              from: y.place(value - error),
              to: y.place(value + error),
            };
          }),
          styleOf(curve),
        ),
      ),
    ],
    texts: note,
    labels: [
      ...curves.map((curve) => {
        const end = theory.find(({ family, width }) => family === curve.family && width === curve.width);
        const last = end?.predicted.at(-1) ?? curve.points.at(-1)?.sampleValue ?? 0;
        return {
          y: y.place(readNumber(last)),
          heading: null,
          // A stroke leads to where a curve ends, if that is at the margin.
          tied: curve.points.at(-1)?.sumReciprocalWidths === most,
          series: [{ title: familyLabel(curve.family, curve.width), style: styleOf(curve) }],
        };
      }),
      {
        y: frame.bottom,
        heading: null,
        tied: false,
        series: [
          {
            title: 'short strokes: typical net (geometric mean)',
            style: theoryStyle,
            sample: 'line' as const,
          },
        ],
      },
    ],
    styles: [theoryStyle, ...curves.map(styleOf)],
  };
}
