/** Measures what TensorFlow.js's own initializers deliver, in the version and on the backend at hand. */
import { InvalidArgumentError } from '@kindling/core';
import { effectiveVariance } from '@kindling/initializers';
import { getBackend, version_core } from '@tensorflow/tfjs-core';
import { initializers, version_layers } from '@tensorflow/tfjs-layers';
import { momentsOf } from '../measure/kernel-statistics.js';
import type { TensorflowInitializer } from '../model/tensorflow-names.js';
import { lawOfKernel } from './stated-law.js';

/** Settings of `audit`. */
export interface AuditOptions {
  /** Rows of the kernels that are drawn. An integer ≥ 1; default 400. */
  readonly fanIn?: number;
  /** Columns. An integer ≥ 1; default 400. */
  readonly fanOut?: number;
  /** Row i of the result is drawn with seed + i by TensorFlow.js, which takes 0 for "none": an integer ≥ 1; default 1. */
  readonly seed?: number;
}

/** One initializer of TensorFlow.js. */
export interface AuditedInitializer {
  /** As in `tf.initializers`. */
  readonly name: string;
  /** Variance × fan-in as the name promises (He: 2). */
  readonly nominal: number;
  /** Mean square × fan-in as measured. */
  readonly delivered: number;
  /** Of `delivered`: √((κ + 2)/count) of it, with the excess kurtosis κ of the law that is really drawn. */
  readonly standardError: number;
  /** delivered / nominal: what is left of the promise. */
  readonly share: number;
  /** delivered / 2: what a ReLU layer multiplies the mean length by. 1 is critical. */
  readonly lengthFactor: number;
  /** True when `delivered` is within five standard errors of `nominal`. */
  readonly keepsPromise: boolean;
  /** Deviation from what Kindling's catalog says of it, in standard errors. */
  readonly deviationFromCatalog: number;
}

/** What `audit` finds. */
export interface Audit {
  readonly versions: { readonly core: string; readonly layers: string };
  readonly backend: string;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Numbers a kernel. */
  readonly count: number;
  readonly initializers: readonly AuditedInitializer[];
}

interface Audited {
  readonly name: string;
  readonly make: (seed: number) => TensorflowInitializer;
  /** What the name promises for the fans. */
  readonly nominal: (fanIn: number, fanOut: number) => number;
}

const deviation = 0.05;
const he = () => 2;
const lecun = () => 1;
const glorot = (fanIn: number, fanOut: number) => (2 * fanIn) / (fanIn + fanOut);
const stated = (fanIn: number) => deviation * deviation * fanIn;

/** All that are random and made of independent numbers. */
const audited: readonly Audited[] = [
  { name: 'heNormal', make: (seed) => initializers.heNormal({ seed }), nominal: he },
  { name: 'heUniform', make: (seed) => initializers.heUniform({ seed }), nominal: he },
  { name: 'glorotNormal', make: (seed) => initializers.glorotNormal({ seed }), nominal: glorot },
  { name: 'glorotUniform', make: (seed) => initializers.glorotUniform({ seed }), nominal: glorot },
  { name: 'leCunNormal', make: (seed) => initializers.leCunNormal({ seed }), nominal: lecun },
  { name: 'leCunUniform', make: (seed) => initializers.leCunUniform({ seed }), nominal: lecun },
  {
    name: 'randomNormal',
    make: (seed) => initializers.randomNormal({ stddev: deviation, seed }),
    nominal: stated,
  },
  {
    name: 'randomUniform',
    make: (seed) => {
      const bound = Math.sqrt(3) * deviation;
      return initializers.randomUniform({ minval: -bound, maxval: bound, seed });
    },
    nominal: stated,
  },
  {
    name: 'truncatedNormal',
    make: (seed) => initializers.truncatedNormal({ stddev: deviation, seed }),
    nominal: stated,
  },
];

/** Errors of a sample within which a promise counts as kept. */
const mostErrors = 5;

/**
 * Draws a kernel [fan-in, fan-out] from each and compares its mean square with what the name promises and with what Kindling's catalog
 * says of it. Leaves no tensors behind.
 *
 * @throws InvalidArgumentError for fans or a seed out of range
 */
export async function audit({ fanIn = 400, fanOut = 400, seed = 1 }: AuditOptions = {}): Promise<Audit> {
  for (const [name, value] of Object.entries({ fanIn, fanOut, seed })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new InvalidArgumentError(`audit: ${name} is ${value}; expected an integer ≥ 1`);
  }
  const found: AuditedInitializer[] = [];
  for (const [place, { name, make, nominal }] of audited.entries()) {
    const initializer = make(seed + place);
    const kernel = initializer.apply([fanIn, fanOut]);
    const values = await kernel.data();
    kernel.dispose();
    const delivered = momentsOf(values).meanSquare * fanIn;
    const law = lawOfKernel({ className: initializer.getClassName(), config: initializer.getConfig() });
    if (law === null) throw new RangeError(`audit: ${name} has no law`);
    const { variance, excessKurtosis } = effectiveVariance(law.initializer, { fanIn, fanOut });
    const spread = Math.sqrt((excessKurtosis + 2) / values.length);
    const promised = nominal(fanIn, fanOut);
    const standardError = delivered * spread;
    found.push({
      name,
      nominal: promised,
      delivered,
      standardError,
      share: delivered / promised,
      lengthFactor: delivered / 2,
      keepsPromise: Math.abs(delivered - promised) <= mostErrors * standardError,
      deviationFromCatalog: (delivered / (variance * fanIn) - 1) / spread,
    });
  }
  const versions = { core: version_core, layers: version_layers };
  return { versions, backend: getBackend(), fanIn, fanOut, count: fanIn * fanOut, initializers: found };
}
