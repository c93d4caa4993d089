/**
 * What a page does with `@kindling/tfjs`: bundled by the test and run in Chromium, on TensorFlow.js's WebAssembly backend. It answers one
 * question, `globalThis.answer`, with plain JSON.
 */
import { audit, diagnose, kindlingInitializer, repair } from '@kindling/tfjs';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

async function answer() {
  setWasmPaths(new URL('./wasm/', document.baseURI).href);
  await tf.setBackend('wasm');
  const layers = Array.from({ length: 50 }, (_, j) =>
    tf.layers.dense({
      units: 100,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: 1 + j }),
      ...(j === 0 ? { inputShape: [100] } : {}),
    }),
  );
  const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10, activation: 'softmax' })] });
  const { numTensors, numBytes } = tf.memory();
  const before = await diagnose(model);
  const report = await repair(model, { init: 'he-normal', seed: 5 });
  const after = tf.memory();
  const kernel = kindlingInitializer('he-laplace', { seed: 9, layer: 2 }).apply([3, 3, 2, 4]);
  const { initializers } = await audit();
  return {
    backend: tf.getBackend(),
    verdict: before.verdict,
    lengthFactor: before.lengthFactor,
    lengths: before.layers.map(({ length }) => length),
    gradients: before.gradients?.refusal ?? null,
    leaked: [after.numTensors - numTensors, after.numBytes - numBytes],
    repaired: report.after.verdict,
    log10Length: report.log10Length.measured,
    drawn: Array.from(kernel.dataSync()),
    heNormal: initializers.find(({ name }) => name === 'heNormal')?.share,
  };
}

globalThis.answer = answer;
