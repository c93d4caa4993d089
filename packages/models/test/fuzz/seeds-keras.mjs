import { kerasArchive, kerasH5, numberedWeights } from '../keras/keras-files.mjs';

/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

const floats = (/** @type {number} */ count) =>
  Float32Array.from({ length: count }, (_, i) => i / count - 0.5);

const weights = [
  { layer: 'conv', variable: 'kernel', shape: [3, 3, 2, 4], values: floats(72) },
  { layer: 'conv', variable: 'bias', shape: [4], values: floats(4) },
  { layer: 'fc', variable: 'kernel', shape: [36, 3], values: floats(108) },
  { layer: 'fc', variable: 'bias', shape: [3], values: floats(3) },
];
const layers = [
  {
    class_name: 'Conv2D',
    config: { name: 'conv', filters: 4, kernel_size: [3, 3], batch_input_shape: [null, 5, 5, 2] },
  },
  { class_name: 'Flatten', config: { name: 'flatten' } },
  { class_name: 'Dense', config: { name: 'fc', units: 3, activation: 'softmax', use_bias: true } },
];
const configuration = { class_name: 'Sequential', config: { name: 'net', layers } };

/** @returns {readonly FuzzSeed[]} */
export function kerasSeeds() {
  const numbered = numberedWeights({ conv2d: weights.slice(0, 2), dense: weights.slice(2) });
  const archive = (/** @type {0 | 6} */ level) => kerasArchive(configuration, numbered, level);
  return [
    { name: 'keras-h5', files: { 'm.h5': kerasH5(weights, configuration) }, forge: forgeAddress },
    {
      name: 'keras-h5-1.8',
      files: { 'm.h5': kerasH5(weights, configuration, 'v108') },
      forge: forgeAddress,
    },
    { name: 'keras-v3-stored', files: { 'm.keras': archive(0) }, forge: forgeAddress },
    { name: 'keras-v3-deflated', files: { 'm.keras': archive(6) } },
  ];
}

/**
 * Makes one address or length another one of the file: circles, trees that lead back, data that overlaps.
 *
 * @type {NonNullable<FuzzSeed['forge']>}
 */
function forgeAddress(files, random) {
  const [[name, original] = ['', new Uint8Array(16)]] = Object.entries(files);
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  const places = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const low = view.getUint32(at, true);
    if (view.getUint32(at + 4, true) === 0 && low > 0 && low < bytes.length) places.push(at);
  }
  for (let i = 1 + random.below(3); i > 0; i--) {
    const from = random.pick(places);
    view.setBigUint64(random.pick(places), view.getBigUint64(from, true), true);
  }
  return { [name]: bytes };
}
