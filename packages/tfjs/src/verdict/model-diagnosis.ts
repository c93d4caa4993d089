/** What a diagnosis of a model says. All of it is plain JSON, but for lengths that are not finite. */
import type { Diagnosis, VerdictCode } from '@kindling/diagnostics';
import type { DeadUnits } from '../measure/dead-units.js';
import type { KernelGradients } from '../measure/gradients.js';

/** One call of a layer. */
export interface LayerReport {
  /** The layer's name; a layer that is called twice stands twice. */
  readonly name: string;
  /** Its class in TensorFlow.js. */
  readonly kind: string;
  /** Mean square of what comes out over the mean square of the model's input. */
  readonly length: number;
  /** Of a layer with a kernel: the kernel's mean square × fan-in; critical for ReLU is 2. Else `null`. */
  readonly meanSquareTimesFanIn: number | null;
  /** Standard error of that for a draw of the stated law; `null` without a kernel or a law that is known. */
  readonly standardError: number | null;
  /** The catalog's name of the law that the topology states for the kernel; `null` where there is none, or it is not known. */
  readonly statedLaw: string | null;
  /** False when the kernel is no draw of that law, by more than five standard deviations: trained, loaded or rescaled. */
  readonly matchesLaw: boolean | null;
}

/** What the very weights of the model say. */
export interface MeasuredVerdict {
  readonly verdict: VerdictCode;
  /** log₁₀ of the length behind the last hidden layer; −Infinity where that is zero, Infinity where numbers left f32 on the way. `null` without one. */
  readonly log10Length: number | null;
  /** log₁₀ of what the mean squares of the hidden kernels make of it, Π mean square × fan-in / 2; `null` where the net is no ReLU chain. */
  readonly log10Weights: number | null;
  /** Hidden layers with kernels. */
  readonly depth: number;
}

/** What `diagnose` returns. */
export interface ModelDiagnosis {
  readonly backend: string;
  /** The main one: of the law where that is known and the weights are draws of it, else of the weights. */
  readonly verdict: VerdictCode;
  /** The verdict in a sentence. */
  readonly headline: string;
  /** `law`: theory of the stated law, and the weights; `weights`: the weights alone. */
  readonly basis: 'law' | 'weights';
  /** Why a stated law is off, a full sentence; `null` where nothing is known of that. */
  readonly cause: string | null;
  /** What a hidden layer multiplies the mean length by: of the law, else of the weights; `null` where neither is known. */
  readonly lengthFactor: number | null;
  readonly layers: readonly LayerReport[];
  readonly measured: MeasuredVerdict;
  /** `diagnoseNetwork` of the architecture and the stated law, with remedies; `null` where the basis is `weights`. */
  readonly theory: Diagnosis | null;
  readonly deadUnits: DeadUnits;
  /** `null` where they were not asked for. */
  readonly gradients: KernelGradients | null;
  readonly inputs: {
    readonly source: 'data' | 'random';
    readonly rows: number;
    readonly meanSquare: number;
  };
  /** What was taken for granted, what is in the way and what cannot be known; full sentences. */
  readonly notes: readonly string[];
}
