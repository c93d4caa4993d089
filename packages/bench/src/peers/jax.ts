/**
 * jax-js on its WebAssembly device, compiled with `jit`. Arrays are owned: every call takes its arguments away, `.ref` keeps one.
 */
import type * as Jax from '@jax-js/jax';
import type { PreparedWork } from '../benchmark.js';
import { timedAsync } from '../run/clock.js';
import { concatenate } from './concatenate.js';
import type { OpenPeer, ProductProblem, TrainingProblem } from './peer.js';
import { missingPackages, versionOf } from './version-of.js';

type Module = typeof Jax;
type Array2 = Jax.numpy.Array;

export const openJax: OpenPeer = async () => {
  const missing = missingPackages(['@jax-js/jax']);
  if (missing !== null) return { missing };
  const jax = await import('@jax-js/jax');
  if (!(await jax.init('wasm')).includes('wasm'))
    return { missing: 'its WebAssembly device cannot be used here' };
  jax.defaultDevice('wasm');
  return {
    title: 'jax-js',
    version: versionOf('@jax-js/jax'),
    product: { '': (problem) => prepareProduct(jax, problem) },
    trainingStep: { '': (problem) => prepareTrainingStep(jax, problem) },
    close: () => Promise.resolve(),
  };
};

function prepareProduct(jax: Module, problem: ProductProblem): Promise<PreparedWork> {
  const { numpy: np, nn } = jax;
  const { rows, depth, columns } = problem;
  const a = np.array(problem.a).reshape([rows, depth]);
  const b = np.array(problem.b).reshape([depth, columns]);
  const bias = np.array(problem.bias);
  const multiply = jax.jit((x: Array2, y: Array2, z: Array2) => nn.relu(np.matmul(x, y).add(z)));
  const once = () => multiply(a.ref, b.ref, bias.ref);
  return Promise.resolve({
    run: timedAsync(async () => {
      const c = once();
      await jax.blockUntilReady(c);
      c.dispose();
    }),
    result: async () => Float32Array.from(await once().data()),
    dispose: () => {
      for (const array of [a, b, bias]) array.dispose();
      multiply.dispose();
      return Promise.resolve();
    },
  });
}

function prepareTrainingStep(jax: Module, problem: TrainingProblem): Promise<PreparedWork> {
  const { numpy: np, nn } = jax;
  const { widths, batch, learningRate } = problem;
  const depth = widths.length - 1;
  const images = np.array(problem.images).reshape([batch, widths[0] ?? 0]);
  const labels = nn.oneHot(np.array(Int32Array.from(problem.labels)), widths.at(-1) ?? 0);
  // W₁, b₁, W₂, … in one list.
  let parameters = widths
    .slice(1)
    .flatMap((width, index) => [
      np.array(problem.weights[index] ?? new Float32Array()).reshape([widths[index] ?? 0, width]),
      np.array(problem.biases[index] ?? new Float32Array()),
    ]);
  const loss = (theta: Array2[], x: Array2, y: Array2): Array2 => {
    let activations = x;
    for (let layer = 0; layer < depth; layer++) {
      const sums = np.matmul(activations, at(theta, 2 * layer)).add(at(theta, 2 * layer + 1));
      activations = layer < depth - 1 ? nn.relu(sums) : sums;
    }
    return nn
      .logSoftmax(activations)
      .mul(y)
      .sum()
      .mul(-1 / batch);
  };
  const step = jax.jit((theta: Array2[], x: Array2, y: Array2) => {
    const gradients = jax.grad(loss)(jax.tree.ref(theta), x, y) as Array2[];
    return theta.map((parameter, i) => parameter.sub(at(gradients, i).mul(learningRate)));
  });
  return Promise.resolve({
    run: timedAsync(async () => {
      parameters = step(parameters, images.ref, labels.ref);
      await jax.blockUntilReady(parameters);
    }),
    result: async () => concatenate(await Promise.all(parameters.map((parameter) => parameter.ref.data()))),
    dispose: () => {
      for (const array of [images, labels, ...parameters]) array.dispose();
      step.dispose();
      return Promise.resolve();
    },
  });
}

function at(arrays: readonly Array2[], index: number): Array2 {
  const array = arrays[index];
  if (array === undefined) throw new RangeError(`jax: there is no parameter ${index}`);
  return array;
}
