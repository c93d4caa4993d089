/** Gradients of a model's kernels, where the backend can compute them. */
import { allocateMatrix, deriveKey, keyPurpose, openStream, readMatrix, rootKey } from '@kindling/core';
import {
  getBackend,
  mean,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor,
  tensor,
  engine as tensorflowEngine,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type ModelKernel, tensorflowVariable } from '../model/kernels.js';
import { withEngine } from '../thread-engine.js';
import type { InputBatch } from './input-batch.js';
import { momentsOf } from './kernel-statistics.js';

/** Of one kernel. */
export interface KernelGradient {
  /** The layer's name. */
  readonly layer: string;
  /** Mean square of ∂L/∂w over the kernel, f64; `null` where the backend has no such gradient. */
  readonly meanSquare: number | null;
}

/** Of all kernels. */
export interface KernelGradients {
  readonly kernels: readonly KernelGradient[];
  /** Why some are `null`, a full sentence; `null` if none is. */
  readonly refusal: string | null;
}

/** What is differentiated. */
export interface GradientOptions {
  /** From the model's outputs (the first one, of several) to a scalar. Default: their mean over rows in a random direction. */
  readonly loss?: (outputs: Tensor) => Scalar;
  readonly seed?: number;
}

/** Rows that gradients are taken on: they are a mean over rows, and hold all layers' numbers at once. */
const mostRows = 64;

/**
 * ∂L/∂W of every trainable kernel, L = (1/rows) Σ ⟨v, output⟩ with v a fixed random direction, ‖v‖ = 1, unless `loss` says otherwise. A
 * backend may lack kernels: WebAssembly has no Conv2DBackpropFilter. Then the dense kernels' are tried by themselves, and what is
 * missing is `null` with the reason. Leaves no tensors behind.
 */
export async function measureGradients(
  model: LayersModel,
  kernels: readonly ModelKernel[],
  batch: InputBatch,
  { loss, seed = 1 }: GradientOptions,
): Promise<KernelGradients> {
  const trainable = kernels.filter(({ kernel }) => kernel.trainable && tensorflowVariable(kernel).trainable);
  const dense = trainable.filter(({ shape }) => shape.length === 2);
  const lossOf = loss ?? randomDirection(model, seed);
  const all = await tryGradients(model, trainable, batch, lossOf);
  if (!(all instanceof Error)) return listed(kernels, all, frozenReason(kernels, trainable));
  const some = dense.length < trainable.length ? await tryGradients(model, dense, batch, lossOf) : all;
  const found = some instanceof Error ? new Map<string, number>() : some;
  return listed(kernels, found, refusalOf(all, found.size > 0));
}

function listed(
  kernels: readonly ModelKernel[],
  found: ReadonlyMap<string, number>,
  refusal: string | null,
): KernelGradients {
  return {
    kernels: kernels.map(({ layer, kernel }) => ({
      layer: layer.name,
      meanSquare: found.get(tensorflowVariable(kernel).name) ?? null,
    })),
    refusal,
  };
}

function frozenReason(kernels: readonly ModelKernel[], trainable: readonly ModelKernel[]): string | null {
  return kernels.length === trainable.length ? null : 'Kernels that are not trainable have no gradient.';
}

function refusalOf(error: Error, some: boolean): string {
  const missing = /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(error.message);
  const why =
    missing === null
      ? `the backend ${getBackend()} failed: ${error.message.split('\n')[0] ?? ''}`
      : `the backend ${missing[2]} has no ${missing[1]}`;
  return `${some ? 'Gradients of convolutions were' : 'Gradients were'} not measured: ${why}. The lengths and the verdict do not need them; on another backend they can be measured.`;
}

/** Name of the variable → mean square of its gradient; the error of a backend that cannot. */
async function tryGradients(
  model: LayersModel,
  kernels: readonly ModelKernel[],
  batch: InputBatch,
  loss: (outputs: Tensor) => Scalar,
): Promise<Map<string, number> | Error> {
  if (kernels.length === 0) return new Map();
  const variables = kernels.map(({ kernel }) => tensorflowVariable(kernel));
  const rows = Math.min(mostRows, batch.rows);
  let grads: ReturnType<typeof variableGrads>['grads'];
  try {
    grads = tidy(() => {
      const inputs = batch.tensors.map((whole) =>
        slice(
          whole,
          whole.shape.map(() => 0),
          [rows, ...whole.shape.slice(1)],
        ),
      );
      const [only] = inputs;
      const given = inputs.length === 1 && only !== undefined ? only : inputs;
      const f = () => {
        const outputs = model.apply(given, { training: false }) as Tensor | Tensor[];
        return loss(Array.isArray(outputs) ? (outputs[0] as Tensor) : outputs);
      };
      return variableGrads(f, variables).grads;
    });
  } catch (error) {
    releaseTape();
    return error instanceof Error ? error : new Error(String(error));
  }
  const found = new Map<string, number>();
  for (const [name, gradient] of Object.entries(grads)) {
    found.set(name, momentsOf(await gradient.data()).meanSquare);
    gradient.dispose();
  }
  return found;
}

/** What TensorFlow.js keeps for a backward pass it does not give back when that fails; nobody else can reach it. */
function releaseTape(): void {
  const { state } = tensorflowEngine();
  for (const { saved } of state.activeTape ?? []) {
    for (const kept of saved ?? []) if (!kept.isDisposed) kept.dispose();
  }
  state.activeTape = null as unknown as typeof state.activeTape;
}

function randomDirection(model: LayersModel, seed: number): (outputs: Tensor) => Scalar {
  const units = model.outputs[0]?.shape.at(-1) ?? 1;
  const direction = withEngine((engine) => {
    const row = allocateMatrix(engine, 1, units);
    const stream = openStream(engine, deriveKey(rootKey(seed), keyPurpose.gradient));
    engine.kernels.fill_normal(stream, units, row.pointer, 1);
    const values = readMatrix(engine, row);
    const norm = Math.sqrt(values.reduce((total, x) => total + x * x, 0));
    return values.map((x) => x / norm);
  });
  return (outputs) => mean(sum(mul(outputs, tensor(direction)), -1)) as Scalar;
}
