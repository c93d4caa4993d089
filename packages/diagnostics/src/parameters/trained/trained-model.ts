/** From evidence to probabilities: a logistic regression a kind of tensor, and one over the tensors of a file. */
import { portableMath } from '@kindling/core';
import { evidenceFeatures } from './evidence-features.js';
import type { TensorEvidence } from './tensor-evidence.js';

/** Coefficients; what they multiply is in `evidenceFeatures` and `fileFeatures`. */
export interface TrainedModel {
  /** By `kernelFeatureNames`. */
  readonly kernel: readonly number[];
  /** By `vectorFeatureNames`. */
  readonly vector: readonly number[];
  /** By `fileFeatureNames`. */
  readonly file: readonly number[];
}

/** Of a file: the mean log odds of its tensors (were all trained?), and by how much the largest are above 4 (was one of them?). */
export const fileFeatureNames = ['meanLogOdds', 'largestBeyond4'] as const;

/** Log odds that single tensors of a fresh file hardly ever have. */
const telling = 4;

/**
 * Natural log of the odds that a tensor was trained, fresh and trained being equally likely beforehand. `null` where it tells
 * nothing: odds are even.
 */
export function tensorLogOdds(model: TrainedModel, evidence: TensorEvidence): number | null {
  const features = evidenceFeatures(evidence);
  if (features === null || evidence.kind === 'nothing') return null;
  return product(model[evidence.kind], features);
}

/** In the order of `fileFeatureNames`; `null` where no tensor tells anything. */
export function fileFeatures(logOdds: readonly (number | null)[]): readonly number[] | null {
  const told = logOdds.filter((value) => value !== null);
  if (told.length === 0) return null;
  const largest = told.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const mean = told.reduce((total, value) => total + value, 0) / told.length;
  return [mean, Math.max(0, largest - telling)];
}

/** Natural log of the odds that a file was trained, from those of its tensors; 0 where none tells anything. */
export function fileLogOdds(model: TrainedModel, logOdds: readonly (number | null)[]): number {
  const features = fileFeatures(logOdds);
  return features === null ? 0 : product(model.file, features);
}

/** 1/(1 + e^−x). */
export function probabilityOfLogOdds(x: number): number {
  return x >= 0 ? 1 / (1 + portableMath.exp(-x)) : 1 - 1 / (1 + portableMath.exp(x));
}

function product(coefficients: readonly number[], features: readonly number[]): number {
  return features.reduce((sum, feature, i) => sum + feature * (coefficients[i] ?? 0), 0);
}
