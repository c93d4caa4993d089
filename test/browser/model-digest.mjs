/** What a model holds, down to its bits, as plain JSON: the same code in Node and in a page. */
import {
  allocateMatrix,
  allocateWorkspace,
  createEngine,
  forwardNetwork,
  inputShape,
  readImages,
  writeMatrix,
} from '@kindling/core';
import { identifyLaw, sampleWeights } from '@kindling/diagnostics';
import { loadModelNetwork, summarizeTensor } from '@kindling/models';

/** @param {import('@kindling/models').Model} model */
export async function describeModel(model) {
  const engine = createEngine();
  const tensors = [];
  for (const tensor of model.tensors) {
    const { name, shape, dtype, quantization, role, layout, fans, layer, statedInitializer } = tensor;
    const values = await tensor.read();
    tensors.push({
      ...{ name, shape, dtype, quantization, role, layout, fans, layer, statedInitializer },
      bytes: await digest(await tensor.readBytes()),
      numbers: await digest(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
      summary: await summarizeTensor(tensor),
      law: identifyLaw(engine, sampleWeights(values), { fans, level: 0.001 }),
    });
  }
  const { format, producer, architecture, notes } = model;
  return plain({ format, producer, architecture, notes, tensors, output: await outputOf(model) });
}

/**
 * What the network makes of two inputs; `null` without one.
 *
 * @param {import('@kindling/models').Model} model
 */
async function outputOf(model) {
  if (model.architecture === null) return null;
  const engine = createEngine();
  const network = await loadModelNetwork(engine, model);
  const { height, width, channels } = inputShape(model.architecture.architecture.input);
  const size = height * width * channels;
  const input = allocateMatrix(engine, 2, size);
  writeMatrix(
    engine,
    input,
    Float32Array.from({ length: 2 * size }, (_, i) => ((7 * i) % 13) / 13 - 0.5),
  );
  const output = readImages(
    engine,
    forwardNetwork(engine, network, input, allocateWorkspace(engine, network, 2)),
  );
  return await digest(new Uint8Array(Float32Array.from(output).buffer));
}

/** @param {Uint8Array} bytes */
async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * JSON has no NaN, which moments of single numbers are: as text, so that two of them can be told from a null.
 *
 * @param {unknown} value
 */
function plain(value) {
  return JSON.parse(
    JSON.stringify(value, (_, entry) =>
      typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry,
    ),
  );
}
