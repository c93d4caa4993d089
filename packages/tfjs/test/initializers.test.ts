/** Kindling's initializers inside TensorFlow.js, and what its own ones deliver. */
import { allocateNetwork, createEngine, parseArchitecture, readMatrix, rootKey } from '@kindling/core';
import { findInitializer, initializeParameters, initializerNames, needsData } from '@kindling/initializers';
import { audit, kindlingInitializer } from '@kindling/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { held, startTensorflow, tf } from './tensorflow.js';

beforeAll(() => startTensorflow('wasm'));

const drawable = initializerNames.filter((name) => {
  const { initializer } = findInitializer(name);
  return !needsData(initializer) && initializer.kind === 'layerwise';
});

/** Weight matrix `index` of a Kindling network, row-major. */
function kindlingWeights(name: string, seed: number, index: number): Float32Array {
  const engine = createEngine();
  const conv = { kind: 'conv2d', filters: 8, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' };
  const architecture = parseArchitecture({
    input: { height: 4, width: 4, channels: 5 },
    layers: [conv, { kind: 'global-average-pool' }, { kind: 'dense', units: 9, activation: 'linear' }],
  });
  const network = allocateNetwork(engine, architecture);
  initializeParameters(engine, network, findInitializer(name).initializer, rootKey(seed));
  const found = network.parameters.find(
    ({ kind, weightIndex }) => kind === 'weights' && weightIndex === index,
  );
  if (found === undefined) throw new Error('the network has that matrix');
  return readMatrix(engine, found.matrix);
}

describe('kindlingInitializer', () => {
  it.each(drawable)('%s: the numbers of a Kindling network, dense and convolutional', (name) => {
    for (const [shape, layer] of [
      [[3, 3, 5, 8], 0],
      [[8, 9], 1],
    ] as const) {
      const drawn = kindlingInitializer(name, { seed: 11, layer }).apply([...shape]);
      expect(drawn.shape).toEqual(shape);
      expect(Float32Array.from(drawn.dataSync())).toEqual(kindlingWeights(name, 11, layer));
      drawn.dispose();
    }
  });

  it('another seed and another layer give other numbers', () => {
    const numbers = (seed: number, layer: number) =>
      Float32Array.from(kindlingInitializer('he-normal', { seed, layer }).apply([4, 4]).dataSync());
    expect(numbers(1, 0)).not.toEqual(numbers(2, 0));
    expect(numbers(1, 0)).not.toEqual(numbers(1, 1));
    expect(numbers(0, 0)).toEqual(numbers(0, 0));
  });

  it('is saved with a model and loaded again, settings and numbers', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [6, 6, 2],
          filters: 3,
          kernelSize: 3,
          kernelInitializer: kindlingInitializer('delta-orthogonal:gain=1.25', { seed: 5, layer: 0 }),
        }),
        tf.layers.flatten(),
        tf.layers.dense({
          units: 4,
          kernelInitializer: kindlingInitializer(
            'variance-scaling:scale=1.5,mode=fan-average,distribution=student-t,degrees-of-freedom=7',
            { seed: 2 ** 40 + 3, layer: 1 },
          ),
        }),
      ],
    });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts = JSON.parse(JSON.stringify({ ...saved, weightData: undefined })) as tf.io.ModelArtifacts;
        artifacts.weightData = saved.weightData as ArrayBuffer;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    if (artifacts === undefined) throw new Error('the model was saved');
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const drawnAgain = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as unknown as string));
    for (const other of [loaded, drawnAgain]) {
      other.getWeights().forEach((weights, i) => {
        expect(weights.dataSync()).toEqual(model.getWeights()[i]?.dataSync());
      });
      expect(other.layers.map((layer) => layer.getConfig()['kernelInitializer'])).toEqual(
        model.layers.map((layer) => layer.getConfig()['kernelInitializer']),
      );
    }
  });

  it.each([
    ['lsuv', 'looks at data'],
    ['sign-flip', 'looks at data'],
    ['data-dependent', 'looks at data'],
    ['fixup', 'looks at the whole network'],
    ['rai', 'draws weights and biases together'],
    ['he-normall', 'there is no initializer "he-normall"'],
  ])('refuses %s', (name, why) => {
    expect(() => kindlingInitializer(name)).toThrow(why);
  });

  it('refuses what it cannot draw', () => {
    expect(() => kindlingInitializer('he-normal', { seed: -1 })).toThrow('seed is -1');
    expect(() => kindlingInitializer('he-normal', { layer: 0.5 })).toThrow('layer is 0.5');
    expect(() => kindlingInitializer('he-normal').apply([7])).toThrow('expected a kernel of 2 to 4 axes');
    expect(() => kindlingInitializer('he-normal').apply([7, 7], 'int32')).toThrow('expected float32');
  });
});

describe('audit', () => {
  it('finds what TensorFlow.js delivers: its normals 0.774 of what they promise, its uniforms all', async () => {
    const before = held();
    const { initializers, versions, backend, count } = await audit();
    expect(held()).toEqual(before);
    expect(backend).toBe('wasm');
    expect(versions).toEqual({ core: '4.22.0', layers: '4.22.0' });
    const found = new Map(initializers.map((row) => [row.name, row]));
    for (const row of initializers) {
      // The catalog knows each of them.
      expect(Math.abs(row.deviationFromCatalog), row.name).toBeLessThan(5);
      const cut = /heNormal|glorotNormal|leCunNormal|truncatedNormal/.test(row.name);
      expect(row.keepsPromise, row.name).toBe(!cut);
      const share = cut ? 0.7737413 : 1;
      expect(Math.abs(row.share - share), row.name).toBeLessThan((5 * row.standardError) / row.nominal);
    }
    const he = found.get('heNormal');
    expect(he?.standardError).toBeCloseTo(1.5475 * Math.sqrt(1.3655 / count), 4);
    expect(he?.lengthFactor).toBeCloseTo(0.774, 1);
    expect(found.get('glorotNormal')?.lengthFactor).toBeCloseTo(0.387, 1);
  });

  it('refuses the seed that means none', async () => {
    await expect(audit({ seed: 0 })).rejects.toThrow('seed is 0; expected an integer ≥ 1');
  });
});
