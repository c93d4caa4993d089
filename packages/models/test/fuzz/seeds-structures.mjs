/** Files whose every message is sound and whose structure is not: as many of one thing, or as often the same, as a few bytes can say. */

import { writeHdf5 } from '../keras/keras-files.mjs';
import {
  bytes,
  integer,
  nested,
  node,
  onnxFile,
  rawFloats,
  tensor,
  text,
  value,
} from '../onnx/onnx-writer.mjs';

/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

/** @returns {readonly FuzzSeed[]} */
export function structureSeeds() {
  return [
    {
      name: 'structure-json',
      files: { 'model.json': manifest('{}'), 'w.bin': new Uint8Array(8) },
      forge: forgeJson,
    },
    {
      name: 'structure-onnx',
      files: { 'm.onnx': graphOf([node('MatMul', ['x', 'w'], ['y'])]), 'w.bin': new Uint8Array(65_536) },
      forge: forgeGraph,
    },
    { name: 'structure-hdf5', files: { 'm.h5': linked(['a'], ['w']) }, forge: forgeLinks },
  ];
}

/** @param {string} topology */
function manifest(topology) {
  const weights = '[{"name":"a","shape":[2],"dtype":"float32"}]';
  return new TextEncoder().encode(
    `{"modelTopology":${topology},"weightsManifest":[{"paths":["w.bin"],"weights":${weights}}]}`,
  );
}

/** @type {NonNullable<FuzzSeed['forge']>} */
function forgeJson(files, random) {
  const count = random.pick([10, 1000, 100_000, 700_000, 2_100_000]);
  const part = random.pick(['{}', '[]', '0', '""', '{"a":{}}', '[[]]']);
  const keys = () => Array.from({ length: Math.min(count, 50_000) }, (_, i) => `"${i % 49_999}":1`).join(',');
  const topology = random.pick([
    () => `[${`${part},`.repeat(count)}0]`,
    () => `{${keys()}}`,
    () => `"${'x'.repeat(count)}"`,
    () => '['.repeat(count),
    () => `{"node":[${`${part},`.repeat(Math.min(count, 100_000))}0]}`,
  ])();
  return { ...files, 'model.json': manifest(topology) };
}

/** @param {readonly import('../onnx/onnx-writer.mjs').Write[]} parts */
function graphOf(parts) {
  const w = tensor(5, 'w', [4, 4], 1, rawFloats(Array.from({ length: 16 }, (_, i) => i / 16)));
  return onnxFile(w, ...parts, value(11, 'x', [0, 4]), value(12, 'y', [0, 4]));
}

/** @type {NonNullable<FuzzSeed['forge']>} */
function forgeGraph(files, random) {
  const count = random.pick([1, 2, 30, 1000, 4000]);
  const many = (/** @type {(i: number) => import('../onnx/onnx-writer.mjs').Write} */ make) =>
    Array.from({ length: count }, (_, i) => make(i));
  const outside = (/** @type {string} */ name, /** @type {number} */ offset, /** @type {number} */ length) =>
    tensor(
      5,
      name,
      [length / 4],
      1,
      integer(14, 1),
      ...Object.entries({
        location: random.pick(['w.bin', './w.bin']),
        offset: `${offset}`,
        length: `${length}`,
      }).map(([key, entry]) => nested(13, text(1, key), text(2, entry))),
    );
  const operator = random.pick(['Identity', 'Relu', 'Transpose', 'DequantizeLinear', 'Add']);
  const parts = random.pick([
    // One value of many nodes, many values of one, and both in a row.
    () => [...many(() => node(operator, ['w'], ['v'])), node('MatMul', ['x', 'v'], ['y'])],
    () => [...many((i) => node(operator, ['w'], [`v${i}`])), node('MatMul', ['x', 'v0'], ['y'])],
    () => [
      ...many((i) => node(operator, [i === 0 ? 'w' : `v${i - 1}`], [`v${i}`])),
      node('MatMul', ['x', 'v0'], ['y']),
    ],
    () => [
      ...many((i) => node('Add', [i === 0 ? 'x' : `v${i - 1}`, i === 0 ? 'x' : `v${i - 1}`], [`v${i}`])),
    ],
    () => [
      ...many((i) => tensor(5, `t${i}`, [1], 1, rawFloats([i]))),
      ...many((i) => node('Identity', [`t${i}`], ['v'])),
      ...many((i) => node('Floor', ['v'], [`u${i}`])),
    ],
    () => [node('Concat', Array(count).fill('x'), ['y'])],
    () => [
      node(
        'Split',
        ['x'],
        Array.from({ length: count }, (_, i) => `v${i}`),
      ),
    ],
    () => many(() => tensor(5, 'same', [1], 1, rawFloats([1]))),
    () => many((i) => tensor(5, `t${i}`, [1], 2, bytes(9, Uint8Array.of(i)))),
    () => [outside('a', random.below(5) * 12, 16), outside('b', random.below(5) * 12, 16)],
    () => many((i) => outside(`t${i}`, 0, 65_536)),
  ])();
  return { ...files, 'm.onnx': graphOf(parts) };
}

/**
 * Weights by the lists of names, each a link to one of the data sets.
 *
 * @param {readonly string[]} layers
 * @param {readonly string[]} targets one a layer
 */
function linked(layers, targets) {
  return writeHdf5((root) => {
    const home = root.create_group('model_weights');
    home.create_attribute('layer_names', [...layers], null, 'S8');
    for (const name of new Set(targets)) {
      root.create_dataset({ name, data: new Float32Array(16_384), shape: [128, 128], dtype: '<f' });
    }
    layers.forEach((layer, i) => {
      const group = home.create_group(layer);
      group.create_attribute('weight_names', ['kernel:0']);
      group.create_hard_link(`/${targets[i]}`, 'kernel:0');
    });
  });
}

/** @type {NonNullable<FuzzSeed['forge']>} */
function forgeLinks(_files, random) {
  const layers = Array.from({ length: random.pick([1, 2, 20]) }, (_, i) => `layer${i}`);
  const few = random.pick([1, 2, 1000]);
  return {
    'm.h5': linked(
      layers,
      layers.map((_, i) => `w${i % few}`),
    ),
  };
}
