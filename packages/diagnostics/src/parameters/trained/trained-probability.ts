/**
 * Was it trained? One probability a tensor and one for the file, with the evidence. The coefficients were fitted to a zoo of small nets
 * (`trainedModel`); fresh and trained are equally likely beforehand, so 1/2 means that nothing could be told.
 */
import { evidenceFeatures, kernelFeatureNames, vectorFeatureNames } from './evidence-features.js';
import type { TensorEvidence } from './tensor-evidence.js';
import { trainedModel } from './trained-coefficients.js';
import { fileLogOdds, probabilityOfLogOdds, type TrainedModel, tensorLogOdds } from './trained-model.js';

/** A test that fresh weights would seldom fail so badly. */
export interface Surprise {
  readonly test: Exclude<(typeof kernelFeatureNames)[number], 'size'> | 'biasLaw';
  /** −log₁₀ p, at least 3; 8 stands for anything more. */
  readonly surprise: number;
  /** What it means, beginning in lower case, without a full stop. */
  readonly words: string;
}

/** What a tensor tells. */
export interface TensorAnswer {
  readonly name: string;
  /** P(trained), 0 … 1; 1/2 where nothing can be told. */
  readonly probability: number;
  /** The largest first; empty where nothing surprises. */
  readonly surprises: readonly Surprise[];
  /** The evidence in a few words, beginning in lower case, without a full stop. */
  readonly words: string;
}

/** What a file tells. */
export interface TrainedAnswer {
  /** P(trained), 0 … 1. */
  readonly probability: number;
  readonly tensors: readonly TensorAnswer[];
  /** The evidence in one sentence. */
  readonly words: string;
}

/** Surprises below it are not told: of a fresh file's tests about one in a thousand reaches it. */
const leastTold = 3;
/** How much of the full weight a size must have for silence to be told as evidence. */
const leastSize = 0.5;

const meanings: Readonly<Record<Surprise['test'], string>> = {
  columnMeans: 'units differ in their mean weight',
  rowMeans: 'inputs differ in their mean weight',
  columnSizes: 'units differ in the size of their weights',
  rowSizes: 'inputs differ in the size of their weights',
  neighbors: 'neighboring weights are alike',
  topSingularValue: 'a direction stands out of the spectrum',
  catalogLaw: 'no initializer’s law at these fans fits',
  anyScaleLaw: 'no initializer’s shape of law fits, whatever its scale',
  biasLaw: 'the numbers differ, and no law of fresh ones fits',
};

/**
 * The probability that tensors were trained, from `openTensorEvidence`'s findings. All evidence is relative to fresh weights of any law that libraries draw from,
 * in random order; weights that were made otherwise (calibrated, computed, copied) count as trained. A net that took a single small step may pass for
 * fresh where its biases are not in the file.
 *
 * @param model default: the project's fit
 */
export function trainedProbability(
  tensors: readonly { readonly name: string; readonly evidence: TensorEvidence }[],
  model: TrainedModel = trainedModel,
): TrainedAnswer {
  const logOdds = tensors.map(({ evidence }) => tensorLogOdds(model, evidence));
  const answers = tensors.map(({ name, evidence }, i): TensorAnswer => {
    const surprises = surprisesOf(evidence);
    return {
      name,
      probability: probabilityOfLogOdds(logOdds[i] ?? 0),
      surprises,
      words: wordsOf(evidence, surprises),
    };
  });
  return {
    probability: probabilityOfLogOdds(fileLogOdds(model, logOdds)),
    tensors: answers,
    words: fileWords(
      tensors.map(({ evidence }) => evidence),
      answers,
    ),
  };
}

function surprisesOf(evidence: TensorEvidence): readonly Surprise[] {
  const features = evidenceFeatures(evidence) ?? [];
  const names: readonly string[] = evidence.kind === 'kernel' ? kernelFeatureNames : vectorFeatureNames;
  return names
    .flatMap((test, i): readonly Surprise[] => {
      // Of biases only what is beyond p = 0.01 is a feature.
      const surprise = (features[i] ?? 0) + (test === 'biasLaw' && (features[i] ?? 0) > 0 ? 2 : 0);
      if (!isTest(test) || surprise < leastTold) return [];
      return [{ test, surprise, words: meanings[test] }];
    })
    .sort((a, b) => b.surprise - a.surprise);
}

function isTest(name: string): name is Surprise['test'] {
  return Object.hasOwn(meanings, name);
}

function wordsOf(evidence: TensorEvidence, surprises: readonly Surprise[]): string {
  if (evidence.kind === 'nothing') {
    return evidence.reason === 'empty' ? 'no numbers' : 'NaN or infinite numbers, which tell nothing';
  }
  // Two tests of law say one thing.
  const told = surprises.filter(
    ({ test }) => test !== 'catalogLaw' || !surprises.some((other) => other.test === 'anyScaleLaw'),
  );
  if (told.length > 0) {
    return told
      .slice(0, 2)
      .map(({ words }) => words)
      .join('; ');
  }
  if (evidence.kind === 'vector') {
    if (evidence.constant) return 'all numbers the same, as before a first step';
    return 'random numbers, as some libraries draw biases';
  }
  if (evidence.orthogonal) return 'orthogonal, as drawn';
  const [weight = 0] = evidenceFeatures(evidence) ?? [];
  if (weight < leastSize) return 'too few numbers to tell';
  return 'in random order, of a law that fresh weights have';
}

function fileWords(evidence: readonly TensorEvidence[], answers: readonly TensorAnswer[]): string {
  const kernels = evidence.flatMap(({ kind }, i) => (kind === 'kernel' ? [answers[i] as TensorAnswer] : []));
  const telling = kernels.filter(({ surprises }) => surprises.length > 0);
  const vectors = evidence.filter((found) => found.kind === 'vector');
  const varied = vectors.filter(({ constant }) => !constant);
  const parts = [
    ...(kernels.length === 0
      ? []
      : [
          kernels.length === 1
            ? `1 weight matrix ${telling.length === 1 ? 'differs' : 'does not differ'} from fresh ones`
            : `${shareOf(telling.length, kernels.length)} weight matrices ${telling.length === 1 ? 'differs' : 'differ'} from fresh ones`,
        ]),
    ...(vectors.length === 0
      ? []
      : [
          vectors.length === 1
            ? `1 vector of biases or scales ${varied.length === 1 ? 'varies' : 'is constant'}`
            : `${shareOf(varied.length, vectors.length)} vectors of biases or scales ${varied.length === 1 ? 'varies' : 'vary'}`,
        ]),
  ];
  return parts.length === 0 ? 'nothing in it can tell' : parts.join(', ');
}

/** `none of 3`, `2 of 3`. */
function shareOf(count: number, all: number): string {
  return `${count === 0 ? 'none' : count} of ${all}`;
}
