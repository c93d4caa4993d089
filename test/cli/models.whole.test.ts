/**
 * Model files through the built command: a stock TensorFlow.js net, which TensorFlow.js itself makes and loads again, and files that come with
 * npm packages.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { allocateMatrix, createEngine, deriveKey, openStream, rootKey, writeMatrix } from '@kindling/core';
import { loadModelNetwork, openModel } from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import {
  allocateNetworkTraining,
  openNetworkOptimizer,
  softmaxCrossEntropy,
  trainNetworkStep,
} from '@kindling/trainer';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/workspace.js';
import { emptyDirectory, requireBuild, runKindling } from './run-kindling.js';

const depth = 50;
const width = 100;
let folder = '';

beforeAll(async () => {
  requireBuild();
  folder = await emptyDirectory();
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend does not start');
  const model = tf.sequential();
  for (let layer = 0; layer < depth; layer++) {
    // 'heNormal', the same every time.
    const kernelInitializer = tf.initializers.heNormal({ seed: layer + 1 });
    model.add(tf.layers.dense({ units: width, activation: 'relu', inputShape: [width], kernelInitializer }));
  }
  model.add(tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.heNormal({ seed: 99 }) }));
  await save(model, join(folder, 'stock'));
});

afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

async function save(model: tf.LayersModel, path: string): Promise<void> {
  await mkdir(path);
  await model.save(
    tf.io.withSaveHandler(async ({ weightSpecs, weightData, ...rest }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      await writeFile(join(path, 'model.json'), JSON.stringify({ ...rest, weightsManifest }));
      const data = tf.io.CompositeArrayBuffer.join(weightData);
      await writeFile(join(path, 'weights.bin'), new Uint8Array(data));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
}

async function json<Answer>(...args: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await runKindling([...args, '--json'], folder);
  expect(stderr).toMatch(/^( *\d+ % [^\n]*\n)*$/);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Answer;
}

interface Diagnosis {
  readonly verdict: string;
  readonly lengthDecades: number;
  readonly lengthFactor: number;
  readonly kernels: readonly { readonly wrong: boolean; readonly cause: string; readonly factor: number }[];
  readonly remedies: readonly { readonly change: string; readonly starts: boolean }[];
}

/** What random nets of Gaussian weights scatter by, in decades: √(Σ Var log ξ) with 0.05194 a layer of 100 (theory, section 1). */
const scatter = Math.sqrt(depth * 0.05194) / Math.LN10;
/** And the mean of their logarithm: −0.025421 a layer. */
const typical = (depth * -0.025421) / Math.LN10;

/** Mean loss before the first step and in the last ten of `steps`, on ten clusters in 100 dimensions. */
async function train(path: string, steps: number): Promise<readonly [first: number, last: number]> {
  const sources = await openFileSources(join(folder, path));
  const engine = createEngine();
  const network = await loadModelNetwork(engine, await openModel(sources));
  await sources.close();
  const rows = 128;
  const [centers, noise, inputs] = [10, rows, rows].map((count) => allocateMatrix(engine, count, width));
  if (centers === undefined || noise === undefined || inputs === undefined) throw new Error('three matrices');
  const fill = (matrix: typeof centers, index: number) => {
    const stream = openStream(engine, deriveKey(rootKey(21), 2, index));
    engine.kernels.fill_normal(stream, matrix.rows * matrix.stride, matrix.pointer, 1);
    return engine.arena.floats(matrix.pointer, matrix.rows * matrix.stride);
  };
  fill(centers, 0);
  const labels = engine.arena.allocateFloats(rows);
  const training = allocateNetworkTraining(engine, network, rows);
  const optimizer = openNetworkOptimizer(engine, network, { kind: 'sgd', learningRate: 0.01 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const random = fill(noise, step + 1);
    const middle = engine.arena.floats(centers.pointer, 10 * centers.stride);
    const bytes = new Uint8Array(engine.arena.floats(labels, rows).buffer, labels, rows);
    const batch = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const label = (row + step) % 10;
      bytes[row] = label;
      for (let i = 0; i < width; i++) {
        batch[row * width + i] =
          (middle[label * centers.stride + i] ?? 0) + 0.5 * (random[row * noise.stride + i] ?? 0);
      }
    }
    writeMatrix(engine, inputs, batch);
    losses.push(trainNetworkStep(engine, network, inputs, softmaxCrossEntropy(labels), training, optimizer));
  }
  const last = losses.slice(-10).reduce((sum, loss) => sum + loss, 0) / 10;
  return [losses[0] ?? Number.NaN, last];
}

describe('a stock TensorFlow.js net of 50 layers of 100', () => {
  it('is found out: the factor, the layers, the cause', async () => {
    const { tensors } = await json<{ tensors: { role: string; law: unknown; statedInitializer: unknown }[] }>(
      ...['inspect', 'stock'],
    );
    for (const { law, statedInitializer } of tensors.filter(({ role }) => role === 'dense-kernel')) {
      expect(law).toMatchObject({ kind: 'catalog', shape: 'truncated-normal' });
      expect((law as { names: string[] }).names[0]).toBe('tfjs:he-normal');
      expect(statedInitializer).toMatchObject({ className: 'VarianceScaling' });
    }
    const diagnosis = await json<Diagnosis>('diagnose', 'stock');
    expect(diagnosis.verdict).toBe('fm1-vanishing');
    const expected = depth * Math.log10(0.7737413) + typical;
    expect(Math.abs(diagnosis.lengthDecades - expected)).toBeLessThan(4.5 * scatter);
    const wrong = diagnosis.kernels.filter((kernel) => kernel.wrong);
    expect(wrong).toHaveLength(depth);
    const mean = wrong.reduce((sum, { factor }) => sum + factor, 0) / depth;
    // 10,000 numbers of kurtosis −0.63 a layer, fifty of them.
    expect(Math.abs(mean - 0.7737413)).toBeLessThan(4.5 * 0.7737 * Math.sqrt(1.3655 / (depth * 10_000)));
    expect(new Set(wrong.map(({ cause }) => cause))).toEqual(
      new Set(['TensorFlow.js heNormal: truncated at 2σ, variance not restored']),
    );
    expect(diagnosis.remedies.map(({ starts }) => starts)).toEqual([true, true]);
  });

  it('is repaired: within error of critical, and TensorFlow.js loads it and computes the same', async () => {
    await json('repair', 'stock', '--out', 'repaired');
    const { verdict, lengthDecades } = await json<Diagnosis>('diagnose', 'repaired');
    expect(verdict).toBe('starts');
    expect(Math.abs(lengthDecades - typical)).toBeLessThan(4.5 * scatter);
    const saved = JSON.parse(await readFile(join(folder, 'repaired/model.json'), 'utf8')) as {
      readonly modelTopology: object;
      readonly weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
    };
    const data = await readFile(join(folder, 'repaired/group1-shard1of1.bin'));
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: saved.modelTopology,
        weightSpecs: saved.weightsManifest.flatMap(({ weights }) => weights),
        weightData: new Uint8Array(data).buffer,
      }),
    );
    const output = model.predict(tf.randomNormal([64, width], 0, 1, 'float32', 3)) as tf.Tensor;
    const square = (await output.square().mean().data())[0] ?? 0;
    // The output layer doubles He's critical length. Another draw of inputs, the same net.
    expect(Math.log10(square / 2)).toBeGreaterThan(lengthDecades - 1);
    expect(Math.log10(square / 2)).toBeLessThan(lengthDecades + 1);
  });

  it('starts training where the stock one does not', async () => {
    const steps = 100;
    const chance = Math.log(10);
    const [, stock] = await train('stock', steps);
    const [, repaired] = await train('repaired', steps);
    // The stock net's loss is the noise of batches about chance.
    expect(stock).toBeGreaterThan(0.97 * chance);
    expect(repaired).toBeLessThan(0.9 * chance);
  });
});

describe('files that come with packages', () => {
  const models = createRequire(join(root, 'packages/models/package.json'));
  const fileOf = (name: string, path: string) => join(dirname(models.resolve(`${name}/package.json`)), path);

  it('of quantized weights are inspected, and no law is told of them', async () => {
    const file = fileOf('@vladmandic/face-api', 'model/tiny_face_detector_model-weights_manifest.json');
    const { tensors } = await json<{ tensors: { quantization: unknown; law: unknown }[] }>('inspect', file);
    expect(tensors.length).toBeGreaterThan(10);
    expect(tensors.filter(({ quantization, law }) => quantization !== null && law !== null)).toEqual([]);
  });

  it('of trained nets in ONNX are trained, and become safetensors', async () => {
    const file = fileOf('@ricky0123/vad-web', 'dist/silero_vad_legacy.onnx');
    const { tensors } = await json<{ tensors: { fanIn: number | null; law: { kind: string } }[] }>(
      'inspect',
      file,
    );
    const kernels = tensors.filter(({ fanIn }) => fanIn !== null);
    expect(kernels.length).toBeGreaterThan(3);
    // Small tensors are too few numbers to contradict every law.
    const known = kernels.filter(({ law }) => law.kind === 'catalog');
    expect(known.length).toBeLessThan(kernels.length / 3);
    const answer = await json<object>('repair', file, '--out', 'vad.safetensors');
    expect(answer).toMatchObject({ format: 'safetensors', sameFormat: false });
    const { tensors: after } = await json<{ tensors: { fanIn: number | null }[] }>(
      'inspect',
      'vad.safetensors',
    );
    expect(after).toHaveLength(tensors.length);
  });

  it('that are refused end in one line, and exit codes are those of the command', async () => {
    const refused = await runKindling(['diagnose', 'nothing.pt'], folder);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^kindling: FILE is "nothing\.pt", which does not exist; [^\n]+\n$/);
    const verdict = await runKindling(['diagnose', 'stock', '--fail-on-verdict'], folder);
    expect(verdict.code).toBe(3);
  });
});
