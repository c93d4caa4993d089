/** Sound models of every format, small, made in memory. A format is fuzzed by standing here. */
import { kerasSeeds } from './seeds-keras.mjs';
import { numpySeeds } from './seeds-numpy.mjs';
import { onnxSeeds } from './seeds-onnx.mjs';
import { safetensorsSeeds } from './seeds-safetensors.mjs';
import { structureSeeds } from './seeds-structures.mjs';
import { tensorflowJsSeeds } from './seeds-tensorflow-js.mjs';

/** @returns {Promise<readonly import('./run-fuzz.mjs').FuzzSeed[]>} */
export async function fuzzSeeds() {
  return [
    ...(await safetensorsSeeds()),
    ...tensorflowJsSeeds(),
    ...numpySeeds(),
    ...onnxSeeds(),
    ...kerasSeeds(),
    ...structureSeeds(),
  ];
}
