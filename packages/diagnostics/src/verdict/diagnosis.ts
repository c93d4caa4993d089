/** What a diagnosis says: a verdict, the numbers behind it, and changes that were tried. All of it is plain JSON. */
import type { Architecture, ResidualScaleRule } from '@kindling/core';
import type { Initializer } from '@kindling/initializers';

/**
 * Whether training will start, or why not:
 *
 * - `starts`: more nets than not will start;
 * - `fm1-vanishing`, `fm1-exploding`: failure mode 1 of Hanin & Rolnick, the mean length falls or grows exponentially;
 * - `vanishing-gradients`: biases keep the length up, what the input adds to it vanishes, and gradients with it;
 * - `fm2-length-variance`: failure mode 2, lengths scatter so much that a typical net is nothing like the mean;
 * - `born-dead`: the net is a constant function before the first step;
 * - `no-symmetry-breaking`: all units of a layer are equal and stay so;
 * - `zero-output`: the output and every gradient but the last bias's are zero.
 */
export type VerdictCode =
  | 'starts'
  | 'fm1-vanishing'
  | 'fm1-exploding'
  | 'vanishing-gradients'
  | 'fm2-length-variance'
  | 'born-dead'
  | 'no-symmetry-breaking'
  | 'zero-output';

/** Which number an `Evidence` holds. */
export type EvidenceQuantity =
  | 'startingShare'
  | 'eventualShare'
  | 'lengthFactor'
  | 'outputLength'
  | 'gradientNorm'
  | 'typicalLength'
  | 'sumReciprocalWidths'
  | 'sumScales'
  | 'logDeviation'
  | 'weightsLength'
  | 'paddingLength'
  | 'lengthVarianceAcrossLayers'
  | 'bornDeadLower'
  | 'bornDeadUpper'
  | 'bornDeadProbability'
  | 'distinctUnits';

/** One number behind the verdict. */
export interface Evidence {
  /** The verdict it speaks for: a failure where the threshold is passed, else `starts`. */
  readonly code: VerdictCode;
  readonly quantity: EvidenceQuantity;
  readonly value: number;
  /** What `value` is compared with; absent where it only informs. */
  readonly threshold?: number;
  /** Of a measured `value`. */
  readonly standardError?: number;
  /** One sentence for a practitioner. */
  readonly text: string;
}

/** The state of a net in few numbers, for comparing before with after. Null where it is not known. */
export interface DiagnosisNumbers {
  readonly verdict: VerdictCode;
  /** Share of random nets that are alive and whose length lies in the range that trains, 0 … 1. */
  readonly startingShare: number;
  /** The same of nets that start at all, in time or late, 0 … 1; at least `startingShare`. */
  readonly eventualShare: number;
  /** What a hidden layer multiplies the mean squared signal by, in the geometric mean over the layers. */
  readonly lengthFactor: number | null;
  /** log₁₀ of the mean squared gain from the input to the last hidden layer; with zero biases of E[M_d]/M₀. */
  readonly log10Mean: number | null;
  /** The same for a typical net: the mean of log₁₀. */
  readonly log10Typical: number | null;
  /** Standard deviation of log₁₀ over nets. */
  readonly log10Deviation: number | null;
  /** S = Σ 1/n_j of a fully connected net; null for others. */
  readonly sumReciprocalWidths: number | null;
  /**
   * The decisive sum of a net with residual blocks, null for others: Σ |η_l| where branches end in ReLU (times 1 − s in a leaky one of slope
   * s), or Σ η_l² where they end in a linear layer; of nets with both that of the modules which make more of the length.
   */
  readonly sumScales: number | null;
  /** Which of the two it is. */
  readonly scalesModule: 'relu' | 'linear' | null;
  /** Probability that a net is born dead: measured where that was needed, else its upper bound. */
  readonly bornDeadProbability: number;
  /** Random nets that were drawn for these numbers; 0 where theory sufficed. */
  readonly trials: number;
}

/** A change of the setting, in a form `diagnose` or `diagnoseNetwork` takes. What is absent stays as it was. */
export interface Change {
  readonly initializer?: Initializer;
  /** The catalog's name of `initializer`, where it has one. */
  readonly initializerName?: string;
  /** The input's width and every hidden layer's. */
  readonly widths?: readonly number[];
  /** What the weights of each hidden layer are multiplied by after they are drawn. */
  readonly weightScales?: readonly number[];
  /** The whole network as changed, from `diagnoseNetwork`. */
  readonly architecture?: Architecture;
  /** The rule that gave the blocks of `architecture` their scales. */
  readonly scaleRule?: ResidualScaleRule;
}

/** A change that was applied and diagnosed again, and helps. */
export interface Remedy {
  /** The failure it is for. */
  readonly code: VerdictCode;
  readonly text: string;
  readonly change: Change;
  /** True when nothing is left to complain about: `after.verdict` is `starts`. */
  readonly starts: boolean;
  readonly before: DiagnosisNumbers;
  readonly after: DiagnosisNumbers;
}

/** What `diagnose` returns. */
export interface Diagnosis {
  /** The main one of `verdicts`. */
  readonly verdict: VerdictCode;
  /** All that hold, the main one first; `['starts']` when none does. */
  readonly verdicts: readonly VerdictCode[];
  /** The diagnosis in a sentence: whether it starts, in time, late or not at all, and what is wrong. */
  readonly headline: string;
  readonly evidence: readonly Evidence[];
  /** The surest first, at most five. Empty for `starts`. */
  readonly remedy: readonly Remedy[];
  readonly numbers: DiagnosisNumbers;
  /** `theory`: closed forms alone decide; `simulation`: random nets were drawn, `trials` of them. */
  readonly method: 'theory' | 'simulation';
  readonly trials: number;
  /** What cannot be known, or was taken for granted; full sentences. */
  readonly notes: readonly string[];
}
