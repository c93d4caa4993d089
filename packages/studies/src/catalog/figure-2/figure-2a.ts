/**
 * Figure 2a: mean length behind the last module against their number, theory as lines within bounds, simulation as points with a
 * standard error to either side. A second sheet shows the bases that level off by themselves: beside exponential growth over
 * dozens of decades nothing of them can be seen.
 */
import { portableMath } from '@kindling/core';
import type * as Plot from '@observablehq/plot';
import { frame, type TextLine, triedAxis } from '../../figures/figure-frame.js';
import { pixelFigure } from '../../figures/pixel-figure.js';
import { bandMark, intervalMarks, lineMark, pointMark } from '../../figures/pixel-marks.js';
import type { SeriesLabel } from '../../figures/series-labels.js';
import { theoryStyle } from '../../figures/series-style.js';
import { decadeAxis, type ValueAxis } from '../../figures/value-axes.js';
import { countOf, countText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import { baseStyle, baseText, hollow, sumText } from './base-style.js';
import type { Figure2Summary, ResidualLengthCell } from './summary.js';
import { predictedCurve } from './theory.js';

/** Natural logarithm to decimal. */
const decades = (log: number) => log / Math.LN10;
/** A bar that goes down to zero has no end on a logarithmic axis: it stops here, relative to its point. */
const leastShare = 1e-3;

/** Figure 2a of a summary with lengths; with some bases below 1 beside 1, those alone once more. */
export function figures2a(summary: Figure2Summary): readonly Figure[] {
  const { bases } = summary.spec;
  const bounded = bases.filter((base) => base < 1);
  const title = 'Mean length behind the last module against their number';
  return [
    lengthsFigure(summary, bases, { name: 'figure-2a', title }),
    ...(bounded.length > 0 && bounded.length < bases.length
      ? [
          lengthsFigure(summary, bounded, {
            name: 'figure-2a-bounded',
            title: 'The same for b < 1 alone: the lengths level off',
          }),
        ]
      : []),
  ];
}

function lengthsFigure(
  summary: Figure2Summary,
  bases: readonly number[],
  { name, title }: { readonly name: string; readonly title: string },
): Figure {
  const cells = summary.lengths.filter(({ base }) => bases.includes(base));
  return pixelFigure({ name, title, caption: captionOf(summary, cells) }, () => draw(summary, bases, cells));
}

function captionOf({ spec }: Figure2Summary, cells: readonly ResidualLengthCell[]): string {
  const trials = [...new Set(cells.map((cell) => cell.trials))].sort((a, b) => a - b);
  const dead = cells.reduce((sum, cell) => sum + cell.deadTrials, 0);
  const heavy = cells.filter(({ heavyTailed }) => heavyTailed).length;
  const module =
    spec.module === 'relu'
      ? `one ReLU layer of width ${spec.width}`
      : `a ReLU layer and a linear one of width ${spec.width}`;
  const theory =
    spec.module === 'relu'
      ? 'Lines: theory’s estimate of E[M_L], exact behind the first module; shaded: its proved bounds. '
      : 'Lines: theory, E[M_L] = Π (1 + 2η²), exact. ';
  return (
    `Mean of M_L = ‖f_L‖² over ${trials.map(countText).join(' or ')} random nets a point: f_l = f_l−1 + b^l · N_l(f_l−1), each N_l ${module}, He normal weights, zero biases, one random input of norm 1 a net. ` +
    theory +
    'Points: simulation; bars: one standard error to either side. ' +
    (heavy === 0
      ? ''
      : `Hollow, without bars: ${countOf(heavy, 'point')} where the lengths are so heavy-tailed that a mean over so many nets says little about E[M_L]. `) +
    (dead === 0 ? 'No net was dead.' : `${countOf(dead, 'dead net')} (M_L = 0) count in the means as zeros.`)
  );
}

function draw(summary: Figure2Summary, bases: readonly number[], cells: readonly ResidualLengthCell[]) {
  const { spec } = summary;
  const depths = [...new Set(cells.map(({ modules }) => modules))].sort((a, b) => a - b);
  const across = triedAxis(depths, 0);
  const [first = 0, last = 0] = [depths[0], depths.at(-1)];
  const curves = new Map(
    bases.map((base) => [base, predictedCurve(spec, base, last).filter(({ modules }) => modules >= first)]),
  );
  const axis = decadeAxis([
    0,
    ...[...curves.values()].flatMap((curve) =>
      curve.flatMap(({ lower, upper }) => [decades(lower), decades(upper)]),
    ),
    ...cells.flatMap((cell) => endsOf(cell)),
  ]);
  const styles = bases.map((base) => baseStyle(spec, base));
  const marks = bases.flatMap((base): Plot.Markish[] => {
    const style = baseStyle(spec, base);
    const curve = (curves.get(base) ?? []).map(({ modules, estimate, lower, upper }) => ({
      x: across.place(modules),
      y: axis.place(decades(estimate)),
      from: axis.place(decades(lower)),
      to: axis.place(decades(upper)),
    }));
    const points = cells
      .filter((cell) => cell.base === base && Number.isFinite(readNumber(cell.logMean)))
      .map((cell) => {
        const [from, to] = endsOf(cell);
        return {
          x: across.place(cell.modules),
          y: axis.place(decades(readNumber(cell.logMean))),
          from: axis.place(from),
          to: axis.place(to),
          heavy: cell.heavyTailed,
        };
      });
    return [
      ...(spec.module === 'relu' ? [bandMark(curve, style)] : []),
      lineMark(curve, style, { strokeOpacity: 0.8 }),
      ...intervalMarks(
        points.filter(({ heavy }) => !heavy),
        style,
      ),
      // A bar would say how far off the mean may be, which nobody knows there.
      pointMark(
        points.filter(({ heavy }) => heavy),
        hollow(style),
      ),
    ];
  });
  return {
    x: {
      title: [{ text: 'modules ' }, { text: 'L', italic: true }],
      ticks: across.ticks.map((modules) => ({ at: across.place(modules), text: String(modules) })),
    },
    y: {
      title: [
        { text: 'mean length, ' },
        { text: 'M', italic: true },
        { text: 'L', italic: true, shift: 'sub' as const },
        { text: ' = ‖' },
        { text: 'f', italic: true },
        { text: 'L', italic: true, shift: 'sub' as const },
        { text: '‖²' },
      ],
      ticks: axis.ticks,
    },
    marks,
    texts: noteTexts(cells),
    labels: [...labelsOf(summary, bases, cells, axis), ...keysOf(summary, cells)],
    styles: [...styles, theoryStyle],
  };
}

/** Ends of a point's bar, in decades. */
function endsOf(cell: ResidualLengthCell): readonly [number, number] {
  const log = decades(readNumber(cell.logMean));
  const error = readNumber(cell.relativeError);
  if (!Number.isFinite(error) || cell.heavyTailed) return [log, log];
  return [
    log + decades(portableMath.log(Math.max(leastShare, 1 - error))),
    log + decades(portableMath.log(1 + error)),
  ];
}

function labelsOf(
  { spec }: Figure2Summary,
  bases: readonly number[],
  cells: readonly ResidualLengthCell[],
  axis: ValueAxis,
): readonly SeriesLabel[] {
  return bases.flatMap((base): SeriesLabel[] => {
    const ends = cells.filter((cell) => cell.base === base).sort((a, b) => a.modules - b.modules);
    const last = ends.at(-1);
    if (last === undefined) return [];
    const title = `${baseText(base)}, ${sumText(spec, base)}`;
    return [
      {
        y: axis.place(decades(readNumber(last.logEstimate))),
        heading: null,
        series: [{ title, style: baseStyle(spec, base) }],
      },
    ];
  });
}

/** What the symbols and lines mean, at the foot of the margin. */
function keysOf({ spec }: Figure2Summary, cells: readonly ResidualLengthCell[]): readonly SeriesLabel[] {
  const heavy = cells.some(({ heavyTailed }) => heavyTailed);
  return [
    {
      // Below all series: the layout keeps the order and moves it up to the foot of the margin.
      y: frame.height,
      heading: null,
      tied: false,
      series: [
        {
          title: spec.module === 'relu' ? 'theory, in its bounds' : 'theory, exact',
          style: theoryStyle,
          sample: 'line',
        },
        ...(heavy ? [{ title: 'mean of few nets', style: hollow(theoryStyle) }] : []),
      ],
    },
  ];
}

/** What a logarithmic axis cannot show. */
function noteTexts(cells: readonly ResidualLengthCell[]): readonly TextLine[] {
  const lost = cells.filter((cell) => !Number.isFinite(readNumber(cell.logMean)));
  const dead = cells.reduce((sum, cell) => sum + cell.deadTrials, 0);
  const notes = [
    ...(dead > 0 ? [countOf(dead, 'dead net')] : []),
    ...(lost.length > 0 ? [`not drawn: ${countOf(lost.length, 'point')} at 0 or not a number`] : []),
  ];
  if (cells.length === 0) notes.push('no nets measured');
  if (notes.length === 0) return [];
  return [
    {
      x: frame.right,
      y: 20,
      anchor: 'end',
      className: 'quiet',
      size: 10,
      pieces: [{ text: notes.join('; ') }],
    },
  ];
}
