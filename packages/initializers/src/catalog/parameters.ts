/** What the keys of an expression do to an initializer: `he-normal:slope=0.2,bias-variance=0.1`. */
import type { Initializer, LayerwiseInitializer } from '../initializer.js';
import { distributions } from '../laws/distribution.js';
import { fanModes } from '../laws/layer-shape.js';
import type { WeightLaw } from '../laws/weight-law.js';
import type { ParameterName } from './catalog-entry.js';

/** A value that was not taken: what was expected instead. */
export interface Refused {
  readonly expected: string;
}

/** A key's value as typed → the changed initializer, or what was expected. */
type Setter = (initializer: Initializer, text: string) => Initializer | Refused;

/** `base` of an expression: a name's layerwise initializer, or null where there is none. */
export type FindLayerwise = (name: string) => LayerwiseInitializer | null;

/**
 * Sets one key.
 *
 * @param findLayerwise looks `base` up
 */
export function setParameter(
  initializer: Initializer,
  key: ParameterName,
  text: string,
  findLayerwise: FindLayerwise,
): Initializer | Refused {
  if (key === 'base') {
    const base = findLayerwise(text);
    if (base === null) return { expected: 'the name of an initializer that needs no data' };
    if (initializer.kind !== 'fixup') return { kind: 'sign-flip', base };
    // Its biases are zero, and what is left out in silence would be taken for done.
    return base.biases.kind === 'zeros'
      ? { ...initializer, weights: base.weights }
      : { expected: 'the name of an initializer without biases' };
  }
  return setters[key](initializer, text);
}

/** Keys that say the same thing in two ways. */
const rivals: readonly (readonly [string, string])[] = [
  ['low', 'variance'],
  ['high', 'variance'],
  ['bias', 'bias-variance'],
];

/**
 * The first key that cannot have its way beside the others, or null; what was ignored in silence would be taken for done.
 *
 * @param initializer with all keys set
 * @param keys in the order they were typed
 * @returns the key and the rest of the sentence "… is set …"
 */
export function contradiction(
  initializer: Initializer,
  keys: readonly string[],
): { readonly key: string; readonly problem: string } | null {
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) return { key: twice, problem: 'twice; expected each key once' };
  const rival = rivals.find((pair) => pair.every((key) => keys.includes(key)));
  if (rival !== undefined) {
    return { key: rival[0], problem: `beside ${rival[1]}; expected one of the two` };
  }
  if (!keys.includes('degrees-of-freedom') || initializer.kind !== 'layerwise') return null;
  const { weights } = initializer;
  if (!('distribution' in weights) || weights.distribution === 'student-t') return null;
  return {
    key: 'degrees-of-freedom',
    problem: `but the distribution is ${weights.distribution}, which has none; expected distribution=student-t beside it`,
  };
}

const positive = { expected: 'a positive finite number', accepts: (x: number) => x > 0 };
const notNegative = { expected: 'a finite number ≥ 0', accepts: (x: number) => x >= 0 };
const finite = { expected: 'a finite number', accepts: () => true };

/** Reads a number that JavaScript and people write alike; not "", "0x10" or "1_000". */
function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function numeric(
  rule: { readonly expected: string; readonly accepts: (value: number) => boolean },
  set: (initializer: Initializer, value: number) => Initializer,
): Setter {
  return (initializer, text) => {
    const value = numberOf(text);
    return Number.isFinite(value) && rule.accepts(value) ? set(initializer, value) : rule;
  };
}

/** Changes the law of the weights; initializers without one never list a key that comes here. */
function withWeights(initializer: Initializer, change: (law: WeightLaw) => WeightLaw): Initializer {
  return initializer.kind === 'layerwise'
    ? { ...initializer, weights: change(initializer.weights) }
    : initializer;
}

/** Sets a field of the law of the weights that the entry is known to have. */
function weightField(field: string): (initializer: Initializer, value: number | string) => Initializer {
  return (initializer, value) => withWeights(initializer, (law) => ({ ...law, [field]: value }) as WeightLaw);
}

function initializerField(field: string): (initializer: Initializer, value: number) => Initializer {
  return (initializer, value) => ({ ...initializer, [field]: value }) as Initializer;
}

/** One end of a range; the other is its mirror image until it is set too. */
function rangeEnd(end: 'low' | 'high'): (initializer: Initializer, value: number) => Initializer {
  return (initializer, value) =>
    withWeights(initializer, (law) =>
      law.kind === 'uniform-range'
        ? { ...law, [end]: value }
        : {
            kind: 'uniform-range',
            low: end === 'low' ? value : -value,
            high: end === 'high' ? value : -value,
          },
    );
}

function oneOf(known: readonly string[], field: string): Setter {
  return (initializer, text) =>
    known.includes(text) ? weightField(field)(initializer, text) : { expected: `one of ${known.join(', ')}` };
}

const setters: Readonly<Record<Exclude<ParameterName, 'base'>, Setter>> = {
  variance: numeric(positive, weightField('variance')),
  low: numeric(finite, rangeEnd('low')),
  high: numeric(finite, rangeEnd('high')),
  value: numeric(finite, weightField('value')),
  scale: numeric(positive, weightField('scale')),
  mode: oneOf(fanModes, 'mode'),
  distribution: oneOf(distributions, 'distribution'),
  sparsity: numeric(
    { expected: 'a number ≥ 0 and < 1', accepts: (x) => x >= 0 && x < 1 },
    weightField('sparsity'),
  ),
  deviation: numeric(positive, weightField('deviation')),
  'degrees-of-freedom': numeric(
    { expected: 'a finite number > 2', accepts: (x) => x > 2 },
    weightField('degreesOfFreedom'),
  ),
  // Gain multiplies the deviation: the variance goes with its square.
  gain: numeric(positive, (initializer, gain) =>
    withWeights(initializer, (law) => {
      if (law.kind === 'variance-scaling') return { ...law, scale: law.scale * gain * gain };
      return 'gain' in law ? { ...law, gain: law.gain * gain } : law;
    }),
  ),
  // He's gain for a leaky ReLU of slope a: gain² = 2/(1 + a²).
  slope: numeric(finite, (initializer, slope) =>
    withWeights(initializer, (law) =>
      law.kind === 'variance-scaling' ? { ...law, scale: law.scale / (1 + slope * slope) } : law,
    ),
  ),
  bias: numeric(finite, (initializer, value) =>
    initializer.kind === 'layerwise'
      ? { ...initializer, biases: value === 0 ? { kind: 'zeros' } : { kind: 'constant', value } }
      : initializer,
  ),
  'bias-variance': numeric(notNegative, (initializer, variance) =>
    initializer.kind === 'layerwise'
      ? {
          ...initializer,
          biases:
            variance === 0
              ? { kind: 'zeros' }
              : { kind: 'stated-variance', distribution: 'normal', variance },
        }
      : initializer,
  ),
  output: (initializer, text) =>
    (text === 'zero' || text === 'drawn') && initializer.kind === 'fixup'
      ? { ...initializer, output: text }
      : { expected: 'zero or drawn' },
  tolerance: numeric(positive, initializerField('tolerance')),
  'max-tries': numeric(
    { expected: 'an integer ≥ 1', accepts: (x) => Number.isSafeInteger(x) && x >= 1 },
    initializerField('maxTries'),
  ),
  'weight-deviation': numeric(positive, initializerField('weightDeviation')),
  'bias-deviation': numeric(positive, initializerField('biasDeviation')),
};
