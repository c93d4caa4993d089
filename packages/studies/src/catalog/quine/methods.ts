/**
 * Ways to look for a net that outputs its own parameters, as data. The optimizers, batches of 10 and targets frozen for an epoch are
 * those of Chang & Lipson (2018) at second hand; rates they do not state are PyTorch's defaults. Fixed norms, the negative net and
 * pairs are ours.
 */
import { z } from 'zod';

/** A way to search. */
export interface QuineMethod {
  /** Each epoch shows every coordinate once, in batches; null: regeneration alone. */
  readonly optimizer: QuineOptimizer | null;
  /** Coordinates a step; the loss of a step is the sum over them. */
  readonly batchSize: number;
  /**
   * What a step aims at: the parameters as they were when the epoch began (`epoch`), as they are now (`step`), or as they are now
   * with the gradient taken through them too (`through`, for one net).
   */
  readonly targets: 'epoch' | 'step' | 'through';
  /** Every epoch begins by replacing all parameters of a net at once by what is given for them; several nets in turn. */
  readonly regenerate: boolean;
  /**
   * Σθ²: `free`; `fixed`, put back to its first value after every change; `tuned`, after every regeneration moved towards the value
   * at which what comes out is as long as what is there.
   */
  readonly norm: 'free' | 'fixed' | 'tuned';
  /** Net i is to output the parameters of net i + 1, the last one those of the first. 1: the quine. */
  readonly nets: number;
  /** 1, or −1 where nets are to output their target with the other sign (by regeneration alone). */
  readonly sign: 1 | -1;
}

const rate = z.number().positive();
const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), learningRate: rate }),
  z.strictObject({ kind: z.literal('momentum'), learningRate: rate, momentum: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('adam'), learningRate: rate }),
  z.strictObject({ kind: z.literal('adamax'), learningRate: rate }),
  z.strictObject({ kind: z.literal('adagrad'), learningRate: rate }),
  z.strictObject({ kind: z.literal('rmsprop'), learningRate: rate }),
]);

/** An optimizer of a spec. */
export type QuineOptimizer = z.infer<typeof optimizerSchema>;

/** Most coordinates a step. */
const mostRows = 4096;

/** A method in a spec. */
export const methodFields = {
  optimizer: optimizerSchema.nullable(),
  batchSize: z.int().min(1).max(mostRows),
  targets: z.enum(['epoch', 'step', 'through']),
  regenerate: z.boolean(),
  norm: z.enum(['free', 'fixed', 'tuned']),
  nets: z.int().min(1).max(8),
  sign: z.union([z.literal(1), z.literal(-1)]),
};

const plain = {
  batchSize: 10,
  targets: 'epoch',
  regenerate: false,
  norm: 'free',
  nets: 1,
  sign: 1,
} as const;
const adamax = { kind: 'adamax', learningRate: 0.002 } as const;
const regeneration = { ...plain, optimizer: null, regenerate: true, norm: 'tuned' } as const;

/** The methods by name, in the order of figures and tables. */
export const quineMethods = {
  sgd: { ...plain, optimizer: { kind: 'sgd', learningRate: 0.01 } },
  momentum: { ...plain, optimizer: { kind: 'momentum', learningRate: 0.01, momentum: 0.9 } },
  adagrad: { ...plain, optimizer: { kind: 'adagrad', learningRate: 0.01 } },
  adam: { ...plain, optimizer: { kind: 'adam', learningRate: 0.001 } },
  adamax: { ...plain, optimizer: adamax },
  rmsprop: { ...plain, optimizer: { kind: 'rmsprop', learningRate: 0.01 } },
  'adamax-through': { ...plain, optimizer: adamax, targets: 'through' },
  regeneration: { ...plain, optimizer: adamax, regenerate: true },
  'regeneration-fixed': { ...plain, optimizer: adamax, regenerate: true, norm: 'fixed' },
  'through-fixed': { ...plain, optimizer: adamax, targets: 'through', norm: 'fixed', batchSize: 100 },
  'pair-adamax': { ...plain, optimizer: adamax, nets: 2 },
  pair: { ...regeneration, nets: 2 },
  negative: { ...regeneration, sign: -1 },
} as const satisfies Readonly<Record<string, QuineMethod>>;

/** Name of a method. */
export type QuineMethodName = keyof typeof quineMethods;

/** The names, in the order of the figures. */
export const quineMethodNames = Object.keys(quineMethods) as readonly QuineMethodName[];

const titles: Readonly<Record<QuineMethodName, string>> = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  adagrad: 'Adagrad',
  adam: 'Adam',
  adamax: 'Adamax',
  rmsprop: 'RMSprop',
  'adamax-through': 'Adamax, targets follow',
  regeneration: 'regeneration, Adamax',
  'regeneration-fixed': 'regeneration, norm fixed',
  'through-fixed': 'targets follow, norm fixed',
  'pair-adamax': 'pair of nets, Adamax',
  pair: 'pair, regeneration alone',
  negative: 'negative, regeneration alone',
};

/** How a method is called; a name that is not known is returned as it is. */
export function methodTitle(name: string): string {
  const known = quineMethodNames.find((candidate) => candidate === name);
  return known === undefined ? name : titles[known];
}
