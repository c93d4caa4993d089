/** Why an initializer misses the critical variance 2/fan-in, in half a sentence. */
import type { Initializer } from '@kindling/initializers';

/** The cause, or null where the law's name says it all. */
export function causeOf(initializer: Initializer): string | null {
  if (initializer.kind !== 'layerwise') return null;
  const { weights } = initializer;
  if (weights.kind === 'stated-variance' || (weights.kind === 'uniform-range' && !('dividedBy' in weights))) {
    return 'the variance is the same whatever the fan-in';
  }
  if (weights.kind === 'orthogonal') return 'ReLU halves what an orthogonal matrix keeps';
  if (weights.kind !== 'variance-scaling') return null;
  const causes = [
    ...(weights.distribution === 'truncated-normal-uncorrected'
      ? ['the normal law is truncated at 2σ and its variance not corrected, which leaves 0.774 of it']
      : []),
    ...(weights.mode === 'fan-average' ? ['the variance is divided by the mean of fan-in and fan-out'] : []),
    ...(weights.mode === 'fan-out' ? ['the variance is divided by fan-out'] : []),
    ...(weights.mode === 'fan-in' && weights.scale !== 2
      ? [`the variance is ${Number(weights.scale.toPrecision(3))}/fan-in, and ReLU needs 2/fan-in`]
      : []),
  ];
  return causes.length === 0 ? null : causes.join(', and ');
}
