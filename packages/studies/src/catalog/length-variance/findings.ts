/** What a length-variance summary says, in sentences, the most important first. */
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { familyTitle } from './families.js';
import type { LengthVariancePoint, LengthVarianceSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: LengthVarianceSummary): readonly string[] {
  return [...contrast(summary), ...typical(summary), ...agreement(summary), ...refusals(summary)];
}

/** E[V̂]/E[L]² by theory where it is known, else as measured. */
function best({ predicted, sampleValue }: LengthVariancePoint): number {
  return readNumber(predicted ?? sampleValue);
}

/** From the shallowest to the deepest net of every curve. */
function contrast({ points }: LengthVarianceSummary): readonly string[] {
  const sentence = (some: readonly LengthVariancePoint[]) => {
    const curves = [...new Set(some.map(({ family, width }) => familyTitle(family, width)))];
    return curves.flatMap((title) => {
      const own = some
        .filter(({ family, width }) => familyTitle(family, width) === title)
        .sort((a, b) => a.depth - b.depth);
      const [first, last] = [own[0], own.at(-1)];
      if (first === undefined || last === undefined || first === last) return [];
      const range = `S = ${numberText(first.sumReciprocalWidths, 2)} to ${numberText(last.sumReciprocalWidths, 2)}`;
      return [`${title}: ${numberText(best(first))} to ${numberText(best(last))} (${range})`];
    });
  };
  const dense = sentence(points.filter(({ family }) => family === 'dense'));
  const residual = sentence(points.filter(({ family }) => family !== 'dense'));
  return [
    ...(dense.length === 0
      ? []
      : [
          `The mean variance of lengths across layers, E[V̂]/E[L]², grows exponentially in S = Σ 1/n_j for ${dense.join('; ')}.`,
        ]),
    ...(residual.length === 0
      ? []
      : [
          `It stays bounded in residual nets whose scales have a finite sum, however deep: ${residual.join('; ')}.`,
        ]),
  ];
}

/** A mean that few nets make. */
function typical({ points }: LengthVarianceSummary): readonly string[] {
  const dense = points.filter(({ family }) => family === 'dense');
  const [first] = dense;
  if (first === undefined) return [];
  const last = dense.reduce((most, point) =>
    point.sumReciprocalWidths > most.sumReciprocalWidths ? point : most,
  );
  return [
    `The mean is made by few nets: at S = ${numberText(last.sumReciprocalWidths, 2)} (width ${last.width}, depth ${last.depth}) most nets have a variance of about ` +
      `${numberText(readNumber(last.typical), 2)}, the mean is ${numberText(best(last), 2)}.`,
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

function refusals({ points, spec }: LengthVarianceSummary): readonly string[] {
  const untold = points.filter(({ measured }) => measured === null);
  if (untold.length === 0) return [];
  const least = Math.min(...untold.map(({ sumReciprocalWidths }) => sumReciprocalWidths));
  const parts = listText([...new Set(untold.map(({ width }) => `width ${width}`))]);
  return [
    `From S = ${numberText(least, 2)} on (${parts}) a mean over ${countOf(spec.nets, 'net')} says nothing of E[V̂]: its standard error, from theory, is more than half of it. It is not drawn.`,
  ];
}
