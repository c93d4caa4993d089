/** Two figures: L against epochs for the optimizers of the paper, and ρ = L/Σθ² for all that could find more than a small net. */
import { affine, frame } from '../../figures/figure-frame.js';
import { type PixelDrawing, pixelFigure } from '../../figures/pixel-figure.js';
import { bandMark, lineMark, pointMark } from '../../figures/pixel-marks.js';
import { logAxis, roundTicks } from '../../figures/value-axes.js';
import { countOf, countText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { Figure } from '../../study.js';
import { methodStyle } from './method-style.js';
import { methodTitle, quineMethodNames } from './methods.js';
import type { QuineCourse, QuineSummary, Spread } from './summarize.js';

/** What the first figure shows; the second shows all but what only shrinks in the same way. */
const published = ['sgd', 'momentum', 'adagrad', 'adam', 'adamax', 'rmsprop', 'regeneration'];
const searched = [
  'adamax',
  'adamax-through',
  'regeneration',
  'regeneration-fixed',
  'through-fixed',
  'pair-adamax',
  'pair',
  'negative',
];
/** Symbols a line. */
const symbols = 5;
/** Below this ρ is the rounding of f32; the axis ends there. */
const leastRatio = 1e-14;

/** The figures; one whose methods the study has not is left out. */
export function figures(summary: QuineSummary): readonly Figure[] {
  const { spec, parameters } = summary;
  const runs = `Lines: medians of ${countOf(spec.runs, 'run')}; bands: all of them`;
  const all = [
    {
      name: 'quine-loss',
      title: 'The loss of a net that is asked for its own parameters',
      caption:
        `L = Σ(f(c) − θ_c)² over all ${countText(parameters)} parameters against passes over them, by optimizer; “regeneration” first ` +
        `replaces the parameters by what the net says of them, every epoch. ${runs}. Theory expects ` +
        `${numberText(summary.predictedLoss)} before the first step and ${numberText(summary.predictedNorm)} of a net that says zero.`,
      names: published,
      values: ({ losses }: QuineCourse) => losses,
      floor: 0,
      axis: 'L = Σ(f − θ)²',
    },
    {
      name: 'quine-ratio',
      title: 'What of it is more than shrinking',
      caption:
        `ρ = L/Σθ², which is 1 for a net that outputs zero, whatever its norm. ${runs}. A pair outputs each other’s parameters; ` +
        `“negative” is a net that outputs −θ. Regeneration alone needs no gradient and moves the norm to where it stays.`,
      names: searched,
      values: ({ ratios }: QuineCourse) => ratios,
      floor: leastRatio,
      axis: 'ρ = L/Σθ²',
    },
  ];
  return all.flatMap(({ name, title, caption, names, values, floor, axis }) => {
    const courses = summary.courses.filter(({ method }) => names.includes(method));
    if (courses.length === 0) return [];
    return [
      pixelFigure({ name, title, caption }, () => drawing(courses, summary.epochs, { values, floor, axis })),
    ];
  });
}

interface Quantity {
  readonly values: (course: QuineCourse) => readonly Spread[];
  readonly floor: number;
  readonly axis: string;
}

function drawing(
  courses: readonly QuineCourse[],
  epochs: readonly number[],
  { values, floor, axis: title }: Quantity,
): Omit<PixelDrawing, 'name' | 'title' | 'caption'> {
  const last = epochs.at(-1) ?? 1;
  const x = affine([0, last], [frame.left + 8, frame.right - 8]);
  const value = (number: number | string) => Math.max(floor, readNumber(number));
  const axis = logAxis(
    courses.flatMap((course) => values(course).flatMap(({ least, most }) => [value(least), value(most)])),
  );
  const series = courses.flatMap((course, order) => {
    const name = quineMethodNames.find((candidate) => candidate === course.method);
    if (name === undefined) return [];
    const spots = values(course).map(({ median, least, most }, i) => ({
      x: x(epochs[i] ?? 0),
      y: axis.place(value(median)),
      from: axis.place(value(least)),
      to: axis.place(value(most)),
    }));
    const step = Math.max(1, Math.floor(spots.length / symbols));
    // Each series starts its symbols elsewhere, so that lines that coincide show all of theirs.
    const marked = spots.filter((_, i) => i % step === (2 * order) % step);
    return [{ title: methodTitle(name), style: methodStyle(name), spots, marked }];
  });
  return {
    x: {
      title: [{ text: 'epochs' }],
      ticks: roundTicks(last).map((epoch) => ({ at: x(epoch), text: countText(epoch) })),
    },
    y: { title: [{ text: title }], ticks: axis.ticks },
    marks: [
      ...series.map(({ spots, style }) => bandMark(spots, style)),
      ...series.map(({ spots, style }) => lineMark(spots, style)),
      ...series.map(({ marked, style }) => pointMark(marked, style)),
    ],
    texts: [],
    labels: series.map(({ title, style, spots }) => ({
      y: spots.at(-1)?.y ?? frame.bottom,
      heading: null,
      series: [{ title, style }],
    })),
    styles: series.map(({ style }) => style),
  };
}
