/** The moment on which the scale of a data-dependent output layer rests. */
import { InvalidArgumentError, portableMath } from '@kindling/core';

/** The settings of `dataDependentSquare`. */
export interface DataDependentSquareOptions {
  /** σ_w > 0. */
  readonly weightDeviation: number;
  /** σ_e > 0. */
  readonly biasDeviation: number;
  /** Δ = ‖x − x_anchor‖ ≥ 0. */
  readonly distance: number;
}

/**
 * E[ReLU(w · (x − x_anchor) + |e|)²] for w ~ N(0, σ_w² I) and e ~ N(0, σ_e²): with s = σ_e/(σ_w Δ),
 *
 *     ((σ_w²Δ² + σ_e²)(arctan s + π/2) + σ_w²Δ² s) / π,   and σ_e² at Δ = 0.
 *
 * Source: derived for the scheme of Shin & Karniadakis (2020).
 *
 * @throws InvalidArgumentError for numbers out of range
 */
export function dataDependentSquare(options: DataDependentSquareOptions): number {
  const { weightDeviation, biasDeviation, distance } = options;
  for (const [name, value] of [
    ['weightDeviation', weightDeviation],
    ['biasDeviation', biasDeviation],
  ] as const) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new InvalidArgumentError(
        `dataDependentSquare: ${name} is ${value}; expected a positive finite number`,
      );
    }
  }
  if (!(distance >= 0 && Number.isFinite(distance))) {
    throw new InvalidArgumentError(
      `dataDependentSquare: distance is ${distance}; expected a finite number ≥ 0`,
    );
  }
  const spread = weightDeviation * distance;
  const square = biasDeviation * biasDeviation;
  if (spread === 0) return square;
  const angle = portableMath.atan(biasDeviation / spread) + Math.PI / 2;
  return ((spread * spread + square) * angle + spread * biasDeviation) / Math.PI;
}
