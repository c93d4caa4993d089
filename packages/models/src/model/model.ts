/** What a file holds: tensors, and the network where the file tells it. */
import type { Architecture, ArchitectureInput } from '@kindling/core';
import type { ModelTensor } from './model-tensor.js';

/** A kind of file. */
export type ModelFormatName =
  | 'safetensors'
  | 'tfjs-layers'
  | 'tfjs-graph'
  | 'tfjs-weights'
  | 'onnx'
  | 'keras-h5'
  | 'keras-v3'
  | 'npy'
  | 'npz';

/**
 * How a tensor becomes a parameter of the core's network: taken as a tensor of shape `view`, its axes put into the order `axes`
 * (as numpy's `transpose`), it is the parameter's matrix row by row.
 */
export interface ParameterMapping {
  /** Name in `listParameters`, as `layers.2.weights`. */
  readonly parameter: string;
  /** Name of the tensor. */
  readonly tensor: string;
  /** Its product is the tensor's size. */
  readonly view: readonly number[];
  /** A permutation of 0 … view.length − 1. */
  readonly axes: readonly number[];
}

/** A network that the core can run, and where its numbers are. */
export interface ModelArchitecture {
  readonly architecture: Architecture;
  /** Parameters that are missing keep their initial number: biases that the file does not have are zeros. */
  readonly parameters: readonly ParameterMapping[];
  /** Layer of the architecture (`layers[2]`, inner ones `layers[2].branch[0]`) → the file's name for it. */
  readonly layerNames: ReadonlyMap<string, string>;
}

export interface Model {
  readonly format: ModelFormatName;
  /** What wrote the file, in its own words, such as `TensorFlow.js tfjs-layers v4.22.0`; `null` if it does not say. */
  readonly producer: string | null;
  /** Texts that the file carries for people and programs (`__metadata__` of safetensors; of shards that of the first that has the key); absent without. */
  readonly metadata?: ReadonlyMap<string, string>;
  /** In the order of the file. Names are unique. */
  readonly tensors: readonly ModelTensor[];
  /** `null` where the file tells no graph, or one the core cannot run; `notes` say which. */
  readonly architecture: ModelArchitecture | null;
  /** Sentences for people: what was left out, what is not known, which layer is in the way. */
  readonly notes: readonly string[];
}

/** What a caller may say that files leave open. */
export interface OpenModelOptions {
  /** Size of the input where the file leaves it open (`null` in its shape). */
  readonly input?: ArchitectureInput;
  /**
   * What a batch normalization of a file becomes. `refuse` (the default): it is in the way of a network, since the answers of the model
   * come from stored statistics, which the core does not have. `by-batch`: the core's, with the file's gamma and beta, which normalizes by
   * the batch at hand as every training does; the stored statistics are not used, and a note says so.
   */
  readonly batchNormalization?: 'refuse' | 'by-batch';
}
