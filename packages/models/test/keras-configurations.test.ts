/** Keras configurations of every age: what becomes an architecture, and which layer is named where none does. */
import { openModel } from '@kindling/models';
import { describe, expect, it } from 'vitest';
import { files, utf8 } from './model-files.js';

type Config = Readonly<Record<string, unknown>>;
const layer = (class_name: string, config: Config) => ({ class_name, config });
const shape = { batch_input_shape: [null, 8, 8, 2] };
const conv = (config: Config = {}) =>
  layer('Conv2D', {
    name: 'conv',
    filters: 2,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: 'same',
    use_bias: false,
    ...shape,
    ...config,
  });

/** Reads a model with weights for a layer `conv` and a layer `dense`. */
function open(modelTopology: unknown, dense: readonly number[] = [128, 3]) {
  const weights = [
    { name: 'conv/kernel', shape: [3, 3, 2, 2], dtype: 'float32' },
    { name: 'dense/kernel', shape: dense, dtype: 'float32' },
  ];
  const json = { modelTopology, weightsManifest: [{ paths: ['a.bin'], weights }] };
  const size = 4 * (36 + (dense[0] ?? 0) * (dense[1] ?? 0));
  return openModel(files({ 'model.json': utf8(JSON.stringify(json)), 'a.bin': new Uint8Array(size) }));
}

const sequential = (...layers: readonly unknown[]) => ({
  class_name: 'Sequential',
  config: { name: 'net', layers },
});

describe('what the core cannot run is named', () => {
  it.each([
    [
      'a BatchNormalization',
      [conv(), layer('BatchNormalization', { name: 'norm', scale: false, center: false })],
      'layer norm is a batch normalization, which uses stored statistics',
    ],
    ['an LSTM', [conv(), layer('LSTM', { name: 'lstm', units: 3 })], 'layer lstm is a LSTM'],
    ['an activation', [conv({ activation: 'tanh' })], 'layer conv (activation) has the activation "tanh"'],
    [
      'a ReLU with a largest value',
      [conv(), layer('ReLU', { name: 'relu6', max_value: 6 })],
      'layer relu6 is a ReLU with a largest value',
    ],
    ['unequal strides', [conv({ strides: [1, 2] })], 'layer conv has strides of 1 and 2'],
    ['dilation', [conv({ dilation_rate: [2, 2] })], 'layer conv has a dilated kernel'],
    ['groups', [conv({ groups: 2 })], 'layer conv has 2 groups'],
    [
      'channels first',
      [conv({ data_format: 'channels_first' })],
      'layer conv has images whose channels come first',
    ],
    [
      'a pool beyond the image',
      [conv(), layer('MaxPooling2D', { name: 'pool', pool_size: [3, 3], padding: 'same' })],
      'layer pool pools beyond the image of 8 × 8',
    ],
    [
      'a dense layer over images',
      [conv(), layer('Dense', { name: 'dense', units: 3, use_bias: false })],
      'layer dense is dense and reads images of 8 × 8 × 2',
    ],
    [
      'a layer without its weights',
      [conv(), layer('Flatten', { name: 'flat' }), layer('Dense', { name: 'other', units: 3 })],
      'layer other has no kernel in the file',
    ],
    ['biases that are missing', [conv({ use_bias: true })], 'layer conv has no biases in the file'],
    [
      'an image of a forged size',
      [conv({ batch_input_shape: [null, 8, 4294967296, 2] })],
      'reads images of 8 × 4294967296 × 2; up to 65536',
    ],
    [
      'a size that is left open',
      [conv({ batch_input_shape: [null, null, null, 2] })],
      'reads inputs of ? × ? × 2',
    ],
  ])('%s', async (_, layers, message) => {
    const { architecture, notes, tensors } = await open(sequential(...layers));
    expect(architecture).toBeNull();
    expect(notes.join()).toContain(message);
    expect(tensors).toHaveLength(2);
  });

  it('without what would rewrite a terminal, or fill it', async () => {
    const name = `\u001b[2K\u202e${'x'.repeat(5000)}`;
    const { notes } = await open(sequential(conv(), layer('LSTM', { name })));
    expect(notes.join()).toMatch(/layer \?\[2K\?x{34}…x{40} is a LSTM/);
    expect(notes.join().length).toBeLessThan(200);
  });

  it('a layer that is called twice', async () => {
    const call = (name: string) => [[name, 0, 0, {}]];
    const layers = [
      { class_name: 'InputLayer', name: 'in', config: { name: 'in', ...shape }, inbound_nodes: [] },
      { ...conv(), name: 'conv', inbound_nodes: [call('in'), call('conv')] },
    ];
    const config = { layers, input_layers: [['in', 0, 0]], output_layers: [['conv', 1, 0]] };
    expect((await open({ class_name: 'Functional', config })).notes.join()).toContain(
      'layer conv is called 2 times',
    );
  });

  it('a topology that is no model', async () => {
    expect((await open({ class_name: 'MyModel', config: {} })).notes.join()).toContain(
      'no Sequential or Functional',
    );
    expect((await open(null)).notes.join()).toContain('no Sequential or Functional');
  });
});

describe('configurations of every age', () => {
  const layers = [
    conv({ activation: 'relu' }),
    layer('Flatten', { name: 'flat' }),
    layer('Dense', { name: 'dense', units: 3, use_bias: false }),
  ];
  const expected = {
    input: { height: 8, width: 8, channels: 2 },
    layers: [
      { kind: 'conv2d', filters: 2, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', units: 3, activation: 'linear' },
    ],
  };

  it('a list of layers by itself, as before Keras 2.2.3', async () => {
    const { architecture } = await open({ class_name: 'Sequential', config: layers });
    expect(architecture?.architecture).toEqual(expected);
  });

  it('an input layer with batch_shape, as in Keras 3', async () => {
    const input = layer('InputLayer', { name: 'in', batch_shape: [null, 8, 8, 2] });
    const { architecture } = await open(sequential(input, ...layers));
    expect(architecture?.architecture).toEqual(expected);
  });

  it('calls by keras_history, as in Keras 3, in whatever order', async () => {
    const history = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { shape: [null], keras_history: [name, 0, 0] },
    });
    const call = (name: string) => [{ args: [history(name)], kwargs: {} }];
    const [first, second, third] = layers;
    const list = [
      { ...third, name: 'dense', inbound_nodes: call('flat') },
      { ...second, name: 'flat', inbound_nodes: call('conv') },
      { class_name: 'InputLayer', name: 'in', config: { name: 'in', ...shape }, inbound_nodes: [] },
      { ...first, name: 'conv', inbound_nodes: call('in') },
    ];
    const config = { layers: list, input_layers: ['in', 0, 0], output_layers: ['dense', 0, 0] };
    const { architecture, notes } = await open({ class_name: 'Functional', config });
    expect(notes).toEqual(['2 layers have no biases in the file; the network has zeros there.']);
    expect(architecture?.architecture).toEqual(expected);
  });

  it('an input of unknown size that the caller states', async () => {
    const json = {
      modelTopology: sequential(conv({ batch_input_shape: [null, null, null, 2] })),
      weightsManifest: [],
    };
    const weights = [{ name: 'conv/kernel', shape: [3, 3, 2, 2], dtype: 'float32' }];
    const manifest = { ...json, weightsManifest: [{ paths: ['a.bin'], weights }] };
    const sources = files({ 'model.json': utf8(JSON.stringify(manifest)), 'a.bin': new Uint8Array(144) });
    const { architecture } = await openModel(sources, { input: { height: 5, width: 6, channels: 2 } });
    expect(architecture?.architecture.input).toEqual({ height: 5, width: 6, channels: 2 });
    await expect(openModel(sources, { input: { height: 5, width: 6, channels: 3 } })).rejects.toThrow(
      'the file expects ? × ? × 2',
    );
  });
});
