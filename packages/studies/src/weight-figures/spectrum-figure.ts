/** The singular values of a weight matrix under the law of a random one. */
import {
  histogramDensity,
  marchenkoPasturDensity,
  type Spectrum,
  weightHistogram,
} from '@kindling/diagnostics';
import { frame, strokeGroup } from '../figures/figure-frame.js';
import { numberAxis } from '../figures/number-axis.js';
import { pixelFigure } from '../figures/pixel-figure.js';
import { barMark, lineMark, pointMark } from '../figures/pixel-marks.js';
import { theoryStyle } from '../figures/series-style.js';
import { countOf, countText, numberText } from '../report/number-text.js';
import type { Figure } from '../study.js';
import { numbersStyle, spikeStyle } from './weight-styles.js';

/** What is drawn of a matrix. */
export interface DrawnSpectrum {
  /** File name without ending, letters, digits and hyphens. */
  readonly name: string;
  /** The tensor's name, as people know it. */
  readonly tensor: string;
  readonly spectrum: Spectrum;
}

/** Singular values beyond so many times the bulk's end are put on the edge of the sheet: they would squeeze the bulk to nothing. */
const mostEdges = 2.5;
const curvePoints = 240;

/** The histogram of s/√rows with the density of Marchenko and Pastur, its edge, and the values beyond it; `null` for a matrix of zeros. */
export function spectrumFigure({ name, tensor, spectrum }: DrawnSpectrum): Figure | null {
  const { rows, columns, bulk, spikes } = spectrum;
  if (!(bulk.variance > 0)) return null;
  const beyond =
    spikes.length === 0
      ? 'none beyond it'
      : `${countText(spikes.length)} beyond the 99 % point of the largest one, marked: the largest at ${numberText(Math.sqrt(spikes[0] ?? 0))}`;
  return pixelFigure(
    {
      name,
      title: `The spectrum of ${tensor}`,
      caption:
        `${countOf(columns, 'singular value')} of the ${countText(rows)} × ${countText(columns)} matrix, divided by √${countText(rows)}. Curve: the law of ` +
        `Marchenko and Pastur for independent numbers of variance ${numberText(bulk.variance)}, which the median eigenvalue gives; stroke: its edge, ` +
        `${numberText(Math.sqrt(bulk.upper))}; ${beyond}.`,
    },
    () => drawing(spectrum),
  );
}

function drawing({ rows, columns, singularValues, bulk, spikes }: Spectrum) {
  const root = Math.sqrt(rows);
  const edge = Math.sqrt(bulk.upper);
  const limit = mostEdges * edge;
  const values = Float64Array.from(singularValues, (value) => value / root).reverse();
  const near = values.filter((value) => value <= limit);
  const histogram = weightHistogram(near, { finer: 2 });
  const end = Math.max(edge, near[near.length - 1] ?? 0);
  const last = near.length < values.length ? limit : 1.04 * end;
  // Each bin's share of all values, those beyond the limit too.
  const found = histogramDensity(histogram).map((density) =>
    density < Infinity ? (density * near.length) / values.length : 0,
  );
  const [from, to] = [Math.sqrt(bulk.lower), edge];
  const curve = Array.from({ length: curvePoints + 1 }, (_, i) => {
    const at = from + ((to - from) * i) / curvePoints;
    return { at, density: marchenkoPasturDensity(rows / columns, bulk.variance, at) };
  });
  const top = [...found, ...curve.map(({ density }) => density)].reduce((most, d) => Math.max(most, d), 0);
  const x = numberAxis(0, last, [frame.left + 12, frame.right - 12]);
  const y = numberAxis(0, top * 1.05, [frame.bottom, frame.top]);
  const bars = Array.from(found, (density, i) => ({
    from: x.place(histogram.edges[i] as number),
    to: x.place(histogram.edges[i + 1] as number),
    y: y.place(density),
  }));
  const marks = spikes.map((spike) => ({
    x: x.place(Math.min(limit, Math.sqrt(spike))),
    y: frame.bottom - 6,
  }));
  return {
    x: { title: [{ text: 'singular value ÷ √rows' }], ticks: x.ticks },
    y: { title: [{ text: 'density' }], ticks: y.ticks },
    marks: [
      barMark(bars, frame.bottom, numbersStyle),
      lineMark(
        curve.map(({ at, density }) => ({ x: x.place(at), y: y.place(density) })),
        theoryStyle,
      ),
      (_i: unknown, _s: unknown, _v: unknown, _d: unknown, context: { readonly document: Document }) =>
        strokeGroup(context.document, 'quiet stroke', [
          [x.place(edge), frame.bottom, x.place(edge), frame.top],
        ]),
      pointMark(marks, spikeStyle),
    ],
    texts: [],
    labels: [
      {
        y: frame.top + 60,
        heading: null,
        tied: false,
        series: [
          { title: 'singular values', style: { ...numbersStyle, symbol: 'square' as const } },
          { title: 'Marchenko and Pastur', style: theoryStyle, sample: 'line' as const },
          ...(spikes.length > 0 ? [{ title: 'beyond a random matrix’s', style: spikeStyle }] : []),
        ],
      },
    ],
    styles: [numbersStyle, theoryStyle, spikeStyle],
  };
}
