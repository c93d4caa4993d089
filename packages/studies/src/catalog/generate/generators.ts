/** What is drawn in the study: laws fitted to trained networks, and the controls beside them. */

/** Where the checkpoints come from: the late epochs of one training, or trainings of many seeds. */
export type CheckpointFamily = 'run' | 'seeds';

/** Every `CheckpointFamily`. */
export const checkpointFamilies: readonly CheckpointFamily[] = ['run', 'seeds'];

/** The family in words. */
export const familyTitles: Readonly<Record<CheckpointFamily, string>> = {
  run: 'the late epochs of one training',
  seeds: 'trainings of many seeds',
};

/** A way to make parameters. */
export interface GeneratorEntry {
  readonly title: string;
  /** What it does, for a table. */
  readonly meaning: string;
  /** Draws from a law that was fitted to checkpoints; the others are there to judge those. */
  readonly kind: 'generator' | 'control';
  /** Whether hidden units were brought into one order before. Only seeds differ in theirs. */
  readonly matched: boolean;
  /** Gives one network, however many draws are asked for. */
  readonly single: boolean;
}

/** By name, in the order of tables and labels. */
export const generators = {
  independent: {
    ...{ title: 'independent normal', kind: 'generator', matched: false, single: false },
    meaning: 'every parameter normal with its own mean and deviation over the checkpoints, all independent',
  },
  span: {
    ...{ title: 'normal in the span', kind: 'generator', matched: false, single: false },
    meaning: 'normal with the mean and the whole covariance of the checkpoints (all principal components)',
  },
  'matched-independent': {
    ...{ title: 'independent, matched', kind: 'generator', matched: true, single: false },
    meaning: 'the first, after hidden units were brought into one order',
  },
  'matched-span': {
    ...{ title: 'in the span, matched', kind: 'generator', matched: true, single: false },
    meaning: 'the second, after hidden units were brought into one order',
  },
  shuffled: {
    ...{ title: 'law of each tensor', kind: 'generator', matched: false, single: false },
    meaning: 'the numbers of a checkpoint in random order within each tensor: its law and nothing else',
  },
  midpoint: {
    ...{ title: 'midpoint of two', kind: 'control', matched: false, single: false },
    meaning: 'halfway between two checkpoints',
  },
  'matched-midpoint': {
    ...{ title: 'midpoint, matched', kind: 'control', matched: true, single: false },
    meaning: 'the same, after hidden units were brought into one order',
  },
  average: {
    ...{ title: 'mean of all', kind: 'control', matched: false, single: true },
    meaning: 'the mean of all checkpoints',
  },
  'matched-average': {
    ...{ title: 'mean of all, matched', kind: 'control', matched: true, single: true },
    meaning: 'the same, after hidden units were brought into one order',
  },
  noise: {
    ...{ title: 'noise as far away', kind: 'control', matched: false, single: false },
    meaning: 'a checkpoint and noise in a random direction, as far away as draws in the span are from theirs',
  },
  copy: {
    ...{ title: 'a copy, blurred', kind: 'control', matched: false, single: false },
    meaning: 'a checkpoint and noise of a tenth of the distance to the next checkpoint: memorized',
  },
  fresh: {
    ...{ title: 'fresh He normal', kind: 'control', matched: false, single: false },
    meaning: 'untrained',
  },
} as const satisfies Readonly<Record<string, GeneratorEntry>>;

/** A way to make parameters, by name. */
export type GeneratorName = keyof typeof generators;

/** The names. */
export const generatorNames = Object.keys(generators) as readonly GeneratorName[];

/** Those that a family has: units of one training keep their order. */
export function generatorsOf(family: CheckpointFamily): readonly GeneratorName[] {
  return generatorNames.filter((name) => family === 'seeds' || !generators[name].matched);
}
