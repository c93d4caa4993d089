/** The laws that the catalog's names mean on a layer of given fans. */
import {
  effectiveVariance,
  findInitializer,
  type InitializerName,
  initializerNames,
  type LayerShape,
  type WeightLaw,
} from '@kindling/initializers';
import { type LawShape, lawShapes, type TestedLaw } from './law-shape.js';

/** A law and all names of the catalog that mean it on this layer. */
export interface CandidateLaw extends TestedLaw {
  /** Catalog names, the most telling one first: those of libraries where the plain name promises something else. */
  readonly names: readonly InitializerName[];
  /** As a person reads it. */
  readonly title: string;
}

/** Two variances that differ by less than rounding are one law. */
const relativeSlack = 1e-9;

/**
 * The independent symmetric laws of the catalog on this layer, each once: normal, uniform, truncated normal (corrected and not) and
 * Laplace, with the scales of He, Glorot, LeCun, stated variances and the defaults of PyTorch, Keras, TensorFlow.js, Flax and others.
 * Student-t laws are not among them; structured ones (orthogonal, sparse, identity) are for `identifyStructure`.
 */
export function candidateLaws(shape: LayerShape): readonly CandidateLaw[] {
  const found: { names: InitializerName[]; title: string; law: TestedLaw }[] = [];
  for (const name of initializerNames) {
    const { initializer, title } = findInitializer(name);
    if (initializer.kind !== 'layerwise') continue;
    const lawShape = shapeOf(initializer.weights);
    if (lawShape === null) continue;
    const deviation = Math.sqrt(effectiveVariance(initializer.weights, shape).variance);
    const same = found.find(
      ({ law }) => law.shape === lawShape && Math.abs(law.deviation - deviation) <= relativeSlack * deviation,
    );
    if (same === undefined) found.push({ names: [name], title, law: { shape: lawShape, deviation } });
    else if (isTelling(name) && !same.names.some(isTelling)) {
      same.names.unshift(name);
      same.title = title;
    } else same.names.push(name);
  }
  return found.map(({ names, title, law }) => ({ ...law, names, title }));
}

/** Names of the laws of random signs whose size on this layer is this, within rounding. */
export function signNames(shape: LayerShape, size: number, slack: number): readonly InitializerName[] {
  return initializerNames.filter((name) => {
    const { initializer } = findInitializer(name);
    if (initializer.kind !== 'layerwise') return false;
    const law = initializer.weights;
    if (law.kind !== 'variance-scaling' && law.kind !== 'stated-variance') return false;
    if (law.distribution !== 'rademacher') return false;
    const expected = Math.sqrt(effectiveVariance(law, shape).variance);
    return Math.abs(size - expected) <= Math.max(relativeSlack, slack) * expected;
  });
}

/** Presets of the libraries people save files with. */
function isTelling(name: InitializerName): boolean {
  return /^(tfjs|pytorch|keras|flax):/.test(name);
}

function shapeOf(law: WeightLaw): LawShape | null {
  if (law.kind === 'uniform-range') return law.low === -law.high ? 'uniform' : null;
  if (law.kind !== 'variance-scaling' && law.kind !== 'stated-variance') return null;
  if (law.distribution === 'truncated-normal-uncorrected') return 'truncated-normal';
  return lawShapes.find((shape) => shape === law.distribution) ?? null;
}
