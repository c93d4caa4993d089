/** Names of laws that state their numbers: the same whatever the layer's fans. */
import { layerwise } from '../initializer.js';
import type { Distribution } from '../laws/distribution.js';
import { biasParameters, type CatalogEntry } from './catalog-entry.js';

/** 0.05²: the deviation of Keras' RandomNormal and TruncatedNormal. No paper asks for it; it is what "normal" often means. */
const usualVariance = 0.0025;

function stated(distribution: Distribution) {
  return layerwise({ kind: 'stated-variance', distribution, variance: usualVariance });
}

const defaults = 'variance=0.0025';
const source = 'a stated variance, 0.0025 unless told: the deviation 0.05 of Keras RandomNormal';
const parameters = ['variance', ...biasParameters] as const;

/** Laws by their variance, and constants. */
export const statedEntries = {
  normal: { title: 'Normal', defaults, initializer: stated('normal'), source, parameters },
  uniform: {
    title: 'Uniform',
    defaults,
    initializer: stated('uniform'),
    source: `${source}; or a range, low and high`,
    parameters: ['variance', 'low', 'high', ...biasParameters],
  },
  'truncated-normal': {
    title: 'Normal truncated at 2σ, variance restored',
    defaults,
    initializer: stated('truncated-normal'),
    source,
    parameters,
  },
  'truncated-normal-uncorrected': {
    title: 'Normal truncated at 2σ, variance not restored',
    defaults,
    initializer: stated('truncated-normal-uncorrected'),
    source,
    parameters,
  },
  laplace: { title: 'Laplace', defaults, initializer: stated('laplace'), source, parameters },
  rademacher: {
    title: 'Rademacher',
    defaults,
    initializer: stated('rademacher'),
    source,
    parameters,
  },
  'student-t': {
    title: 'Student-t',
    defaults: `${defaults}, degrees-of-freedom=5`,
    initializer: stated('student-t'),
    source,
    parameters: ['degrees-of-freedom', ...parameters],
  },
  zeros: {
    title: 'Zeros',
    initializer: layerwise({ kind: 'constant', value: 0 }),
    source: 'what breaks no symmetry',
    parameters: biasParameters,
  },
  ones: {
    title: 'Ones',
    initializer: layerwise({ kind: 'constant', value: 1 }),
    source: 'what breaks no symmetry',
    parameters: biasParameters,
  },
  constant: {
    title: 'Constant',
    defaults: 'value=0.05',
    initializer: layerwise({ kind: 'constant', value: 0.05 }),
    source: 'what breaks no symmetry; 0.05 unless told',
    parameters: ['value', ...biasParameters],
  },
} as const satisfies Record<string, CatalogEntry>;
