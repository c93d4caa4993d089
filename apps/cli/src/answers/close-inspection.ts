/** What `kindling inspect --spectra` adds: fits of laws, tests and spectra, as JSON and as tables. */

import { mostSpectrumNumbers, mostSpectrumProducts } from '@kindling/diagnostics';
import type { CloseFindings, SpectrumFindings, TensorFindings } from '@kindling/diagnostics/models';
import type { SummaryTable } from '@kindling/studies';
import { countOf, countText, fittedLawTitle, numberText } from '@kindling/studies/text';

/** The members of a tensor. Singular values are not among them: there may be thousands. */
export function closeJson({ fits, initializerTest, normality, spectrum }: CloseFindings) {
  return {
    ...{ fits, andersonDarling: initializerTest, normality },
    spectrum: spectrum === null ? null : spectrumJson(spectrum),
  };
}

function spectrumJson({ matrix, spectrum, shuffle }: SpectrumFindings) {
  const { meanSquare, bulk, spikes, spikeThreshold, topDeviation, stableRank, powerLaw } = spectrum;
  return {
    ...{ ...matrix, meanSquare, stableRank, top: shuffle.top, bulk, topDeviation, spikeThreshold, spikes },
    shuffle: { shuffles: shuffle.shuffled.length, pValue: shuffle.pValue },
    powerLaw,
  };
}

/** The tables; none where nothing was looked at closely. */
export function closeTables(findings: readonly TensorFindings[]): readonly SummaryTable[] {
  const spectra = findings.flatMap(({ tensor, close }) =>
    close === null || close.spectrum === null ? [] : [{ tensor, ...close.spectrum }],
  );
  const fitted = findings.flatMap(({ tensor, close }) =>
    close === null || close.fits === null ? [] : [{ tensor, ...close }],
  );
  return [
    ...(spectra.length === 0
      ? []
      : [
          {
            title: 'Spectra',
            columns: [
              'tensor',
              'matrix',
              'stable rank',
              'top ÷ edge',
              'deviation',
              'spikes',
              'p',
              'α',
              'distance',
            ],
            rows: spectra.map(({ tensor, matrix, spectrum, shuffle }) => [
              tensor.name,
              matrixText(matrix),
              numberText(spectrum.stableRank),
              numberText(shuffle.top / spectrum.bulk.upper),
              numberText(spectrum.topDeviation, 2),
              countText(spectrum.spikes.length),
              numberText(shuffle.pValue, 2),
              spectrum.powerLaw === null ? '–' : numberText(spectrum.powerLaw.alpha, 3),
              spectrum.powerLaw === null ? '–' : numberText(spectrum.powerLaw.distance, 2),
            ]),
          },
        ]),
    ...(fitted.length === 0
      ? []
      : [
          {
            title: 'Fits of laws',
            columns: ['tensor', 'likeliest', 'next', 'ΔAIC', 'p of the initializer', 'p of a normal law'],
            rows: fitted.map(({ tensor, fits, initializerTest, normality }) => [
              tensor.name,
              ...fitCells(fits),
              pText(initializerTest?.pValue),
              pText(normality?.pValue),
            ]),
          },
        ]),
  ];
}

function matrixText({ rows, columns, ofRows, ofColumns }: SpectrumFindings['matrix']): string {
  const whole = `${countText(ofRows)}×${countText(ofColumns)}`;
  return rows === ofRows && columns === ofColumns
    ? whole
    : `${countText(rows)}×${countText(columns)} of ${whole}`;
}

function fitCells(fits: CloseFindings['fits']): readonly [best: string, next: string, delta: string] {
  if (fits?.kind !== 'fitted') return [fits === null ? '–' : `none: ${fits.reason}`, '–', '–'];
  const [best, next] = fits.fits;
  return [
    fittedLawTitle(best.law),
    next === undefined ? '–' : fittedLawTitle(next.law),
    next === undefined ? '–' : numberText(next.deltaAic, 2),
  ];
}

function pText(p: number | undefined): string {
  if (p === undefined) return '–';
  return p < 1e-9 ? '< 10⁻⁹' : numberText(p, p < 0.001 ? 1 : 2);
}

/** What the tables' columns mean. */
export function closeRemarks(findings: readonly TensorFindings[]): readonly string[] {
  const close = findings.flatMap((found) => found.close ?? []);
  const spectra = close.flatMap(({ spectrum }) => spectrum ?? []);
  const parts = spectra.filter(
    ({ matrix }) => matrix.rows < matrix.ofRows || matrix.columns < matrix.ofColumns,
  );
  const shuffles = spectra[0]?.shuffle.shuffled.length ?? 0;
  return [
    ...(spectra.length === 0
      ? []
      : [
          `Spectra: of the eigenvalues of WᵀW/rows. The edge is where the law of Marchenko and Pastur ends at the variance of the bulk; the deviation is the largest eigenvalue’s on the scale of Tracy and Widom, below 2.02 in 99 % of random matrices; spikes are beyond that. p: how often the largest eigenvalue of the same numbers in another order is as large, of ${shuffles} orders, so that it is at least ${numberText(1 / (1 + shuffles), 2)}. α and its distance: a power law of the upper tail, which fits anything in some way.`,
        ]),
    ...(parts.length === 0
      ? []
      : [
          `Of ${countOf(parts.length, 'large matrix', 'large matrices')} evenly spaced rows and columns were taken (at most ${countText(mostSpectrumNumbers)} numbers and ${numberText(mostSpectrumProducts, 2)} products for the singular values): weak spikes of the whole may be lost in the part.`,
        ]),
    ...(close.every(({ fits }) => fits === null)
      ? []
      : [
          'Fits: normal, Laplace, Student-t, generalized normal and uniform laws by likelihood; ΔAIC is how much worse the next one is: below 2 as good as the likeliest, above 10 hardly tenable. The p-values are Anderson and Darling’s, against the initializer’s law that was told and against the normal law of the numbers’ own mean and deviation.',
        ]),
  ];
}
