/**
 * A network as files tell it, in neutral words: nodes that read nodes. Readers of Keras configurations, TensorFlow.js graphs and
 * ONNX make this; `graphArchitecture` makes an architecture of it, or says which node is in the way.
 */
import type { Activation, Layer, TensorShape } from '@kindling/core';
import type { TensorLayout } from '../model/model-tensor.js';

/** A kernel of a node: a tensor and how it lies. */
export interface GraphKernel {
  readonly tensor: string;
  /** One a core network can take: a dense or a plain convolutional layout. */
  readonly layout: Extract<TensorLayout, 'in-out' | 'out-in' | 'HWIO' | 'OIHW'>;
}

/** What a layer's shape decides (explicit padding, windows): the layer, or in words what cannot be run. */
export type LayerOfShape = (input: TensorShape) => Layer | string;

/** What a node does. */
export type GraphOperation =
  | {
      /** What the network reads, without the batch; `null` where the file leaves a size open. NHWC, also in a channels-first graph. */
      readonly kind: 'input';
      readonly shape: readonly (number | null)[];
    }
  | {
      /** A dense layer, a convolution; `bias` may be missing. */
      readonly kind: 'weighted';
      readonly layer: Layer | LayerOfShape;
      readonly kernel: GraphKernel;
      readonly bias: string | null;
    }
  | { readonly kind: 'plain'; readonly layer: Layer | LayerOfShape }
  | { readonly kind: 'activation'; readonly activation: Activation }
  | {
      /** Adds a bias tensor to a weighted node that has none; otherwise in the way. */
      readonly kind: 'bias';
      readonly bias: string;
    }
  | {
      /** A batch normalization. Tensors of a number a channel; `null`: ones, zeros. */
      readonly kind: 'normalization';
      readonly gamma: string | null;
      readonly beta: string | null;
      /** The axis it normalizes, counted with the batch, channels last; −1 the last. */
      readonly axis: number;
    }
  | { readonly kind: 'add' }
  | {
      /** Does nothing when a network starts (dropout at inference, a cast, an identity). `note` is passed on if there is one. */
      readonly kind: 'identity';
      readonly note: string | null;
    }
  | {
      /** Softmax or sigmoid: at the very end it is left to the loss, elsewhere it is in the way. */
      readonly kind: 'output-activation';
      readonly activation: 'softmax' | 'sigmoid';
    }
  | {
      /** What the core cannot run. */
      readonly kind: 'unsupported';
      /** Completes "layer NAME …": `is an LSTM`, `normalizes by stored statistics`. */
      readonly reason: string;
    };

export interface GraphNode {
  /** Unique. */
  readonly name: string;
  readonly operation: GraphOperation;
  /** Names of the nodes it reads, in order. */
  readonly inputs: readonly string[];
}

export interface ModelGraph {
  /** In an order in which every node stands behind its inputs. */
  readonly nodes: readonly GraphNode[];
  /** Names of the nodes whose values come out. */
  readonly outputs: readonly string[];
  /** Images lie channels first (ONNX, PyTorch), which decides what a flatten makes of them. */
  readonly channelsFirst: boolean;
}
