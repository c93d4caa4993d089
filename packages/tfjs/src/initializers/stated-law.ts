/** What initializers of TensorFlow.js really draw, in Kindling's words, from how a topology states them. */
import {
  type BiasLaw,
  type Distribution,
  type FanMode,
  findInitializer,
  initializerNames,
  type LayerInitializer,
  layerwise,
  needsBlocks,
  needsData,
  type WeightLaw,
} from '@kindling/initializers';
import type { StatedInitializer } from '@kindling/models';
import { kindlingClassName } from './kindling-class-name.js';

/** A law and what people call it. */
export interface StatedLaw {
  /** A name of the catalog where it has one (`tfjs:he-normal`), else the class of TensorFlow.js. */
  readonly name: string;
  readonly initializer: LayerInitializer;
}

/**
 * The law of a kernel as TensorFlow.js 4.22 draws it: its `normal` is cut at two deviations and the variance not restored, whatever the
 * name; every other distribution of VarianceScaling is uniform there.
 *
 * @returns `null` for a class that is not known, or a mean that is not 0
 */
export function lawOfKernel(stated: StatedInitializer | null): StatedLaw | null {
  if (stated === null) return null;
  const { className, config } = stated;
  if (className === kindlingClassName) return kindlingLaw(config['initializer']);
  const weights = weightLaw(className, config);
  return weights === null ? null : named(layerwise(weights), className);
}

/** The law of biases; `null` for one that is not known. */
export function lawOfBias(stated: StatedInitializer | null): BiasLaw | null {
  if (stated === null || stated.className === 'Zeros') return { kind: 'zeros' };
  const { className, config } = stated;
  if (className === 'Constant') return constantBias(number(config['value'], 0));
  if (className === 'Ones') return constantBias(1);
  if (className === 'RandomNormal' && number(config['mean'], 0) === 0) {
    return {
      kind: 'stated-variance',
      distribution: 'normal',
      variance: square(number(config['stddev'], 0.05)),
    };
  }
  if (className === 'RandomUniform') return uniformRange(config);
  return null;
}

/** The same initializer with other biases, which only layerwise ones have apart. */
export function withBiases({ name, initializer }: StatedLaw, biases: BiasLaw): StatedLaw | null {
  if (initializer.kind !== 'layerwise') return biases.kind === 'zeros' ? { name, initializer } : null;
  return { name, initializer: { ...initializer, biases } };
}

/** The law of a name of Kindling; `null` for one that has no law of single layers. */
export function kindlingLaw(expression: unknown): StatedLaw | null {
  if (typeof expression !== 'string') return null;
  const { name, initializer } = findInitializer(expression);
  return needsData(initializer) || needsBlocks(initializer) ? null : { name, initializer };
}

/** Why a stated law is off by truncation, a full sentence; `null` if it is not. */
export function truncationCause({ initializer }: StatedLaw): string | null {
  if (initializer.kind !== 'layerwise') return null;
  const { weights } = initializer;
  const cut = 'distribution' in weights && weights.distribution === 'truncated-normal-uncorrected';
  return cut
    ? 'TensorFlow.js draws "normal" kernels from a truncated normal without its correction: cut at two standard deviations, with 0.774 of the variance left (tensorflow/tfjs issue 8594).'
    : null;
}

function weightLaw(className: string, config: StatedInitializer['config']): WeightLaw | null {
  const scaled = scaledClasses[className];
  if (scaled !== undefined) return varianceScaling(...scaled);
  switch (className) {
    case 'VarianceScaling': {
      const mode = fanModes[letters(config['mode'] ?? 'fanIn')];
      if (mode === undefined) return null;
      const normal = letters(config['distribution'] ?? 'normal') === 'normal';
      return varianceScaling(number(config['scale'], 1), mode, normal ? truncated : 'uniform');
    }
    case 'RandomNormal':
    case 'TruncatedNormal': {
      if (number(config['mean'], 0) !== 0) return null;
      const variance = square(number(config['stddev'], 0.05));
      return variance === 0
        ? { kind: 'constant', value: 0 }
        : {
            kind: 'stated-variance',
            distribution: className === 'RandomNormal' ? 'normal' : truncated,
            variance,
          };
    }
    case 'RandomUniform':
      return uniformRange(config);
    case 'Zeros':
      return { kind: 'constant', value: 0 };
    case 'Ones':
      return { kind: 'constant', value: 1 };
    case 'Constant':
      return { kind: 'constant', value: number(config['value'], 0) };
    case 'Identity':
      return { kind: 'identity', gain: number(config['gain'], 1) };
    case 'Orthogonal':
      return { kind: 'orthogonal', gain: number(config['gain'], 1) };
    default:
      return null;
  }
}

const truncated = 'truncated-normal-uncorrected';

/** Classes and functions that some files name instead of VarianceScaling. */
const scaledClasses: Readonly<Record<string, readonly [number, FanMode, Distribution]>> = {
  HeNormal: [2, 'fan-in', truncated],
  HeUniform: [2, 'fan-in', 'uniform'],
  LeCunNormal: [1, 'fan-in', truncated],
  LeCunUniform: [1, 'fan-in', 'uniform'],
  GlorotNormal: [1, 'fan-average', truncated],
  GlorotUniform: [1, 'fan-average', 'uniform'],
};

const fanModes: Readonly<Record<string, FanMode>> = {
  fanin: 'fan-in',
  fanout: 'fan-out',
  fanavg: 'fan-average',
};

function varianceScaling(scale: number, mode: FanMode, distribution: Distribution): WeightLaw {
  return scale === 0
    ? { kind: 'constant', value: 0 }
    : { kind: 'variance-scaling', distribution, scale, mode };
}

/** Both ends; a range without width is a constant. */
function uniformRange(config: StatedInitializer['config']) {
  const low = number(config['minval'], -0.05);
  const high = number(config['maxval'], 0.05);
  return low < high
    ? ({ kind: 'uniform-range', low, high } as const)
    : ({ kind: 'constant', value: low } as const);
}

function constantBias(value: number): BiasLaw {
  return value === 0 ? { kind: 'zeros' } : { kind: 'constant', value };
}

/** The catalog's own name for a law, that of a preset of TensorFlow.js first. */
function named(initializer: LayerInitializer, className: string): StatedLaw {
  const text = JSON.stringify(initializer);
  const names = initializerNames.filter((name) => JSON.stringify(findInitializer(name).initializer) === text);
  return { name: names.find((name) => name.startsWith('tfjs:')) ?? names[0] ?? className, initializer };
}

function letters(value: unknown): string {
  return String(value).toLowerCase().replaceAll('_', '');
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function square(x: number): number {
  return x * x;
}
