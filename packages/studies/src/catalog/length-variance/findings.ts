/** What a length-variance summary says, in sentences, the most important first. */
import { portableMath } from '@kindling/core';
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { familyTitle } from './families.js';
import type { LengthVariancePoint, LengthVarianceSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: LengthVarianceSummary): readonly string[] {
  return [...contrast(summary), ...typical(summary), ...agreement(summary), ...refusals(summary)];
}

/** E[V̂]/E[L]² by theory where it is known, else as measured where a mean is told; null where neither is. */
function best({ predicted, measured }: LengthVariancePoint): number | null {
  const value = predicted ?? measured;
  return value === null ? null : readNumber(value);
}

/** The points of one curve, the shallowest first. */
interface Curve {
  readonly title: string;
  readonly points: readonly LengthVariancePoint[];
}

function curvesOf(points: readonly LengthVariancePoint[]): readonly Curve[] {
  const titleOf = ({ family, width }: LengthVariancePoint) => familyTitle(family, width);
  return [...new Set(points.map(titleOf))].map((title) => ({
    title,
    points: points.filter((point) => titleOf(point) === title).sort((a, b) => a.depth - b.depth),
  }));
}

/** Of Gaussian He nets the slope tends to about 5; what settles has 0 or less. */
const exponentialSlope = 1;

/** d log(E[V̂]/E[L]²)/dS by least squares over the deeper half of the points, at least two. */
function slopeOf(points: readonly { readonly sum: number; readonly value: number }[]): number {
  const deep = points.slice(Math.min(points.length - 2, Math.floor(points.length / 2)));
  const logs = deep.map(({ sum, value }) => ({ sum, log: portableMath.log(value) }));
  const meanOf = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0) / numbers.length;
  const meanSum = meanOf(logs.map(({ sum }) => sum));
  const meanLog = meanOf(logs.map(({ log }) => log));
  let [products, squares] = [0, 0];
  for (const { sum, log } of logs) {
    products += (sum - meanSum) * (log - meanLog);
    squares += (sum - meanSum) * (sum - meanSum);
  }
  return products / squares;
}

/** From the shallowest to the deepest told net of every curve, sorted by how they grow. */
function contrast({ points }: LengthVarianceSummary): readonly string[] {
  const growing: string[] = [];
  const settled: string[] = [];
  for (const curve of curvesOf(points)) {
    const told = curve.points.flatMap((point) => {
      const value = best(point);
      return value !== null && value > 0 && Number.isFinite(value)
        ? [{ sum: point.sumReciprocalWidths, value }]
        : [];
    });
    const [first, last] = [told[0], told.at(-1)];
    if (first === undefined || last === undefined || first === last) continue;
    const slope = slopeOf(told);
    const words =
      `${curve.title}: ${numberText(first.value)} to ${numberText(last.value)} ` +
      `(S = ${numberText(first.sum, 2)} to ${numberText(last.sum, 2)}`;
    if (slope >= exponentialSlope) growing.push(`${words}, in the end like exp(${numberText(slope, 2)} S))`);
    else settled.push(`${words})`);
  }
  return [
    ...(growing.length === 0
      ? []
      : [
          `The mean variance of lengths across layers, E[V̂]/E[L]², grows exponentially in S = Σ 1/n_j for ${growing.join('; ')}.`,
        ]),
    ...(settled.length === 0
      ? []
      : [`E[V̂]/E[L]² does not grow exponentially, to the deepest nets told of, for ${settled.join('; ')}.`]),
  ];
}

/** Where the mean is this many times what most nets have, few nets make it. */
const madeByFew = 2;

/** A mean that few nets make: of the fully connected nets of the largest S that have both. */
function typical({ points }: LengthVarianceSummary): readonly string[] {
  const known = points
    .filter(({ family }) => family === 'dense')
    .flatMap((point) => {
      const mean = best(point);
      return mean === null || point.typical === null
        ? []
        : [{ point, mean, most: readNumber(point.typical) }];
    });
  const [first] = known;
  if (first === undefined) return [];
  const { point, mean, most } = known.reduce((far, item) =>
    item.point.sumReciprocalWidths > far.point.sumReciprocalWidths ? item : far,
  );
  if (!(mean >= madeByFew * most)) return [];
  return [
    `The mean is made by few nets: at S = ${numberText(point.sumReciprocalWidths, 2)} (width ${point.width}, depth ${point.depth}) most nets have a variance of about ` +
      `${numberText(most, 2)}, the mean is ${numberText(mean, 2)}.`,
  ];
}

function agreement({ points }: LengthVarianceSummary): readonly string[] {
  const known = points.flatMap((point) =>
    point.deviation === null ? [] : [{ point, size: Math.abs(readNumber(point.deviation)) }],
  );
  const [first] = known;
  if (first === undefined) return [];
  const worst = known.reduce((most, item) => (item.size > most.size ? item : most), first);
  const near = known.filter(({ size }) => size <= 2).length;
  return [
    `Simulation against theory: ${countText(near)} of ${countOf(known.length, 'mean')} within 2 standard errors, the farthest ${worst.size.toFixed(1)} away ` +
      `(${familyTitle(worst.point.family, worst.point.width)}, depth ${worst.point.depth}).`,
  ];
}

/** One sentence for the points whose errors theory tells, one for those whose errors are the sample's. */
function refusals({ points, spec }: LengthVarianceSummary): readonly string[] {
  return (['theory', 'sample'] as const).flatMap((errorFrom) => {
    const own = points.filter((point) => point.errorFrom === errorFrom);
    const places = curvesOf(own).flatMap(refusedPlaces);
    if (places.length === 0) return [];
    const nets = own.some(({ family }) => family === 'dense') ? spec.nets : spec.residualNets;
    return [
      `A mean over ${countOf(nets, 'net')} says nothing of E[V̂] for ${listText(places)}: its standard error, from ${errorFrom === 'theory' ? 'theory' : 'the sample'}, is more than half of it. It is not drawn.`,
    ];
  });
}

/** Where a curve's means are refused: from some S on, or at single ones. */
function refusedPlaces({ title, points }: Curve): readonly string[] {
  const refused = points.filter(({ measured }) => measured === null);
  const [first] = refused;
  if (first === undefined) return [];
  const suffix = points.slice(points.indexOf(first)).every(({ measured }) => measured === null);
  const sums = refused.map(({ sumReciprocalWidths }) => numberText(sumReciprocalWidths, 2));
  return [
    suffix && points.length > 1 ? `${title}, from S = ${sums[0]} on` : `${title}, at S = ${listText(sums)}`,
  ];
}
