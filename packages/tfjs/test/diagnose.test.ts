/** Models of every kind: what converts, what does not, what a backend lacks, and what is refused. */
import { diagnose, repair } from '@kindling/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { held, startTensorflow, stockModel, tf } from './tensorflow.js';

beforeAll(() => startTensorflow('wasm'));

function convolutional(activation: 'relu' | 'linear' = 'relu') {
  const layers: tf.layers.Layer[] = [];
  for (let j = 0; j < 4; j++) {
    layers.push(
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        activation,
        kernelInitializer: tf.initializers.heUniform({ seed: 3 + j }),
        ...(j === 0 ? { inputShape: [8, 8, 3] } : {}),
      }),
      ...(activation === 'relu' ? [] : [tf.layers.reLU()]),
    );
  }
  layers.push(tf.layers.flatten(), tf.layers.dense({ units: 5 }));
  return tf.sequential({ layers });
}

function residual(blocks: number) {
  const input = tf.input({ shape: [20] });
  let x = input;
  for (let j = 0; j < blocks; j++) {
    const branch = tf.layers
      .dense({ units: 20, activation: 'relu', kernelInitializer: tf.initializers.heUniform({ seed: 1 + j }) })
      .apply(x) as tf.SymbolicTensor;
    x = tf.layers.add().apply([x, branch]) as tf.SymbolicTensor;
  }
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: 3 }).apply(x) as tf.SymbolicTensor });
}

describe('lengths and dead units', () => {
  it('are those of the activations that the model computes', async () => {
    const model = stockModel(3, 20, 5);
    const data = tf.randomNormal([7, 20], 0, 3, 'float32', 2);
    const before = held();
    const found = await diagnose(model, { data });
    expect(held()).toEqual(before);
    const inputs = data.dataSync();
    const square = (values: ArrayLike<number>) =>
      Array.from(values, (x) => x * x).reduce((a, b) => a + b, 0) / values.length;
    let x: tf.Tensor = data;
    model.layers.forEach((layer, j) => {
      x = layer.apply(x) as tf.Tensor;
      const values = x.dataSync();
      expect(found.layers[j]?.length).toBeCloseTo(square(values) / square(inputs), 10);
      if (j === 3) return;
      const active = new Set(Array.from(values, (value, i) => (value > 0 ? i % 20 : -1)));
      active.delete(-1);
      expect(found.deadUnits.layers[j]?.active).toBe(active.size);
    });
    expect(found.inputs).toEqual({ source: 'data', rows: 7, meanSquare: square(inputs) });
  });

  it('are the same in one part or in several', async () => {
    const model = tf.sequential({
      layers: [
        // 2²⁰ numbers a row: no more than 16 rows are passed at once.
        tf.layers.upSampling2d({ inputShape: [16, 16, 4], size: [32, 32] }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({
          units: 6,
          activation: 'relu',
          kernelInitializer: tf.initializers.heNormal({ seed: 4 }),
        }),
        tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.heNormal({ seed: 5 }) }),
      ],
    });
    const data = tf.randomNormal([20, 16, 16, 4], 0.5, 1, 'float32', 2);
    const squares = async (first: number, rows: number) => {
      const some = tf.slice(data, [first, 0, 0, 0], [rows, 16, 16, 4]);
      const { layers, inputs } = await diagnose(model, { data: some, gradients: false });
      return layers.map(({ length }) => length * inputs.meanSquare);
    };
    const before = held();
    const whole = await squares(0, 20);
    expect(held().numTensors).toBe(before.numTensors + 1);
    const [one, other] = [await squares(0, 10), await squares(10, 10)];
    whole.forEach((square, j) => {
      expect(square / (((one[j] ?? 0) + (other[j] ?? 0)) / 2)).toBeCloseTo(1, 6);
      expect(one[j]).not.toBeCloseTo(other[j] ?? 0, 6);
    });
  });

  it('tell permanent from tentative death where the net is a chain', async () => {
    const model = stockModel(3, 6, 5);
    const bias = (layer: number, values: readonly number[]) => {
      const [kernel] = model.layers[layer]?.getWeights() ?? [];
      if (kernel !== undefined) model.layers[layer]?.setWeights([kernel, tf.tensor1d([...values])]);
    };
    const asleep = -1000;
    bias(0, [asleep, 1, 1, 1, 1, 1]);
    bias(1, [asleep, asleep, 9, 9, 9, 9]);
    bias(2, [9, 9, 9, 9, 9, 9]);
    const found = await diagnose(model, { gradients: false });
    expect(found.deadUnits.kinds).toBe('classified');
    const kinds = found.deadUnits.layers.map(({ tentativelyDead, permanentlyDead }) => [
      tentativelyDead,
      permanentlyDead,
    ]);
    expect(kinds).toEqual([
      [0, 1],
      [2, 0],
      [0, 0],
    ]);
    bias(1, [asleep, asleep, asleep, asleep, asleep, asleep]);
    const dead = await diagnose(model, { gradients: false });
    expect(dead.deadUnits.deadLayers).toEqual([model.layers[1]?.name]);
    expect(dead.deadUnits.layers[0]?.permanentlyDead).toBe(1);
    expect(dead.deadUnits.layers[1]?.permanentlyDead).toBe(6);
    expect(dead.verdict).toBe('born-dead');
  });
});

describe('networks', () => {
  it('convolutions are judged by their law; wasm lacks a gradient, and the refusal says so', async () => {
    const model = convolutional();
    const before = held();
    const found = await diagnose(model);
    expect(held()).toEqual(before);
    expect(found.verdict).toBe('starts');
    expect(found.basis).toBe('law');
    expect(found.layers[0]?.statedLaw).toBe('he-uniform');
    expect(found.gradients?.refusal).toContain('the backend wasm has no Conv2DBackpropFilter');
    const sizes = found.gradients?.kernels.map(({ meanSquare }) => meanSquare) ?? [];
    expect(sizes.slice(0, 4)).toEqual([null, null, null, null]);
    expect(sizes[4]).toBeGreaterThan(0);
  });

  it('a fused linear convolution keeps no tensors when the backend fails', async () => {
    const model = convolutional('linear');
    await diagnose(model);
    const before = held();
    const found = await diagnose(model);
    expect(held()).toEqual(before);
    expect(found.gradients?.refusal).toContain('Conv2DBackpropFilter');
    // And TensorFlow.js goes on to differentiate.
    const slope = tf.grad((x: tf.Tensor) => tf.square(x))(tf.scalar(3));
    expect(slope.dataSync()[0]).toBe(6);
    expect((await diagnose(stockModel(2, 8, 1))).gradients?.refusal).toBeNull();
  });

  it('residual nets are understood, and repaired', async () => {
    const model = residual(30);
    const before = held();
    const found = await diagnose(model, { trials: 30, remedies: false });
    expect(found.basis).toBe('law');
    expect(found.verdict).toBe('fm1-exploding');
    expect(found.deadUnits.kinds).toBe('data');
    expect(found.deadUnits.layers).toHaveLength(30);
    expect(found.deadUnits.layers[0]?.permanentlyDead).toBeNull();
    const report = await repair(model, { init: 'normal:variance=0.0001', trials: 30, remedies: false });
    expect(report.after.verdict).toBe('starts');
    expect(held()).toEqual(before);
    await expect(repair(model, { init: 'fixup' })).rejects.toThrow('fixup');
  });

  it('what Kindling cannot run is judged by its weights, and the notes say what is not known', async () => {
    const layers = Array.from({ length: 12 }, (_, j) =>
      tf.layers.dense({
        units: 30,
        activation: 'tanh',
        kernelInitializer: tf.initializers.randomNormal({ stddev: 0.01, seed: 1 + j }),
        ...(j === 0 ? { inputShape: [30] } : {}),
      }),
    );
    const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 2 })] });
    const before = held();
    const found = await diagnose(model);
    expect(held()).toEqual(before);
    expect(found.basis).toBe('weights');
    expect(found.theory).toBeNull();
    expect(found.verdict).toBe('fm1-vanishing');
    expect(found.notes.join()).toContain('has the activation "tanh"');
    expect(found.notes.join()).toContain('Other draws of them');
    const repaired = await repair(model, { init: 'lecun-normal' });
    expect(repaired.after.verdict).toBe('starts');
  });

  it('trained weights are judged by themselves', async () => {
    const model = stockModel(3, 20, 5);
    const [kernel, bias] = model.layers[1]?.getWeights() ?? [];
    if (kernel === undefined || bias === undefined) throw new Error('it has both');
    model.layers[1]?.setWeights([tf.mul(kernel, 3), bias]);
    const found = await diagnose(model);
    expect(found.basis).toBe('weights');
    expect(found.layers.map(({ matchesLaw }) => matchesLaw)).toEqual([true, false, true, true]);
    expect(found.lengthFactor).toBeGreaterThan(1.2);
    // The same weights under a law that is said to be theirs.
    const other = await diagnose(model, { initializer: 'he-normal' });
    expect(other.basis).toBe('weights');
    expect(other.notes.join()).toContain('no draw of he-normal');
  });

  it('weights of the right size that scatter are failure mode 2, not 1', async () => {
    const model = stockModel(80, 12, 1);
    const verdicts: string[] = [];
    for (let seed = 0; seed < 6; seed++) {
      await repair(model, { init: 'he-normal', seed, gradients: false, remedies: false });
      const { measured, basis } = await diagnose(model, { gradients: false });
      expect(basis).toBe('weights');
      expect(Math.abs(measured.log10Weights ?? Number.NaN)).toBeLessThan(2);
      verdicts.push(measured.verdict);
    }
    expect(verdicts).not.toContain('fm1-vanishing');
    expect(verdicts.filter((verdict) => verdict === 'fm2-length-variance').length).toBeGreaterThanOrEqual(3);
  });

  it('initializers of whole layers and networks are drawn by repair', async () => {
    const model = stockModel(3, 12, 1);
    await repair(model, { init: 'rai', gradients: false });
    expect(
      model.layers[0]
        ?.getWeights()[1]
        ?.dataSync()
        .every((x) => x !== 0),
    ).toBe(true);
    const input = tf.input({ shape: [12] });
    let x = input;
    for (let j = 0; j < 4; j++) {
      const inner = tf.layers.dense({ units: 12, activation: 'relu' }).apply(x);
      const branch = tf.layers.dense({ units: 12, name: `end${j}` }).apply(inner) as tf.SymbolicTensor;
      x = tf.layers.add().apply([x, branch]) as tf.SymbolicTensor;
    }
    const outputs = tf.layers.dense({ units: 3 }).apply(x) as tf.SymbolicTensor;
    const residualNet = tf.model({ inputs: input, outputs });
    const { after, init } = await repair(residualNet, { init: 'fixup', gradients: false, trials: 30 });
    expect([init, after.verdict]).toEqual(['fixup', 'starts']);
    for (let j = 0; j < 4; j++) {
      expect(
        residualNet
          .getLayer(`end${j}`)
          .getWeights()[0]
          ?.dataSync()
          .every((w) => w === 0),
      ).toBe(true);
    }
  });

  it('shared layers, models in models and several inputs are passed', async () => {
    const a = tf.input({ shape: [6] });
    const b = tf.input({ shape: [6] });
    const shared = tf.layers.dense({ units: 6, activation: 'relu' });
    const inner = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [6], units: 6, activation: 'relu' })],
    });
    inner.predict(tf.ones([1, 6]));
    const joined = tf.layers
      .concatenate()
      .apply([shared.apply(a), shared.apply(inner.apply(b))] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: [a, b],
      outputs: tf.layers.dense({ units: 2 }).apply(joined) as tf.SymbolicTensor,
    });
    const before = held();
    const found = await diagnose(model);
    expect(held()).toEqual(before);
    expect(found.layers.filter(({ name }) => name === shared.name)).toHaveLength(2);
    expect(found.basis).toBe('weights');
    expect(found.notes.join()).toContain(
      `Weights of these layers are not judged: ${inner.name} (Sequential)`,
    );
  });

  it('zeros, and numbers that leave f32', async () => {
    const zeros = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [4], units: 4, activation: 'relu', kernelInitializer: 'zeros' }),
        tf.layers.dense({ units: 2, kernelInitializer: 'zeros' }),
      ],
    });
    expect((await diagnose(zeros)).verdict).toBe('no-symmetry-breaking');
    const large = stockModel(40, 20, 1);
    await repair(large, { init: 'normal:variance=1000', remedies: false });
    const found = await diagnose(large, { initializer: 'normal:variance=1000' });
    expect(found.verdict).toBe('fm1-exploding');
    expect(found.measured.verdict).toBe('fm1-exploding');
    expect(found.measured.log10Length).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what is refused', () => {
  it('a model without an input, data that do not fit, numbers out of range', async () => {
    await expect(diagnose(tf.sequential())).rejects.toThrow('the model does not know its input');
    const model = stockModel(2, 8, 1);
    await expect(diagnose(model, { data: tf.ones([2, 9]) })).rejects.toThrow(
      'data has the shapes [2, 9]; expected [?, 8] with at least one row',
    );
    await expect(diagnose(model, { data: tf.fill([2, 8], Number.NaN) })).rejects.toThrow('data hold NaN');
    await expect(diagnose(model, { inputs: 0 })).rejects.toThrow('inputs is 0; expected an integer ≥ 1');
    await expect(diagnose(model, { seed: 0.5 })).rejects.toThrow('seed is 0.5');
    await expect(diagnose(model, { initializer: 'lsuv' })).rejects.toThrow('no law of single layers');
    await expect(repair(model, { init: 'data-dependent' })).rejects.toThrow('looks at data');
    const words = tf.sequential({
      layers: [tf.layers.embedding({ inputShape: [4], inputDim: 9, outputDim: 2 })],
    });
    await expect(repair(words, { data: tf.ones([1, 4]) })).rejects.toThrow('no dense layer or convolution');
  });

  it('leaves nothing behind', async () => {
    const model = stockModel(2, 8, 1);
    const data = tf.ones([2, 9]);
    const before = held();
    await expect(diagnose(model, { data })).rejects.toThrow('expected');
    await expect(repair(model, { init: 'pytorch:linear', scaleOnly: true, seed: -1 })).rejects.toThrow(
      'seed',
    );
    expect(held()).toEqual(before);
  });
});
