/** A tensor of a file: what it is, and its numbers when they are asked for. */
import type { DType, Floats } from './dtype.js';

/** What a tensor does in its network. */
export type TensorRole =
  | 'dense-kernel'
  | 'conv-kernel'
  | 'depthwise-kernel'
  | 'bias'
  | 'normalization'
  | 'embedding'
  | 'other';

/**
 * Order of a kernel's axes, slowest first. `in-out`: inputs × units, as in Keras; `out-in`: as in PyTorch. Of convolutions H and W
 * (D, H, W) are the kernel's extents, I its input channels *per group*, O its output channels, M the outputs an input channel
 * has in a depthwise one.
 */
export type TensorLayout =
  | 'in-out'
  | 'out-in'
  | 'HWIO'
  | 'OIHW'
  | 'HWIM'
  | 'HWOI'
  | 'IOHW'
  | 'WIO'
  | 'OIW'
  | 'DHWIO'
  | 'OIDHW';

/** Inputs a unit has, and units an input feeds (`layerFans` of the core). */
export interface TensorFans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Numbers are stored as integers q (or narrower floats) and mean `scale · q + min`, in f32. */
export interface Quantization {
  /** Type in the file. */
  readonly dtype: DType;
  readonly scale: number;
  readonly min: number;
}

/** What a file says its initializer was: a Keras class name (`VarianceScaling`) with its settings as they stand. */
export interface StatedInitializer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What is known of a tensor without its numbers. */
export interface TensorDescription {
  /** As in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Type of the numbers; where they are quantized, the type they stand for. */
  readonly dtype: DType;
  /** `null`: the bytes of the file are the numbers. Bits are meaningless as weights where it is not. */
  readonly quantization: Quantization | null;
  readonly role: TensorRole;
  /** `null` where it does not matter or is not known. */
  readonly layout: TensorLayout | null;
  /** Of kernels, `null` for anything else. */
  readonly fans: TensorFans | null;
  /** The layer it belongs to, by the file's name for it; `null` where that is not known. */
  readonly layer: string | null;
  /** What the file says it was drawn from; `null` where it does not. */
  readonly statedInitializer: StatedInitializer | null;
}

/** A tensor of a file. Every call reads the file anew; nothing is kept. */
export interface ModelTensor extends TensorDescription {
  /** Numbers: the product of the shape, 1 for a scalar. */
  readonly size: number;
  /** All of them, decoded and dequantized, in row-major order. */
  read(): Promise<Floats>;
  /**
   * The same piece by piece, in bounded memory.
   *
   * @param maxFloats an integer ≥ 1; every piece has as many, save the last. Default 2¹⁸
   */
  chunks(maxFloats?: number): AsyncIterable<Floats>;
  /** As they stand in the file: little-endian, of `quantization.dtype` if there is one, else of `dtype`. */
  readBytes(): Promise<Uint8Array>;
}
