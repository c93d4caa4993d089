/** What `--spectra` looks at beyond moments and the initializer's law: fits of laws, Anderson and Darling's test, the spectrum. */
import type { Engine } from '@kindling/core';
import type { ModelTensor } from '@kindling/models';
import {
  type AndersonDarling,
  fewestTested,
  fitLaws,
  type IdentifiedLaw,
  type LawFits,
  type MatrixSample,
  type MatrixSampler,
  openMatrixSample,
  type ShuffleTest,
  type Spectrum,
  shuffleTest,
  testAgainstLaw,
  testNormality,
  type WeightSample,
  weightSpectrum,
} from '../index.js';

/** The spectrum of a matrix, or of the part of it that was taken. */
export interface SpectrumFindings {
  readonly matrix: Pick<MatrixSample, 'rows' | 'columns' | 'ofRows' | 'ofColumns'>;
  readonly spectrum: Spectrum;
  readonly shuffle: ShuffleTest;
}

/** Of one tensor; parts are `null` where they do not apply. */
export interface CloseFindings {
  /** `null` for integers and numbers rounded to 8 bits. */
  readonly fits: LawFits | null;
  /** Against the law that was identified, of which the scale is known. */
  readonly initializerTest: AndersonDarling | null;
  /** Against the normal law of the numbers' own mean and deviation. */
  readonly normality: AndersonDarling | null;
  /** `null` for what is no matrix, has a side below ten, holds NaN or is all one number. */
  readonly spectrum: SpectrumFindings | null;
}

/** A bulk of fewer eigenvalues has no shape. */
const shortestSide = 10;

/** Layouts whose first axis counts the units; in the others they are the last one. */
const unitsFirst = new Set(['out-in', 'OIHW', 'OIW', 'OIDHW', 'IOHW']);

/**
 * Takes the numbers of a kernel as a matrix, inputs by units as they lie in the file: of a convolution channels × kernel places by filters.
 * `null` for what is no such matrix: depthwise kernels are many small ones.
 */
export function openKernelMatrix({
  role,
  layout,
  shape,
  size,
}: Pick<ModelTensor, 'role' | 'layout' | 'shape' | 'size'>): MatrixSampler | null {
  if (layout === null || (role !== 'dense-kernel' && role !== 'conv-kernel')) return null;
  const units = unitsFirst.has(layout) ? shape[0] : shape.at(-1);
  if (units === undefined || units < shortestSide || size / units < shortestSide) return null;
  return unitsFirst.has(layout)
    ? openMatrixSample(units, size / units)
    : openMatrixSample(size / units, units);
}

/** What there is to know of the numbers. */
export interface LookedAt {
  readonly sample: WeightSample;
  /** `null`: they were rounded too coarsely for a law. */
  readonly law: IdentifiedLaw | null;
  /** By how much of itself rounding moves a number; only where `law` is not `null`. */
  readonly slack: number;
  readonly matrix: MatrixSample | null;
}

/** Looks closely. Takes some seconds for a large matrix. */
export function lookClosely(engine: Engine, { sample, law, slack, matrix }: LookedAt): CloseFindings {
  const { sorted, notFinite } = sample;
  const many = sorted.length >= fewestTested && notFinite === 0 && sorted[0] !== sorted[sorted.length - 1];
  return {
    fits: law === null ? null : fitLaws(sample),
    initializerTest: law?.kind === 'catalog' ? testAgainstLaw(sorted, law.shape, law.deviation, slack) : null,
    normality: law !== null && many ? testNormality(sorted) : null,
    spectrum: matrix === null || !many ? null : spectrumOf(engine, matrix),
  };
}

function spectrumOf(engine: Engine, matrix: MatrixSample): SpectrumFindings {
  const { rows, columns, ofRows, ofColumns } = matrix;
  return {
    matrix: { rows, columns, ofRows, ofColumns },
    spectrum: weightSpectrum(matrix),
    shuffle: shuffleTest(engine, matrix),
  };
}
