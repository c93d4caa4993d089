/** Gives a model weights with which it starts, in place. */
import { InvalidArgumentError, listParameters, rootKey } from '@kindling/core';
import {
  effectiveVariance,
  findInitializer,
  type LayerInitializer,
  needsBlocks,
  needsData,
  parameterLaws,
} from '@kindling/initializers';
import type { Model } from '@kindling/models';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { drawKernel } from '../initializers/draw-kernel.js';
import { kindlingLaw } from '../initializers/stated-law.js';
import { summarizeKernel } from '../measure/kernel-statistics.js';
import { listKernels, listOtherLayers, type ModelKernel, tensorflowVariable } from '../model/kernels.js';
import { readTopology } from '../model/read-topology.js';
import { type DiagnoseModelOptions, diagnose } from '../verdict/diagnose.js';
import type { ModelDiagnosis } from '../verdict/model-diagnosis.js';

/** Settings of `repair`; those of `diagnose` are for the diagnoses before and after. */
export interface RepairOptions extends Omit<DiagnoseModelOptions, 'initializer'> {
  /**
   * A name or expression of Kindling's catalog. Default: that of the surest remedy which changes nothing but the initializer and makes the
   * model start, else `he-normal`.
   */
  readonly init?: string;
  /** Keep the weights, and multiply each kernel by one number, so that its mean square is that of `init`. Default: false. */
  readonly scaleOnly?: boolean;
}

/** What `repair` did. */
export interface RepairReport {
  /** The initializer that was used. */
  readonly init: string;
  readonly scaleOnly: boolean;
  /** Kernels that have new numbers: the layer, and its mean square × fan-in before and after. */
  readonly kernels: readonly {
    readonly layer: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** Layers with weights that were left alone. */
  readonly skipped: readonly string[];
  readonly before: ModelDiagnosis;
  readonly after: ModelDiagnosis;
  /**
   * log₁₀ of the length behind the last hidden layer, as measured, and what single nets of the law have: mean and standard deviation over
   * nets. `expected` is `null` where there is no theory.
   */
  readonly log10Length: {
    readonly measured: number | null;
    readonly expected: number | null;
    readonly standardDeviation: number | null;
  };
}

/**
 * Draws the kernels and biases of all dense layers and convolutions anew, or rescales the kernels; biases are zero unless the initializer has
 * some. Weight matrix j gets the numbers of matrix j of a Kindling network under `seed`. The topology stays as it is: a saved model
 * still states the initializers it was made with, and needs nothing of Kindling to be loaded. Optimizers' states are not touched.
 *
 * @throws InvalidArgumentError for an initializer that is unknown, looks at data or does not fit the model, for a model that is not built
 *   or has nothing to repair, and as `diagnose`
 */
export async function repair(model: LayersModel, options: RepairOptions = {}): Promise<RepairReport> {
  const { init, scaleOnly = false, seed = 1, ...settings } = options;
  if (init !== undefined) requireDrawable(init);
  const before = await diagnose(model, { ...settings, seed });
  const chosen = init ?? remedyOf(before) ?? 'he-normal';
  const { name } = findInitializer(chosen);
  const { model: topology } = await readTopology(model);
  const kernels = listKernels(model);
  if (kernels.length === 0) {
    throw new InvalidArgumentError(
      'repair: the model has no dense layer or convolution; expected at least one',
    );
  }
  const places = placesOf(topology, kernels, chosen);
  const done: RepairReport['kernels'][number][] = [];
  for (const [index, kernel] of kernels.entries()) {
    const { law, weightIndex } = places[index] as KernelPlace;
    const old = (await summarizeKernel(kernel)).meanSquare * kernel.fans.fanIn;
    if (scaleOnly) await rescale(kernel, law);
    else redraw(kernel, law, seed, weightIndex);
    const { meanSquare } = await summarizeKernel(kernel);
    done.push({ layer: kernel.layer.name, before: old, after: meanSquare * kernel.fans.fanIn });
  }
  const law = kindlingLaw(chosen);
  const after = await diagnose(model, {
    ...settings,
    seed,
    ...(law === null ? {} : { initializer: chosen }),
  });
  const numbers = after.theory?.numbers;
  return {
    init: name,
    scaleOnly,
    kernels: done,
    skipped: listOtherLayers(model),
    before,
    after,
    log10Length: {
      measured: after.measured.log10Length,
      expected: numbers?.log10Typical ?? null,
      standardDeviation: numbers?.log10Deviation ?? null,
    },
  };
}

/** The first remedy that is an initializer and nothing else. */
function remedyOf({ theory }: ModelDiagnosis): string | null {
  const found = theory?.remedy.find(
    ({ change, starts }) =>
      starts &&
      change.initializerName !== undefined &&
      change.architecture === undefined &&
      change.widths === undefined &&
      change.weightScales === undefined &&
      !needsData(findInitializer(change.initializerName).initializer),
  );
  return found?.change.initializerName ?? null;
}

function requireDrawable(init: string): void {
  const { name, initializer } = findInitializer(init);
  if (!needsData(initializer)) return;
  throw new InvalidArgumentError(
    `repair: ${name} looks at data while it draws, which is for Kindling's own networks; expected an initializer that looks at none`,
    { details: { name } },
  );
}

interface KernelPlace {
  readonly law: LayerInitializer;
  readonly weightIndex: number;
}

/** Law and number of every kernel: as in the architecture where there is one, else in the order of the layers. */
function placesOf(topology: Model, kernels: readonly ModelKernel[], init: string): readonly KernelPlace[] {
  const { name, initializer } = findInitializer(init);
  if (needsData(initializer)) throw new RangeError('repair: checked before');
  const { architecture: found } = topology;
  if (found === null) {
    if (needsBlocks(initializer)) {
      throw new InvalidArgumentError(
        `repair: ${name} must know the network's blocks, and Kindling cannot run this one; expected another initializer — ${topology.notes.join(' ')}`,
      );
    }
    return kernels.map((_, weightIndex) => ({ law: initializer, weightIndex }));
  }
  const laws = parameterLaws(found.architecture, initializer, 'repair');
  const indices = new Map(
    listParameters(found.architecture).map((parameter) => [parameter.name, parameter.weightIndex]),
  );
  const parameterOf = new Map(found.parameters.map(({ tensor: from, parameter }) => [from, parameter]));
  return kernels.map(({ layer }) => {
    const weightIndex = indices.get(parameterOf.get(`${layer.name}/kernel`) ?? '') ?? null;
    const law = weightIndex === null ? undefined : laws[weightIndex];
    if (weightIndex === null || law === undefined) {
      throw new RangeError(`repair: ${layer.name} has no place in the architecture`);
    }
    return { law, weightIndex };
  });
}

function redraw(kernel: ModelKernel, law: LayerInitializer, seed: number, weightIndex: number): void {
  const drawn = drawKernel(law, kernel.fans, rootKey(seed), weightIndex);
  if (kernel.bias === null && drawn.bias.some((x) => x !== 0)) {
    throw new InvalidArgumentError(
      `repair: the initializer draws biases, and ${kernel.layer.name} has none; expected an initializer with zero biases`,
    );
  }
  assign(kernel.kernel, drawn.kernel);
  if (kernel.bias !== null) assign(kernel.bias, drawn.bias);
}

async function rescale(kernel: ModelKernel, law: LayerInitializer): Promise<void> {
  const { mean, variance } = effectiveVariance(law, kernel.fans);
  const values = await kernel.kernel.read().data();
  let squares = 0;
  for (const x of values) squares += x * x;
  if (squares === 0 || !Number.isFinite(squares)) {
    throw new InvalidArgumentError(
      `repair: the kernel of ${kernel.layer.name} has the mean square ${squares / values.length}, which no factor mends; expected finite weights that are not all zero — draw them anew (scaleOnly: false)`,
    );
  }
  const factor = Math.sqrt(((variance + mean * mean) * values.length) / squares);
  assign(
    kernel.kernel,
    Float32Array.from(values, (x) => x * factor),
  );
  if (kernel.bias !== null) assign(kernel.bias, new Float32Array(kernel.fans.fanOut / areaOf(kernel)));
}

function areaOf({ fans: { kernel = [1, 1] } }: ModelKernel): number {
  return kernel[0] * kernel[1];
}

function assign(variable: LayerVariable, values: Float32Array): void {
  const to = tensorflowVariable(variable);
  tidy(() => to.assign(tensor(values, to.shape, 'float32')));
}
