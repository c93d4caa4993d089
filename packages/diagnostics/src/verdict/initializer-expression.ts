/** Initializers that came of a remedy, as the catalog's expressions: what a command can ask about. */
import { findInitializer, type Initializer, type LayerwiseInitializer } from '@kindling/initializers';

/**
 * `variance-scaling:scale=2.63,mode=fan-in,distribution=normal`, with `bias` or `bias-variance` where there are such.
 *
 * @returns null where no expression draws exactly this: for weights of another kind, and biases that are neither constant nor normal
 */
export function varianceScalingExpression(initializer: Initializer): string | null {
  if (initializer.kind !== 'layerwise' || initializer.weights.kind !== 'variance-scaling') return null;
  const { scale, mode, distribution } = initializer.weights;
  const biases = biasSettings(initializer);
  if (biases === null) return null;
  const law = [`scale=${scale}`, `mode=${mode}`, `distribution=${distribution}`];
  const shape =
    distribution === 'student-t' && initializer.weights.degreesOfFreedom !== undefined
      ? [`degrees-of-freedom=${initializer.weights.degreesOfFreedom}`]
      : [];
  return `variance-scaling:${[...law, ...shape, ...biases].join(',')}`;
}

/** A catalog's name with the biases put behind it; null where no expression says them. */
export function withBiasesExpression(name: string, initializer: LayerwiseInitializer): string | null {
  const biases = biasSettings(initializer);
  if (biases === null) return null;
  if (biases.length === 0) return name;
  return findInitializer(name).initializer.kind === 'layerwise' ? `${name}:${biases.join(',')}` : null;
}

function biasSettings({ biases }: LayerwiseInitializer): readonly string[] | null {
  if (biases.kind === 'zeros') return [];
  if (biases.kind === 'constant') return [`bias=${biases.value}`];
  const normal = biases.kind === 'stated-variance' && biases.distribution === 'normal';
  return normal ? [`bias-variance=${biases.variance}`] : null;
}
