/** What a person asks of the explorable before the data are at hand: the state of the page, the flags of the command. */
import type { SpecOptimizer } from '../../../regression/optimizers.js';
import { regressionOptimizers } from '../../../regression/optimizers.js';
import type { DatasetIdentity } from '../../../study.js';
import { paperTraining } from '../../../training/training-settings.js';
import { parseExploreSpec } from '../cells.js';
import type { ExploreConfiguration } from '../configuration/configuration.js';
import { type ExploreSpec, exploreFunctionNames, exploreImages } from '../spec.js';

/** Every field is decided; 0 nets, maps or runs leave the part out. */
export interface ExploreQuestion {
  /** One to four, all different. */
  readonly configurations: readonly ExploreConfiguration[];
  readonly seed: number;
  /** `embedded`, `mnist`, `fashion-mnist`, a target function, or what else a data set is called: a folder, `idx-1a2b3c4d`. */
  readonly data: string;
  /** Only so many training images, and at most as many for testing; null for all, and of functions. */
  readonly images: number | null;
  /** Random nets whose lengths are measured. */
  readonly nets: number;
  /** Random nets whose neurons are mapped. */
  readonly maps: number;
  readonly verdict: boolean;
  /** Trainings. What follows says how. */
  readonly runs: number;
  readonly epochs: number;
  readonly optimizer: SpecOptimizer['kind'];
  readonly rate: number;
  readonly batch: number;
  readonly target: number;
  /** Epochs after which layers are looked at, ascending. */
  readonly look: readonly number[];
}

/** Whether the data are a function's. */
export function asksFunction(data: string): boolean {
  return exploreFunctionNames.includes(data);
}

/** What is not said, quick or not. */
export function exploreDefaults(
  { data, images }: Pick<ExploreQuestion, 'data' | 'images'>,
  quick = false,
): Omit<ExploreQuestion, 'configurations' | 'data' | 'images' | 'rate' | 'look'> {
  const counts = { seed: 1, nets: quick ? 30 : 100, maps: 1, verdict: true, runs: 1 } as const;
  if (asksFunction(data)) {
    return { ...counts, epochs: quick ? 100 : 500, optimizer: 'adam', batch: 64, target: 0.01 };
  }
  return {
    ...counts,
    epochs: quick ? 3 : 10,
    optimizer: 'sgd',
    batch: batchOf(data, images),
    target: paperTraining.targetAccuracy,
  };
}

/** Steps an epoch of the embedded images, near the 59 that MNIST has in batches of 1,024. */
const stepsPerEpoch = 47;

function batchOf(data: string, images: number | null): number {
  if (data === 'embedded' && images === null) return paperTraining.embeddedBatchSize;
  if (images === null) return paperTraining.batchSize;
  return Math.min(paperTraining.batchSize, Math.ceil(images / stepsPerEpoch));
}

/** The learning rate of an optimizer where none is said: of functions those of the other studies. */
export function defaultRate(data: string, optimizer: SpecOptimizer['kind']): number {
  if (asksFunction(data)) return regressionOptimizers[optimizer].learningRate;
  return optimizer === 'adam' ? regressionOptimizers.adam.learningRate : paperTraining.learningRate;
}

/** Before the first step, after the first epoch and at the end. */
export function defaultLook(epochs: number): readonly number[] {
  return [...new Set([0, 1, epochs])];
}

/**
 * The spec of a question, checked.
 *
 * @param identity of the images asked for, the first ones only where that is asked; null for a function
 * @throws InvalidArgumentError naming the field that cannot be, as where convolutions do not fit the images
 */
export function exploreSpec(question: ExploreQuestion, identity: DatasetIdentity | null): ExploreSpec {
  return parseExploreSpec(draftExploreSpec(question, identity));
}

/**
 * The same before it is checked, for who asks a question that its own text has been read as, again and again while a slider moves: whether
 * configurations fit the data and into memory is then still open.
 */
export function draftExploreSpec(question: ExploreQuestion, identity: DatasetIdentity | null): ExploreSpec {
  const { configurations, seed, data, images, nets, maps, verdict, runs } = question;
  const { optimizer, rate, epochs, batch, target, look } = question;
  return {
    study: 'explore',
    version: 1,
    seed,
    configurations,
    data:
      identity === null
        ? { kind: 'function', name: data }
        : exploreImages(identity, { asked: data, first: images }),
    lengths: nets === 0 ? null : { nets },
    neurons: maps === 0 ? null : { nets: maps },
    verdict,
    training:
      runs === 0
        ? null
        : {
            runs,
            epochs,
            optimizer:
              optimizer === 'momentum'
                ? { kind: optimizer, learningRate: rate, momentum: regressionOptimizers.momentum.momentum }
                : { kind: optimizer, learningRate: rate },
            batchSize: batch,
            target,
            lookAt: look,
          },
  };
}

/** The question that a spec answers; without trainings the usual settings of them. */
export function exploreQuestion(spec: ExploreSpec): ExploreQuestion {
  const { configurations, seed, data: source, lengths, neurons, verdict, training } = spec;
  const data = source.kind === 'function' ? source.name : source.identity.name;
  const images = source.kind === 'function' ? null : source.first;
  const usual = exploreDefaults({ data, images });
  const { epochs, optimizer } = usual;
  return {
    ...usual,
    configurations,
    seed,
    data,
    images,
    nets: lengths?.nets ?? 0,
    maps: neurons?.nets ?? 0,
    verdict,
    runs: training?.runs ?? 0,
    rate: training?.optimizer.learningRate ?? defaultRate(data, optimizer),
    look: training?.lookAt ?? defaultLook(epochs),
    ...(training === null
      ? {}
      : {
          epochs: training.epochs,
          optimizer: training.optimizer.kind,
          batch: training.batchSize,
          target: training.target,
        }),
  };
}
