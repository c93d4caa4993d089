/** TensorFlow.js for tests: its backends without their advertisements, and models that tests have in common. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

export { tf };

/** To be awaited before anything else. */
export async function startTensorflow(backend: 'wasm' | 'cpu'): Promise<void> {
  // Without it the CPU backend recommends another one on the console.
  tf.enableProdMode();
  if (!(await tf.setBackend(backend)))
    throw new Error(`startTensorflow: the backend ${backend} does not start`);
}

/** ReLU layers of one width and a softmax, as people write them. Seeds make TensorFlow.js repeat itself. */
export function stockModel(depth: number, width: number, seed: number, inputs = width): tf.Sequential {
  const layers = Array.from({ length: depth }, (_, j) =>
    tf.layers.dense({
      units: width,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: seed + j }),
      ...(j === 0 ? { inputShape: [inputs] } : {}),
    }),
  );
  return tf.sequential({ layers: [...layers, tf.layers.dense({ units: 10, activation: 'softmax' })] });
}

/** What TensorFlow.js holds. */
export function held(): { readonly numTensors: number; readonly numBytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { numTensors, numBytes };
}
