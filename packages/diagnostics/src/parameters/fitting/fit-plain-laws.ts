/** The likeliest normal, Laplace and uniform laws: closed forms. */
import { portableMath } from '@kindling/core';
import type { FittedSample, LikelyLaw } from './law-fit.js';

/** Mean and √(Σ(x − mean)²/n); errors σ/√n and σ/√(2n). */
export function fitNormal({ sorted, mean }: FittedSample): LikelyLaw {
  const count = sorted.length;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += ((sorted[i] as number) - mean) * ((sorted[i] as number) - mean);
  const scale = Math.sqrt(squares / count);
  return {
    law: { name: 'normal', location: mean, scale, shape: null },
    logLikelihood: -count * (0.5 * portableMath.log(2 * Math.PI) + portableMath.log(scale) + 0.5),
    standardErrors: { location: scale / Math.sqrt(count), scale: scale / Math.sqrt(2 * count), shape: null },
    atEnd: false,
  };
}

/** Median and mean distance from it, b; errors b/√n, the location's from the expected information. */
export function fitLaplace({ sorted, median }: FittedSample): LikelyLaw {
  const count = sorted.length;
  let sizes = 0;
  for (let i = 0; i < count; i++) sizes += Math.abs((sorted[i] as number) - median);
  const scale = sizes / count;
  const error = scale / Math.sqrt(count);
  return {
    law: { name: 'laplace', location: median, scale, shape: null },
    logLikelihood: -count * (portableMath.log(2 * scale) + 1),
    standardErrors: { location: error, scale: error, shape: null },
    atEnd: false,
  };
}

/** The range. Its likelihood has no slope at the maximum, so there are no errors of this kind: the ends are right to some width/n. */
export function fitUniform({ sorted }: FittedSample): LikelyLaw {
  const count = sorted.length;
  const [low, high] = [sorted[0] as number, sorted[count - 1] as number];
  const scale = (high - low) / 2;
  return {
    law: { name: 'uniform', location: (low + high) / 2, scale, shape: null },
    logLikelihood: -count * portableMath.log(2 * scale),
    standardErrors: { location: null, scale: null, shape: null },
    atEnd: false,
  };
}
