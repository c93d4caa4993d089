/** onnxruntime-web on its WebAssembly backend, one thread. It infers only, so it takes part in products alone. */
import type { PreparedWork } from '../benchmark.js';
import { timedAsync } from '../run/clock.js';
import { productModel } from './onnx-model.js';
import type { OpenPeer, ProductProblem } from './peer.js';
import { missingPackages, versionOf } from './version-of.js';

export const openOnnxRuntime: OpenPeer = async () => {
  const missing = missingPackages(['onnxruntime-web']);
  if (missing !== null) return { missing };
  const runtime = await import('onnxruntime-web/wasm');
  runtime.env.wasm.numThreads = 1;
  const prepareProduct = async (problem: ProductProblem): Promise<PreparedWork> => {
    const session = await withoutWorkerGlobal(() =>
      runtime.InferenceSession.create(productModel(problem), {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
      }),
    );
    const a = new runtime.Tensor('float32', problem.a, [problem.rows, problem.depth]);
    let c: Float32Array | null = null;
    return {
      run: timedAsync(async () => {
        c = (await session.run({ a }))['c']?.data as Float32Array;
      }),
      result: () => Promise.resolve(c),
      dispose: () => session.release(),
    };
  };
  return {
    title: 'onnxruntime-web',
    version: versionOf('onnxruntime-web'),
    product: { '': prepareProduct },
    close: () => Promise.resolve(),
  };
};

/**
 * The runtime defines a global `Worker` when its first session is made, though it starts none. jax-js takes it for a sign
 * that it may use threads, with memory that it made before it: so the global goes again.
 */
async function withoutWorkerGlobal<Value>(action: () => Promise<Value>): Promise<Value> {
  const before = Object.hasOwn(globalThis, 'Worker');
  try {
    return await action();
  } finally {
    if (!before) Reflect.deleteProperty(globalThis, 'Worker');
  }
}
