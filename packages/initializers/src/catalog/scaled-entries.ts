/** Names of laws whose variance is scale / fan. */
import { layerwise } from '../initializer.js';
import type { Distribution } from '../laws/distribution.js';
import type { FanMode } from '../laws/layer-shape.js';
import { biasParameters, type CatalogEntry } from './catalog-entry.js';

const he = 'He, Zhang, Ren & Sun, ICCV 2015: variance 2/fan-in';
const glorot = 'Glorot & Bengio, AISTATS 2010: variance 2/(fan-in + fan-out)';
const lecun = 'LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998: variance 1/fan-in';

function scaled(distribution: Distribution, scale: number, mode: FanMode = 'fan-in') {
  return layerwise({ kind: 'variance-scaling', distribution, scale, mode });
}

const heParameters = ['slope', 'gain', ...biasParameters] as const;
const gainParameters = ['gain', ...biasParameters] as const;

/** The nine laws of figure 1 first, then the same scale with other shapes. */
export const scaledEntries = {
  'he-normal': {
    title: 'He normal',
    initializer: scaled('normal', 2),
    source: he,
    parameters: heParameters,
  },
  'he-uniform': {
    title: 'He uniform',
    initializer: scaled('uniform', 2),
    source: he,
    parameters: heParameters,
  },
  'he-truncated-normal': {
    title: 'He truncated at 2σ, variance restored',
    initializer: scaled('truncated-normal', 2),
    source: `${he}; as Keras and JAX draw it`,
    parameters: heParameters,
  },
  'he-truncated-normal-uncorrected': {
    title: 'He truncated at 2σ, variance not restored',
    initializer: scaled('truncated-normal-uncorrected', 2),
    source: `${he}; as TensorFlow.js 4.22 draws it, and Hanin & Rolnick, 2018, figure 1`,
    parameters: heParameters,
  },
  'he-normal-2x': {
    title: '2× He normal',
    initializer: scaled('normal', 4),
    source: 'Hanin & Rolnick, NeurIPS 2018, figure 1: twice the variance of He',
    parameters: heParameters,
  },
  'glorot-normal': {
    title: 'Glorot normal',
    initializer: scaled('normal', 1, 'fan-average'),
    source: glorot,
    parameters: gainParameters,
  },
  'glorot-uniform': {
    title: 'Glorot uniform',
    initializer: scaled('uniform', 1, 'fan-average'),
    source: glorot,
    parameters: gainParameters,
  },
  'lecun-normal': {
    title: 'LeCun normal',
    initializer: scaled('normal', 1),
    source: lecun,
    parameters: gainParameters,
  },
  'lecun-uniform': {
    title: 'LeCun uniform',
    initializer: scaled('uniform', 1),
    source: lecun,
    parameters: gainParameters,
  },
  'he-laplace': {
    title: 'He Laplace',
    initializer: scaled('laplace', 2),
    source: `${he}, Laplace weights`,
    parameters: heParameters,
  },
  'he-rademacher': {
    title: 'He Rademacher (±√(2/fan-in))',
    initializer: scaled('rademacher', 2),
    source: `${he}, weights of one size and random sign`,
    parameters: heParameters,
  },
  'he-student-t': {
    title: 'He Student-t',
    defaults: 'degrees-of-freedom=5',
    initializer: scaled('student-t', 2),
    source: `${he}, Student-t weights`,
    parameters: ['degrees-of-freedom', ...heParameters],
  },
  'variance-scaling': {
    title: 'Variance scaling',
    defaults: 'scale=1, mode=fan-in, distribution=truncated-normal',
    initializer: scaled('truncated-normal', 1),
    source: 'Keras VarianceScaling with its defaults',
    parameters: ['scale', 'mode', 'distribution', 'degrees-of-freedom', ...biasParameters],
  },
} as const satisfies Record<string, CatalogEntry>;
