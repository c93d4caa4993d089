/**
 * The initializers that the studies of dead neurons compare, with what each is called and how it looks in figures. A
 * name is part of cells' ids, and random numbers derive from those.
 */
import type { Initializer } from '@kindling/initializers';
import { type SeriesStyle, seriesColors } from '../figures/series-style.js';

const heWeights = { kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' } as const;

/** The names, in the order of figures and tables. */
export const comparedInitializerNames = [
  'he-normal',
  'he-normal-biases',
  'rai',
  'data-dependent',
  'data-dependent-uniform',
] as const;

/** One of them. */
export type ComparedInitializerName = (typeof comparedInitializerNames)[number];

/** One initializer as the studies know it. */
export interface ComparedInitializer {
  /** For legends and tables. */
  readonly title: string;
  readonly initializer: Initializer;
  readonly style: SeriesStyle;
}

const compared: Readonly<
  Record<ComparedInitializerName, Omit<ComparedInitializer, 'style'> & { style: Look }>
> = {
  'he-normal': {
    title: 'He normal, zero biases',
    initializer: { kind: 'layerwise', weights: heWeights, biases: { kind: 'zeros' } },
    style: { ...seriesColors.blue, symbol: 'circle', filled: true },
  },
  'he-normal-biases': {
    title: 'He normal, random biases',
    // A bias has the variance of its unit's weights, so (w, b) is a normal vector without a preferred direction.
    initializer: { kind: 'layerwise', weights: heWeights, biases: heWeights },
    style: { ...seriesColors.amber, symbol: 'diamond', filled: true },
  },
  rai: {
    title: 'Randomized asymmetric (RAI)',
    initializer: { kind: 'randomized-asymmetric' },
    style: { ...seriesColors.red, symbol: 'triangle', filled: true },
  },
  'data-dependent': {
    title: 'Data-dependent, anchors in turn',
    initializer: { kind: 'data-dependent', anchors: 'cycle' },
    style: { ...seriesColors.green, symbol: 'square', filled: true },
  },
  'data-dependent-uniform': {
    title: 'Data-dependent, anchors at random',
    initializer: { kind: 'data-dependent', anchors: 'uniform' },
    style: { ...seriesColors.purple, symbol: 'star', filled: true },
  },
};

type Look = Omit<SeriesStyle, 'className'>;

/** The initializer called `name`. */
export function comparedInitializer(name: ComparedInitializerName): ComparedInitializer {
  const { title, initializer, style } = compared[name];
  return { title, initializer, style: { className: `series-${name}`, ...style } };
}

/** How the initializer of a summary is called; a name that is not known is returned as it is. */
export function initializerTitle(name: string): string {
  const known = comparedInitializerNames.find((candidate) => candidate === name);
  return known === undefined ? name : compared[known].title;
}
