/** The diagnosis of a model file: by real passes where it tells its network, by its weights alone where it does not. */
import {
  type Architecture,
  countOf,
  createEngine,
  type Engine,
  estimateNetworkMemory,
  inputShape,
  isFlat,
  layerShapes,
  type RandomKey,
} from '@kindling/core';
import { loadModelNetwork, type Model, type ModelArchitecture, printableName } from '@kindling/models';
import {
  diagnoseWeights,
  judgeKernels,
  type KernelStatistics,
  type KernelsDiagnosis,
  type WeightsDiagnosis,
} from '../index.js';
import { type ModelInputs, type ModelInputsRequest, randomInputs } from './model-inputs.js';
import { notFiniteText } from './not-finite-text.js';
import { findTensors, type ReadingMeter, type TensorFindings } from './tensor-findings.js';
import { WeightsError } from './weights-error.js';

/** How a model was diagnosed. */
export type ModelDiagnosis =
  | {
      readonly kind: 'network';
      readonly architecture: ModelArchitecture;
      readonly diagnosis: WeightsDiagnosis;
      /** What was passed, in words. */
      readonly inputs: string;
      readonly findings: readonly TensorFindings[];
    }
  | {
      readonly kind: 'weights';
      readonly diagnosis: KernelsDiagnosis;
      readonly findings: readonly TensorFindings[];
    };

/** What is asked. */
export interface ModelDiagnosisRequest {
  readonly model: Model;
  readonly key: RandomKey;
  /** Whether changes of the weights are tried and judged. */
  readonly remedies: boolean;
  readonly meter: ReadingMeter;
  /** Writes what is passed into the engine's memory, where the file tells its network. Default: `randomInputs`. */
  readonly inputs?: (engine: Engine, request: ModelInputsRequest) => ModelInputs | Promise<ModelInputs>;
}

/** Inputs that are passed: as many as dense nets train on at once. */
const mostInputs = 64;
/** Room for the passes; fewer inputs are taken where they need more. */
const comfortableBytes = 512e6;

/**
 * Diagnoses a model, opened with `batchNormalization: 'by-batch'`. A fresh engine is made, whose memory goes with it.
 *
 * @throws WeightsError for weights that are not finite, or none, or inputs too few for a network that normalizes; OutOfMemoryError;
 *   what `inputs` throws
 */
export async function diagnoseModel({
  model,
  key,
  remedies,
  meter,
  inputs = randomInputs,
}: ModelDiagnosisRequest): Promise<ModelDiagnosis> {
  const engine = createEngine();
  const { architecture } = model;
  const mapped = new Map(architecture?.parameters.map(({ tensor, parameter }) => [tensor, parameter]));
  const wanted = model.tensors.filter(({ fans, name }) => fans !== null || mapped.has(name));
  const findings = await findTensors(engine, wanted, meter);
  refuseNotFinite(findings);
  if (architecture === null) {
    const kernels = findings.flatMap((found) => statisticsOf(found) ?? []);
    if (kernels.length === 0) {
      throw new WeightsError(
        `diagnoseModel: there are no weight matrices that could be recognized; expected dense or convolution kernels — kindling inspect shows what there is`,
      );
    }
    return { kind: 'weights', diagnosis: judgeKernels(kernels), findings };
  }
  const run = flatEnd(architecture);
  const { height, width, channels } = inputShape(run.architecture.input);
  const rows = affordableInputs(engine, run.architecture);
  const network = await loadModelNetwork(engine, { ...model, architecture: run });
  const request = { width: height * width * channels, rows, key };
  const { matrix, description } = await inputs(engine, request);
  const normalizes = network.parameters.some(({ kind }) => kind === 'gamma');
  if (normalizes && matrix.rows < 2) {
    throw new WeightsError(
      'diagnoseModel: the network normalizes by its batch, which takes two inputs at least, and there is one; expected more inputs',
      { details: { tooFewInputs: true } },
    );
  }
  const kernels = network.parameters.flatMap(({ name: parameter, fans, kind }) => {
    const tensor = architecture.parameters.find((mapping) => mapping.parameter === parameter)?.tensor;
    const found = findings.find((candidate) => candidate.tensor.name === tensor);
    if (kind !== 'weights' || fans === null || found === undefined) return [];
    return [{ ...moments(found), fanIn: fans.fanIn, fanOut: fans.fanOut, parameter }];
  });
  const diagnosis = diagnoseWeights(engine, { network, inputs: matrix, kernels, key, remedies });
  return { kind: 'network', architecture, diagnosis, inputs: description, findings };
}

function statisticsOf(found: TensorFindings): KernelStatistics | null {
  const { fans } = found.tensor;
  // A kernel without numbers passes nothing, and is no layer of the chain that is taken for granted.
  if (fans === null || found.tensor.size === 0) return null;
  return { ...moments(found), fanIn: fans.fanIn, fanOut: fans.fanOut };
}

function moments({ tensor, summary, law }: TensorFindings) {
  const { mean, variance, excessKurtosis, count } = summary;
  return {
    name: tensor.name,
    count,
    meanSquare: variance + mean * mean,
    excessKurtosis,
    law: law ?? ({ kind: 'unknown', pValue: Number.NaN } as const),
  };
}

/** Of weights that are not finite nothing can be measured. */
function refuseNotFinite(findings: readonly TensorFindings[]): void {
  const wrong = findings.filter(({ summary }) => summary.nans + summary.infinities > 0);
  const [first] = wrong;
  if (first === undefined) return;
  const more = wrong.length === 1 ? '' : `, and ${countOf(wrong.length - 1, 'other tensor')} such numbers`;
  throw new WeightsError(
    `diagnoseModel: the tensor "${printableName(first.tensor.name)}" holds ${notFiniteText(first.summary)}${more}; expected finite weights — kindling repair draws them anew`,
    { details: { notFinite: true } },
  );
}

/** Gradients start at rows of numbers: a network that ends in images gets a layer that makes rows of them. */
function flatEnd(architecture: ModelArchitecture): ModelArchitecture {
  const { input, layers } = architecture.architecture;
  const last = layerShapes(architecture.architecture).at(-1);
  if (last === undefined || isFlat(last)) return architecture;
  return { ...architecture, architecture: { input, layers: [...layers, { kind: 'flatten' }] } };
}

/** As many inputs as fit comfortably, one at least. */
function affordableInputs({ arena }: Engine, architecture: Architecture): number {
  let rows = mostInputs;
  while (rows > 1 && estimateNetworkMemory(architecture, rows).training > comfortableBytes) rows = rows / 2;
  const { parameters, training } = estimateNetworkMemory(architecture, rows);
  const available = arena.limitBytes - arena.mark();
  if (parameters + training <= available) return rows;
  throw new WeightsError(
    `diagnoseModel: one input through this network takes ${megabytes(parameters + training)}; expected at most ${megabytes(available)}, which the kernels reach — kindling inspect needs far less`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toPrecision(3)} MB`;
}
