/** What a thread must know before the first step of a training, and what it answers. Plain data: one message each way. */
import type { Architecture, DenseArchitecture, ErrorData, KernelModule, RandomKey } from '@kindling/core';
import type { Optimizer } from '../optimizer-settings.js';

/** Training images in shared memory. */
export interface SharedImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  /** Pixels an image. */
  readonly features: number;
  /** Whether batches keep only the nonzero pixels. */
  readonly sparse: boolean;
}

/** The one message to a thread. */
export interface TrainingRequest {
  readonly kind: 'kindling-training';
  readonly network:
    | { readonly kind: 'dense'; readonly architecture: DenseArchitecture }
    | { readonly kind: 'general'; readonly architecture: Architecture };
  /** Floats of all parameters; their values lie in the place of the first slice's gradients. */
  readonly floats: number;
  readonly data: SharedImages;
  readonly optimizer: Optimizer;
  /** Rows of the largest slice. */
  readonly rows: number;
  readonly key: RandomKey;
  readonly slices: number;
  /** Memory of the `StepBoard`. */
  readonly board: SharedArrayBuffer;
  /** The kernels to run on; null for the thread's own strict build. */
  readonly kernels: KernelModule | null;
  /** Of the leader's kernels. */
  readonly hash: string;
}

/** Messages from a thread. */
export type TrainingAnswer =
  | { readonly kind: 'kindling-training-ready' }
  | { readonly kind: 'kindling-training-failed'; readonly error: ErrorData };
