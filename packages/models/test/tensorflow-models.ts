/** Models made, saved and loaded by TensorFlow.js itself, on its WebAssembly backend. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Sources } from '@kindling/models';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { files, utf8 } from './model-files.js';

export { tf };

/** To be awaited before anything else. */
export async function startTensorflow(): Promise<void> {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  );
  setWasmPaths(`${folder}/dist/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('startTensorflow: the wasm backend does not start');
}

/** model.json as TensorFlow.js writes it. */
export interface SavedJson {
  readonly modelTopology: unknown;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly SavedWeight[];
  }[];
  readonly [key: string]: unknown;
}

export interface SavedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

export interface SavedModel {
  readonly json: SavedJson;
  readonly data: Uint8Array;
}

const shard = 'group1-shard1of1.bin';

/** What `model.save` hands to a handler, put together as its file handlers do. */
export async function saveModel(model: tf.LayersModel): Promise<SavedModel> {
  let saved: SavedModel | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightSpecs, weightData, ...rest } = artifacts;
      const data = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
      const weights = (weightSpecs ?? []) as readonly SavedWeight[];
      saved = {
        json: { ...rest, modelTopology: rest.modelTopology, weightsManifest: [{ paths: [shard], weights }] },
        data,
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  if (saved === undefined) throw new Error('saveModel: TensorFlow.js did not call the handler');
  // As a file: through text.
  return { json: JSON.parse(JSON.stringify(saved.json)) as SavedJson, data: saved.data };
}

export function sourcesOfSaved({ json, data }: SavedModel): Sources {
  return files({ 'model.json': utf8(JSON.stringify(json)), [shard]: data });
}

/** TensorFlow.js loads a model from its two files. */
export function loadModel(json: Uint8Array, data: Uint8Array): Promise<tf.LayersModel> {
  const parsed = JSON.parse(new TextDecoder().decode(json)) as SavedJson;
  const weightSpecs = parsed.weightsManifest.flatMap(
    ({ weights }) => weights,
  ) as tf.io.WeightsManifestEntry[];
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: parsed.modelTopology as object,
      weightSpecs,
      weightData: data.slice().buffer,
    }),
  );
}
