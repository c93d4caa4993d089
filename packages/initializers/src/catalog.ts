/**
 * Names for laws. Sources: Glorot & Bengio, AISTATS 2010 (variance 2 / (fan-in + fan-out)); He, Zhang, Ren & Sun, ICCV
 * 2015 (2 / fan-in); LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998 (1 / fan-in). The truncated curve of
 * Hanin & Rolnick's figure 1 is `he-truncated-normal-uncorrected`.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { VarianceScaling } from './variance-scaling.js';

/** Every name of the catalog, in the order in which lists and figures show them. */
export const initializerNames = [
  'he-normal',
  'he-uniform',
  'he-truncated-normal',
  'he-truncated-normal-uncorrected',
  'he-normal-2x',
  'glorot-normal',
  'glorot-uniform',
  'lecun-normal',
  'lecun-uniform',
] as const;

export type InitializerName = (typeof initializerNames)[number];

/** The eight curves of figure 1 of Hanin & Rolnick (2018). */
export const figure1Initializers: readonly InitializerName[] = initializerNames.filter(
  (name) => name !== 'he-truncated-normal',
);

interface CatalogEntry {
  readonly title: string;
  readonly law: VarianceScaling;
}

const catalog: Readonly<Record<InitializerName, CatalogEntry>> = {
  'he-normal': { title: 'He normal', law: { distribution: 'normal', scale: 2, mode: 'fan-in' } },
  'he-uniform': { title: 'He uniform', law: { distribution: 'uniform', scale: 2, mode: 'fan-in' } },
  'he-truncated-normal': {
    title: 'He truncated at 2σ, variance restored',
    law: { distribution: 'truncated-normal', scale: 2, mode: 'fan-in' },
  },
  'he-truncated-normal-uncorrected': {
    title: 'He truncated at 2σ, variance not restored',
    law: { distribution: 'truncated-normal-uncorrected', scale: 2, mode: 'fan-in' },
  },
  'he-normal-2x': { title: '2× He normal', law: { distribution: 'normal', scale: 4, mode: 'fan-in' } },
  'glorot-normal': { title: 'Glorot normal', law: { distribution: 'normal', scale: 1, mode: 'fan-average' } },
  'glorot-uniform': {
    title: 'Glorot uniform',
    law: { distribution: 'uniform', scale: 1, mode: 'fan-average' },
  },
  'lecun-normal': { title: 'LeCun normal', law: { distribution: 'normal', scale: 1, mode: 'fan-in' } },
  'lecun-uniform': { title: 'LeCun uniform', law: { distribution: 'uniform', scale: 1, mode: 'fan-in' } },
};

/** True for a name of the catalog. */
export function isInitializerName(name: string): name is InitializerName {
  return Object.hasOwn(catalog, name);
}

/**
 * The law behind a name.
 *
 * @throws InvalidArgumentError for an unknown name; the message lists those known
 */
export function initializerLaw(name: string): VarianceScaling {
  return entry('initializerLaw', name).law;
}

/**
 * The name as a person reads it, such as "He truncated at 2σ, variance not restored".
 *
 * @throws InvalidArgumentError for an unknown name
 */
export function initializerTitle(name: string): string {
  return entry('initializerTitle', name).title;
}

function entry(caller: string, name: string): CatalogEntry {
  if (!isInitializerName(name)) {
    throw new InvalidArgumentError(
      `${caller}: unknown initializer "${name}"; expected one of ${initializerNames.join(', ')}`,
      { details: { name, known: initializerNames } },
    );
  }
  return catalog[name];
}
