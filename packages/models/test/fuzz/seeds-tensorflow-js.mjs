/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

/** @typedef {{ name: string, shape: number[], dtype: string, quantization?: { dtype: string, scale?: number, min?: number } }} Weight */

/** @returns {readonly FuzzSeed[]} */
export function tensorflowJsSeeds() {
  return [
    seed('tfjs-sequential', sequential(), [
      { name: 'conv/kernel', shape: [3, 3, 2, 4], dtype: 'float32' },
      { name: 'conv/bias', shape: [4], dtype: 'float32' },
      {
        name: 'dense/kernel',
        shape: [36, 3],
        dtype: 'float32',
        quantization: { dtype: 'uint8', scale: 0.01, min: -1 },
      },
      { name: 'dense/bias', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
    ]),
    seed('tfjs-functional', functional(), [
      { name: 'a/kernel', shape: [4, 4], dtype: 'float32' },
      { name: 'a/bias', shape: [4], dtype: 'float32' },
      { name: 'b/kernel', shape: [4, 2], dtype: 'float32' },
    ]),
    seed('tfjs-graph', graph(), [
      { name: 'k', shape: [4, 4], dtype: 'float32' },
      { name: 'b', shape: [4], dtype: 'float32' },
      {
        name: 'k2',
        shape: [3, 4],
        dtype: 'float32',
        quantization: { dtype: 'uint16', scale: 0.001, min: 0 },
      },
    ]),
  ];
}

/**
 * @param {string} name
 * @param {unknown} modelTopology
 * @param {readonly Weight[]} weights
 * @returns {FuzzSeed}
 */
function seed(name, modelTopology, weights) {
  const widths = { uint8: 1, uint16: 2, float16: 2 };
  const length = weights.reduce((sum, { shape, quantization }) => {
    const width = quantization === undefined ? 4 : widths[/** @type {'uint8'} */ (quantization.dtype)];
    return sum + shape.reduce((product, extent) => product * extent, width);
  }, 0);
  const data = Uint8Array.from({ length }, (_, i) => (37 * i) % 251);
  const cut = Math.floor(length / 3);
  const json = {
    format: 'layers-model',
    modelTopology,
    weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights }],
  };
  return {
    name,
    files: {
      'model.json': new TextEncoder().encode(JSON.stringify(json)),
      'a.bin': data.slice(0, cut),
      'b.bin': data.slice(cut),
    },
  };
}

function sequential() {
  const layers = [
    {
      class_name: 'Conv2D',
      config: {
        name: 'conv',
        filters: 4,
        kernel_size: [3, 3],
        strides: [1, 1],
        padding: 'valid',
        activation: 'relu',
        batch_input_shape: [null, 5, 5, 2],
        kernel_initializer: { class_name: 'HeNormal', config: { seed: null } },
      },
    },
    { class_name: 'Flatten', config: { name: 'flatten' } },
    { class_name: 'Dropout', config: { name: 'dropout', rate: 0.5 } },
    { class_name: 'Dense', config: { name: 'dense', units: 3, activation: 'softmax', use_bias: true } },
  ];
  return { class_name: 'Sequential', config: { name: 'net', layers } };
}

function functional() {
  const layer = (
    /** @type {string} */ class_name,
    /** @type {object} */ config,
    /** @type {readonly string[]} */ inputs,
  ) => ({
    class_name,
    name: 'name' in config ? config.name : '',
    config,
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((name) => [name, 0, 0, {}])],
  });
  const layers = [
    layer('InputLayer', { name: 'in', batch_input_shape: [null, 4] }, []),
    layer('Dense', { name: 'a', units: 4, activation: 'relu' }, ['in']),
    layer('Add', { name: 'sum' }, ['in', 'a']),
    layer('LeakyReLU', { name: 'leaky', alpha: 0.1 }, ['sum']),
    layer('Dense', { name: 'b', units: 2, use_bias: false }, ['leaky']),
  ];
  const config = { name: 'net', layers, input_layers: [['in', 0, 0]], output_layers: [['b', 0, 0]] };
  return { model_config: { class_name: 'Functional', config }, keras_version: '2.10.0' };
}

function graph() {
  const node = [
    { name: 'x', op: 'Placeholder', attr: { shape: { shape: { dim: [{ size: '-1' }, { size: '4' }] } } } },
    { name: 'k', op: 'Const', attr: {} },
    { name: 'b', op: 'Const', attr: {} },
    { name: 'k2', op: 'Const', attr: {} },
    { name: 'same', op: 'Identity', input: ['k'] },
    { name: 'product', op: 'MatMul', input: ['x', 'same'], attr: {} },
    { name: 'biased', op: 'BiasAdd', input: ['product', 'b'], attr: {} },
    { name: 'relu', op: 'Relu', input: ['biased'] },
    { name: 'sum', op: 'AddV2', input: ['x', 'relu'] },
    {
      name: 'out',
      op: '_FusedMatMul',
      input: ['sum', 'k2'],
      attr: { transpose_b: { b: true }, fused_ops: { list: { s: [] } } },
    },
  ];
  return { node, versions: { producer: 1 } };
}
