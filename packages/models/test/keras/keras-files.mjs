/** Files as Keras 2 and Keras 3 write them, made by the HDF5 library itself. */
import { strToU8, zipSync } from 'fflate';
import { File, ready } from 'h5wasm';

/** @typedef {import('h5wasm').LIBVER_BOUNDS} Form the oldest and newest form the library may use */
/** @typedef {import('h5wasm').Group} Group */

/**
 * A weight: `dense`, `kernel`, its shape and numbers.
 *
 * @typedef {object} Weight
 * @property {string} layer
 * @property {string} variable
 * @property {readonly number[]} shape
 * @property {Float32Array} values
 */

const { FS } = await ready;

/**
 * h5py's default: the oldest form that holds what is written.
 *
 * @type {Form}
 */
const oldest = ['earliest', 'latest'];

/**
 * Bytes of an HDF5 file.
 *
 * @param {(root: Group) => void} write
 * @param {Form} [libver]
 * @returns {Uint8Array}
 */
export function writeHdf5(write, libver = oldest) {
  const file = new File('written.h5', 'w', { libver });
  write(file);
  file.close();
  const bytes = FS.readFile('written.h5').slice();
  FS.unlink('written.h5');
  return bytes;
}

/**
 * The weights of a saved model by layer, in order.
 *
 * @param {Pick<import('../tensorflow-models.js').SavedModel, 'json' | 'data'>} model
 * @returns {readonly Weight[]}
 */
export function weightsOf({ json, data }) {
  let at = 0;
  return json.weightsManifest
    .flatMap(({ weights }) => weights)
    .map(({ name, shape }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const values = new Float32Array(data.slice(at, at + 4 * size).buffer);
      at += 4 * size;
      const [layer = '', variable = ''] = name.split('/');
      return { layer, variable, shape, values };
    });
}

/**
 * `model.save('x.h5')` of Keras 2.
 *
 * @param {readonly Weight[]} weights
 * @param {unknown} configuration
 * @param {Form} [libver]
 */
export function kerasH5(weights, configuration, libver) {
  return writeHdf5((root) => {
    root.create_attribute('keras_version', '2.15.0');
    root.create_attribute('model_config', JSON.stringify(configuration));
    writeLayers(root.create_group('model_weights'), weights);
  }, libver);
}

/**
 * `model.save_weights('x.h5')` of Keras 2; the content of `model_weights` otherwise.
 *
 * @param {Group} group
 * @param {readonly Weight[]} weights
 */
export function writeLayers(group, weights) {
  const layers = [...new Set(weights.map(({ layer }) => layer))];
  const longest = (/** @type {readonly string[]} */ names) => Math.max(...names.map((name) => name.length));
  group.create_attribute('layer_names', layers, null, `S${longest(layers)}`);
  group.create_attribute('keras_version', '2.15.0');
  for (const layer of layers) {
    const own = weights.filter((weight) => weight.layer === layer);
    const names = own.map(({ variable }) => `${layer}/${variable}:0`);
    const home = group.create_group(layer);
    home.create_attribute('weight_names', names, null, `S${longest(names)}`);
    const inner = home.create_group(layer);
    for (const { variable, shape, values } of own) {
      inner.create_dataset({ name: `${variable}:0`, data: values, shape: [...shape], dtype: '<f' });
    }
  }
}

/**
 * model.weights.h5 of Keras 3: groups by class and number.
 *
 * @param {Readonly<Record<string, readonly Weight[]>>} groups
 * @param {boolean} [names] whether groups state their layer's name, as newer versions write
 */
export function numberedWeights(groups, names = false) {
  return writeHdf5((root) => {
    const layers = root.create_group('layers');
    for (const [name, weights] of Object.entries(groups)) {
      const group = layers.create_group(name);
      if (names && weights[0] !== undefined) group.create_attribute('name', weights[0].layer);
      const variables = group.create_group('vars');
      weights.forEach(({ shape, values }, i) => {
        variables.create_dataset({ name: `${i}`, data: values, shape: [...shape], dtype: '<f' });
      });
    }
    const optimizer = root.create_group('optimizer').create_group('vars');
    optimizer.create_dataset({ name: '0', data: new Float32Array(1), shape: [1], dtype: '<f' });
  });
}

/**
 * `model.save('x.keras')` of Keras 3.
 *
 * @param {unknown} configuration
 * @param {Uint8Array} weights
 * @param {0 | 6} [level] 0 stores, as Keras does
 */
export function kerasArchive(configuration, weights, level = 0) {
  return zipSync(
    {
      'metadata.json': strToU8(JSON.stringify({ keras_version: '3.5.0', date_saved: '2026-01-01@00:00:00' })),
      'config.json': strToU8(JSON.stringify(configuration)),
      'model.weights.h5': weights,
    },
    { level, mtime: '2026-01-01' },
  );
}
