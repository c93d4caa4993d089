/** What a peer can be asked to do, and with which numbers. */
import type { Figure1Spec } from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import type { PreparedWork } from '../benchmark.js';

/** C = max(A·B + bias, 0) with A rows × depth and B depth × columns, all row-major. */
export interface ProductProblem {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

/** One SGD step of a ReLU network with a linear output layer under the mean softmax cross-entropy of one batch. */
export interface TrainingProblem {
  /** Input, ReLU layers, outputs. */
  readonly widths: readonly number[];
  readonly batch: number;
  /** batch × widths[0], in [0, 1]. */
  readonly images: Float32Array<ArrayBuffer>;
  /** One class an image. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** Weights of each layer, fan-in × fan-out, row-major. */
  readonly weights: readonly Float32Array<ArrayBuffer>[];
  /**
   * Biases of each layer: none is zero, because behind a layer that is dead for an image the bias is all there is, and
   * libraries differ in the slope of ReLU at 0.
   */
  readonly biases: readonly Float32Array<ArrayBuffer>[];
  readonly learningRate: number;
}

/** A 3 × 3 convolution with stride 1 and a border of zeros ("same"), images NHWC. */
export interface ConvolutionProblem {
  readonly batch: number;
  /** Height and width of an image. */
  readonly size: number;
  readonly channels: number;
  readonly filters: number;
  /** batch × size × size × channels. */
  readonly images: Float32Array<ArrayBuffer>;
  /** 3 × 3 × channels × filters. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly biases: Float32Array<ArrayBuffer>;
  /** Gradient by the outputs, batch × size × size × filters. */
  readonly gradient: Float32Array<ArrayBuffer>;
}

/** Draw `nets` He-normal nets without biases, pass one random input through each and take the mean square of every layer. */
export interface LengthsProblem {
  readonly depth: number;
  readonly width: number;
  readonly nets: number;
  readonly seed: number;
}

/** One part of a data set. */
export interface ImagesOf {
  readonly count: number;
  readonly features: number;
  /** count × features, in [0, 1]. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
}

/**
 * Figure 1, one trial after the other: for each law, depth and net the lengths, then for each law, depth and run a training
 * of a net with zero biases by SGD over shuffled batches, until the test accuracy after an epoch is at least the target, a
 * loss is not finite, or the cap of epochs is reached. Width = depth throughout.
 */
export interface FigureProblem {
  readonly seed: number;
  /** Weights of variance scale / fan-in, normal or uniform. */
  readonly laws: readonly { readonly scale: number; readonly uniform: boolean }[];
  readonly lengths: { readonly depths: readonly number[]; readonly nets: number };
  readonly training: {
    readonly depths: readonly number[];
    readonly runs: number;
    readonly maxEpochs: number;
    readonly learningRate: number;
    readonly batch: number;
    readonly targetAccuracy: number;
  };
  readonly classes: number;
  readonly train: ImagesOf;
  readonly test: ImagesOf;
  /** The same as Kindling's own study. */
  readonly specs: readonly Figure1Spec[];
  readonly dataset: Dataset;
}

/**
 * Ways of doing one kind of work, by name. The name is added to the peer's in tables; it is empty where there is only one way.
 */
export type Ways<Problem> = Readonly<Record<string, (problem: Problem) => Promise<PreparedWork>>>;

/** One library, ready to work on one thread. */
export interface Peer {
  /** As tables call it. */
  readonly title: string;
  readonly version: string;
  /** What keeps it from being as fast as it could be here; one line. */
  readonly warning?: string;
  /** Result: C, row-major. */
  readonly product?: Ways<ProductProblem>;
  /** Result: weights and biases of every layer in turn (W₁, b₁, W₂, …) after the steps so far. */
  readonly trainingStep?: Ways<TrainingProblem>;
  /** Result: max(images ∗ weights + biases, 0). */
  readonly convolution?: Ways<ConvolutionProblem>;
  /** Result: the gradient by the images. */
  readonly convolutionInputGradient?: Ways<ConvolutionProblem>;
  /** Result: the gradient by the weights. */
  readonly convolutionWeightGradient?: Ways<ConvolutionProblem>;
  /** Result: log of the last layer's mean square over the input's, one a net; −Infinity where it is 0. */
  readonly lengths?: Ways<LengthsProblem>;
  /** Result: log of the last layer's relative mean square of every net, then the epochs of every training. */
  readonly figure?: Ways<FigureProblem>;
  /** Ends what was started. */
  close(): Promise<void>;
}

/** Opens a peer, or says in one line why it cannot take part and what would help. */
export type OpenPeer = () => Promise<Peer | { readonly missing: string }>;
