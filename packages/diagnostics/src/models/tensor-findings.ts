/** What one pass over the tensors of a file finds: moments, and the law that the numbers follow. */
import type { Engine } from '@kindling/core';
import type { DType, Floats, ModelTensor, TensorSummary } from '@kindling/models';
import { summarizeTensor } from '@kindling/models';
import {
  fewestTested,
  type IdentifiedLaw,
  identifyLaw,
  openTensorEvidence,
  openWeightSample,
  type TensorEvidence,
  type TrainedAnswer,
  trainedProbability,
  type WeightSample,
} from '../index.js';
import { type CloseFindings, lookClosely, openKernelMatrix } from './close-findings.js';
import { openStructureReader } from './kernel-structure.js';
import { tensorQuestion } from './tensor-question.js';

/** A tensor and what was found. */
export interface TensorFindings {
  readonly tensor: ModelTensor;
  readonly summary: TensorSummary;
  /** `null` where numbers were rounded too coarsely for a test, or are no weights: integers. */
  readonly law: IdentifiedLaw | null;
  /** One of so many consecutive numbers was looked at for the law. */
  readonly sampledOf: number;
  /** Of its having been trained; `null` where that was not asked for, or cannot be asked of it. */
  readonly evidence: TensorEvidence | null;
  /** `null` where that was not asked for. */
  readonly close: CloseFindings | null;
}

/** The settings of `findTensors`. */
export interface FindTensorsOptions {
  /** Whether to collect the evidence of training; default false. */
  readonly asksTrained?: boolean;
  /** Whether to look closely, which takes seconds for large matrices; default false. */
  readonly closely?: boolean;
  /** Told of every tensor and the numbers that its law was told from, before the next one is read. */
  readonly onTensor?: (found: TensorFindings, sample: WeightSample) => Promise<void>;
}

/** Told how many bytes more were read. What it throws ends the reading. */
export type ReadingMeter = (bytes: number) => void;

/** Chance that any tensor of a file is wrongly said to follow no law. */
export const familyLevel = 0.01;

/** By how much of itself rounding moves a number; types that are not here are too coarse, or no weights. */
const roundings: Readonly<Partial<Record<DType, number>>> = {
  f64: 2 ** -20,
  f32: 2 ** -20,
  f16: 2 ** -9,
  bf16: 2 ** -7,
};

/** Of numbers in 65,536 even steps from the least to the largest: a few steps, in units of the largest. */
const stepsOf16Bits = 2 ** -14;

/** Rounding of a tensor's numbers; undefined where no law can be asked for. */
function roundingOf({ dtype, quantization }: ModelTensor): number | undefined {
  if (quantization?.dtype === 'u16') return stepsOf16Bits;
  return roundings[quantization?.dtype ?? dtype];
}

/** Whether a law can be asked for. */
function isTested(tensor: ModelTensor): boolean {
  return roundingOf(tensor) !== undefined && tensor.size >= fewestTested;
}

/** Level of each test, such that all of a file's together keep `familyLevel` (Bonferroni). */
export function testLevel(tensors: readonly ModelTensor[]): number {
  return familyLevel / Math.max(1, tensors.filter(isTested).length);
}

/**
 * Reads every tensor once, a piece at a time.
 *
 * @param meter told of the bytes as they are read
 * @param asksTrained whether to collect the evidence of training, too; default false
 * @throws ModelFormatError when numbers cannot be read
 */
export async function findTensors(
  engine: Engine,
  tensors: readonly ModelTensor[],
  meter: ReadingMeter,
  { asksTrained = false, closely = false, onTensor }: FindTensorsOptions = {},
): Promise<readonly TensorFindings[]> {
  const level = testLevel(tensors);
  const fanIns = new Map(
    tensors.flatMap(({ layer, fans }) =>
      layer === null || fans === null ? [] : [[layer, fans.fanIn] as const],
    ),
  );
  const found: TensorFindings[] = [];
  for (const tensor of tensors) {
    const sampler = openWeightSample(tensor.size);
    const slack = roundingOf(tensor);
    const structured = slack === undefined ? null : openStructureReader(tensor);
    const kernel = closely ? openKernelMatrix(tensor) : null;
    const fanIn = tensor.layer === null ? null : (fanIns.get(tensor.layer) ?? null);
    const question = asksTrained ? tensorQuestion(tensor, fanIn, slack ?? null) : null;
    const collector = question === null ? null : openTensorEvidence(engine, question);
    async function* watched(pieces: AsyncIterable<Floats>): AsyncGenerator<Floats> {
      for await (const piece of pieces) {
        sampler.add(piece);
        structured?.add(piece);
        kernel?.add(piece);
        collector?.add(piece);
        meter(piece.byteLength);
        yield piece;
      }
    }
    const summary = await summarizeTensor({
      size: tensor.size,
      chunks: (most) => watched(tensor.chunks(most)),
    });
    const sample = sampler.finish();
    const { fans } = tensor;
    const law =
      slack === undefined
        ? null
        : (structured?.finish(engine, { level, slack }) ??
          identifyLaw(engine, sample, { fans, level, slack }));
    const looked = { sample, law, slack: slack ?? 0, matrix: kernel?.finish() ?? null };
    const close = closely ? lookClosely(engine, looked) : null;
    const sampledOf = law?.kind === 'structure' ? 1 : sample.runLength;
    const one = { tensor, summary, law, sampledOf, close, evidence: collector?.finish() ?? null };
    found.push(one);
    await onTensor?.(one, sample);
  }
  return found;
}

/**
 * Whether the tensors were trained; `null` where none of them could be asked, or not one of its weight matrices: scales of integers
 * and the like are no biases then, and tell nothing.
 */
export function trainedAnswer(findings: readonly TensorFindings[]): TrainedAnswer | null {
  const asked = findings.flatMap(({ tensor, evidence }) =>
    evidence === null ? [] : [{ name: tensor.name, evidence }],
  );
  const kernels = findings.filter(({ tensor }) => tensor.fans !== null);
  const silent = kernels.length > 0 && kernels.every(({ evidence }) => evidence === null);
  return asked.length === 0 || silent ? null : trainedProbability(asked);
}

/** Bytes that the pieces of these tensors will have. */
export function floatBytes(tensors: readonly ModelTensor[]): number {
  return tensors.reduce((sum, { size, dtype }) => sum + size * (bytesInMemory[dtype] ?? 4), 0);
}

/** Types whose numbers f32 does not hold are given as f64. */
const bytesInMemory: Readonly<Partial<Record<DType, number>>> = { f64: 8, i64: 8, u64: 8, i32: 8, u32: 8 };
