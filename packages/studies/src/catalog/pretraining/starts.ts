/** What labelled training starts from: nothing, a pretext model, or laws of trained nets. */
import type { NetLawKind } from '../../weight-laws/net-sampler.js';

/** Nets that a start takes from: of the pretext task, which needs no labels, or trained on all labels of the pool. */
export type StartSource = 'pretext' | 'labels';

/** Where hidden layers start. */
export interface StartEntry {
  readonly title: string;
  /** What it does, for a table. */
  readonly meaning: string;
  /** Null: fresh He normal. */
  readonly source: StartSource | null;
  /** Null: the weights and biases themselves. */
  readonly law: NetLawKind | null;
  /** Whether each layer's weights get He's mean square, 2/fan-in, the biases following. */
  readonly rescaled: boolean;
}

/** By name, in the order of tables and labels. The outputs are drawn afresh by all. */
export const starts = {
  he: { title: 'He normal', meaning: 'fresh weights', source: null, law: null, rescaled: false },
  pretext: {
    ...{ title: 'pretext model', source: 'pretext', law: null, rescaled: false },
    meaning: 'weights and biases that fill in masked pixels, learned without labels',
  },
  'pretext-rescaled': {
    ...{ title: 'pretext model, rescaled', source: 'pretext', law: null, rescaled: true },
    meaning: 'the same function up to its scale: each layer’s weights have He’s mean square',
  },
  'pretext-marginal': {
    ...{ title: 'pretext’s law, marginal', source: 'pretext', law: 'marginal', rescaled: false },
    meaning: 'weights drawn one by one from the law of each layer of the pretext model',
  },
  'pretext-matrix-normal': {
    ...{ title: 'pretext’s law, matrix normal', source: 'pretext', law: 'matrix-normal', rescaled: false },
    meaning:
      'weights drawn with the means and the covariances of rows and columns of each layer of the pretext model',
  },
  'labels-marginal': {
    ...{ title: 'labels’ law, marginal', source: 'labels', law: 'marginal', rescaled: false },
    meaning:
      'the first law, of nets trained on all labels of the pool: more than a person with few labels has',
  },
  'labels-matrix-normal': {
    ...{ title: 'labels’ law, matrix normal', source: 'labels', law: 'matrix-normal', rescaled: false },
    meaning: 'the second law, of the same nets',
  },
  labels: {
    ...{ title: 'trained on all labels', source: 'labels', law: null, rescaled: false },
    meaning: 'weights and biases of one of the same nets: the ceiling',
  },
} as const satisfies Readonly<Record<string, StartEntry>>;

/** Where hidden layers start, by name. */
export type StartName = keyof typeof starts;

/** The names. */
export const startNames = Object.keys(starts) as readonly StartName[];
