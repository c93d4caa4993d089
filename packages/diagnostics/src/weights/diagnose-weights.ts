/**
 * Will training start from these very weights? The lines are those of `diagnose`, which were found by training; the numbers are this
 * network's own, measured, and not those of random ones like it.
 */
import {
  type Architecture,
  deriveKey,
  type Engine,
  type Matrix,
  type Network,
  portableMath,
  type RandomKey,
  readMatrix,
  rootKey,
  type Step,
  writeMatrix,
} from '@kindling/core';
import { findInitializer, initializeParameters, layerwise } from '@kindling/initializers';
import { assess } from '../verdict/assess.js';
import type { VerdictCode } from '../verdict/diagnosis.js';
import { headlineOf } from '../verdict/headline.js';
import { explodingLine } from '../verdict/judge-network.js';
import { scaleSums } from '../verdict/network-findings.js';
import { hiddenLayers, readStructure } from '../verdict/network-structure.js';
import { powerOfTen } from '../verdict/number-words.js';
import type { Signal } from '../verdict/predict-signal.js';
import { biasedDecades, eventualLine, vanishingLine } from '../verdict/thresholds.js';
import { type KernelFactor, type KernelStatistics, kernelFactor } from './kernel-factor.js';
import { measureWeights, type WeightsMeasurement } from './measure-weights.js';

/** A matrix of the network, by its name there (`layers.2.weights`). */
export interface ParameterStatistics extends KernelStatistics {
  readonly parameter: string;
}

/** A judged matrix and where it stands. */
export interface ParameterFactor extends KernelFactor {
  readonly parameter: string;
  /** Whether a ReLU reads what it gives: only then is 1 critical, and only then can `wrong` be true. */
  readonly beforeRelu: boolean;
}

/** The state of one network in numbers. */
export interface WeightsState {
  readonly verdict: VerdictCode;
  /** All that hold, the main one first. */
  readonly verdicts: readonly VerdictCode[];
  /** In a sentence. */
  readonly headline: string;
  /** log₁₀ of M_d/M_0 behind the last hidden layer; −Infinity where it is dead. */
  readonly lengthDecades: number;
  /** log₁₀ of what the input contributes to that: the same without biases. */
  readonly signalDecades: number;
  /** What a hidden layer multiplies that by, in the geometric mean. */
  readonly lengthFactor: number | null;
  /** log₁₀ of ‖gradient‖² at the first layer's outputs over that at the last hidden layer's. */
  readonly gradientDecades: number;
}

/** A change of the weights that was made and measured. */
export interface WeightsRemedy {
  readonly change: 'he-normal' | 'scale-only';
  readonly after: WeightsState;
}

/** What `diagnoseWeights` returns. */
export interface WeightsDiagnosis extends WeightsState {
  readonly measurement: WeightsMeasurement;
  readonly kernels: readonly ParameterFactor[];
  /** Both changes, whether they help or not; none for `starts`. */
  readonly remedies: readonly WeightsRemedy[];
}

export interface DiagnoseWeightsOptions {
  readonly network: Network;
  /** One a row. */
  readonly inputs: Matrix;
  /** Of every weight matrix. */
  readonly kernels: readonly ParameterStatistics[];
  /** Default rootKey(1). */
  readonly key?: RandomKey;
  /** Default true. */
  readonly remedies?: boolean;
}

const heNormal = findInitializer('he-normal').initializer;

/**
 * Measures a network and judges it; if it does not start, redraws and rescales its weights in place, measures again, and puts them back.
 *
 * @throws InvalidArgumentError as `measureWeights`
 */
export function diagnoseWeights(engine: Engine, options: DiagnoseWeightsOptions): WeightsDiagnosis {
  const { network, inputs, key = rootKey(1), remedies = true } = options;
  const kernels = judgeParameters(network, options.kernels);
  const { measurement, state } = judge(engine, { network, inputs, key, kernels: options.kernels });
  if (!remedies || state.verdict === 'starts') return { ...state, measurement, kernels, remedies: [] };
  const kept = network.parameters.map(({ matrix }) => readMatrix(engine, matrix).slice());
  const put = () =>
    network.parameters.forEach(({ matrix }, index) => {
      writeMatrix(engine, matrix, kept[index] ?? []);
    });
  try {
    rescale(engine, network);
    const scaled = judge(engine, { network, inputs, key, kernels: [] }).state;
    initializeParameters(engine, network, heNormal, deriveKey(key, redrawPurpose));
    // New weights and biases, as a repair makes them; what normalizes stays.
    network.parameters.forEach(({ kind, matrix }, index) => {
      if (kind !== 'weights' && kind !== 'biases') writeMatrix(engine, matrix, kept[index] ?? []);
    });
    const redrawn = judge(engine, { network, inputs, key, kernels: [] }).state;
    const tried: readonly WeightsRemedy[] = [
      { change: 'he-normal', after: redrawn },
      { change: 'scale-only', after: scaled },
    ];
    return { ...state, measurement, kernels, remedies: tried };
  } finally {
    put();
  }
}

/** A child of the user's key that nothing else takes. */
const redrawPurpose = 100;

/** Every matrix times what makes its mean square 2/fan-in; zeros stay zeros. Biases stay. */
function rescale(engine: Engine, network: Network): void {
  for (const { kind, fans, matrix } of network.parameters) {
    if (kind !== 'weights' || fans === null) continue;
    const values = readMatrix(engine, matrix);
    const square = values.reduce((sum, w) => sum + w * w, 0) / values.length;
    const factor = criticalScale(square, fans.fanIn);
    if (factor !== null) {
      writeMatrix(
        engine,
        matrix,
        values.map((w) => factor * w),
      );
    }
  }
}

/** What makes a mean square 2/fan-in when weights are multiplied by it; `null` where none does: of zeros, NaN and ∞. */
export function criticalScale(meanSquare: number, fanIn: number): number | null {
  const factor = Math.sqrt(2 / (fanIn * meanSquare));
  return factor > 0 && Number.isFinite(factor) ? factor : null;
}

interface JudgeOptions {
  readonly network: Network;
  readonly inputs: Matrix;
  readonly key: RandomKey;
  readonly kernels: readonly ParameterStatistics[];
}

function judge(engine: Engine, { network, inputs, key, kernels }: JudgeOptions) {
  const measurement = measureWeights(engine, network, inputs, key);
  const { architecture } = network;
  const structure = readStructure(architecture, layerwiseHe());
  const own = measurement.layers.filter(({ nested }) => nested === 0);
  const end = hiddenLayers(architecture.layers);
  const last = own[end - 1];
  const first = own[0];
  const lengthDecades = (last?.logLength ?? 0) / Math.LN10;
  const gradientDecades = ((first?.logGradient ?? 0) - (last?.logGradient ?? 0)) / Math.LN10;
  const biasFree = network.parameters.every(
    ({ kind, matrix }) => kind !== 'biases' || readMatrix(engine, matrix).every((b) => b === 0),
  );
  // ‖∂y_d/∂y_1‖² in a random direction, times what the first layer made of the input: f(x) = (∂f/∂x) x without biases.
  // Behind a batch normalization gradients say nothing of lengths: it undoes the one and not the other.
  const signalDecades =
    biasFree || structure.normalizes || end <= 1
      ? lengthDecades
      : (first?.logLength ?? 0) / Math.LN10 + gradientDecades;
  // Behind shortcuts a constant branch is no news: Fixup and its kin start so. A linear output layer of zeros moves at once.
  const chain = structure.blocks.length === 0 ? judgeParameters(network, kernels) : [];
  const constant = kernels.find(
    ({ law, count }, index) => law.kind === 'constant' && count > 1 && chain[index]?.beforeRelu === true,
  );
  const dead = measurement.closed.length > 0 || lengthDecades === Number.NEGATIVE_INFINITY;
  const depth = Math.max(1, end);
  const widths = structure.widths;
  const harmonic = widths.length === 0 ? 1 : widths.length / widths.reduce((sum, n) => sum + 1 / n, 0);
  const predicted = predictedDecades(architecture, kernels);
  const signal = signalOf({
    ...{ lengthDecades, signalDecades, predicted, width: harmonic },
    line: explodingLine(scaleSums(structure)),
  });
  const found = assess({
    symmetry: constant === undefined ? null : unbrokenBy(constant),
    bornDead: { probability: dead ? 1 : 0, standardError: null },
    signal: dead ? null : signal,
    residual: structure.residual && structure.blocks.some(({ silent }) => !silent),
  });
  const { verdicts, eventualShare } = found;
  const verdict = verdicts[0] ?? 'starts';
  const lengthFactor = Number.isFinite(signalDecades) ? powerOfTen(signalDecades / depth) : null;
  const headline = headlineOf(verdicts, { eventualShare, bornDeadProbability: dead ? 1 : 0 });
  const state: WeightsState = {
    ...{ verdict, verdicts, headline, lengthDecades, signalDecades, lengthFactor, gradientDecades },
  };
  return { measurement, state };
}

/** Equal weights: zeros pass nothing on, others make all units of the layer one. */
function unbrokenBy({ meanSquare }: KernelStatistics) {
  const zero = meanSquare === 0;
  return { value: Math.sqrt(meanSquare), zero, equalUnits: !zero };
}

function layerwiseHe() {
  return layerwise({ kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' });
}

/** Π of the factors of a plain chain, in decades; `null` of other networks, where lengths have more causes. */
function predictedDecades({ layers }: Architecture, kernels: readonly ParameterStatistics[]): number | null {
  const end = hiddenLayers(layers);
  const plain = layers.slice(0, end).every((layer) => layer.kind === 'dense' && layer.activation === 'relu');
  if (!plain || kernels.length < end) return null;
  const names = new Set(layers.slice(0, end).map((_, index) => `layers.${index}.weights`));
  const hidden = kernels.filter(({ parameter }) => names.has(parameter));
  if (hidden.length !== end) return null;
  return hidden.reduce((sum, kernel) => sum + portableMath.log(kernelFactor(kernel).factor) / Math.LN10, 0);
}

interface SignalNumbers {
  readonly lengthDecades: number;
  readonly signalDecades: number;
  readonly predicted: number | null;
  readonly width: number;
  readonly line: number;
}

/** One network as a sample of one. What its variances do not explain is chance: spread. */
function signalOf({ lengthDecades, signalDecades, predicted, width, line }: SignalNumbers): Signal {
  // NaN is what ∞ − ∞ leaves of a net that has exploded.
  const length = Number.isNaN(lengthDecades) ? Number.POSITIVE_INFINITY : lengthDecades;
  const signal = Number.isNaN(signalDecades) ? length : signalDecades;
  const biased = length - signal > biasedDecades;
  const mean = predicted ?? signal;
  const never = eventualLine(biased, width);
  return {
    source: 'simulation',
    meanIsExact: predicted !== null,
    factors: null,
    meanDecades: mean,
    spreadDecades: Math.min(0, signal - mean),
    deviationDecades: 0,
    lengthDecades: length,
    biased,
    below: signal < vanishingLine(biased) ? 1 : 0,
    lost: signal < never ? 1 : 0,
    eventualLine: never,
    explodingLine: line,
    above: Math.max(signal, length) > line ? 1 : 0,
  };
}

function judgeParameters(
  { program }: Network,
  kernels: readonly ParameterStatistics[],
): readonly ParameterFactor[] {
  const { steps, parameters } = program;
  return kernels.map((kernel) => {
    const step = steps.find(
      (candidate) => 'weights' in candidate && parameters[candidate.weights]?.name === kernel.parameter,
    );
    const beforeRelu = step !== undefined && isRead(step, steps);
    const judged = kernelFactor(kernel);
    return { ...judged, wrong: judged.wrong && beforeRelu, parameter: kernel.parameter, beforeRelu };
  });
}

function isRead(step: Step, steps: readonly Step[]): boolean {
  if ('activation' in step && step.activation === 'relu') return true;
  return steps.some(
    (reader) => reader.kind === 'activation' && reader.activation === 'relu' && reader.input === step.output,
  );
}
