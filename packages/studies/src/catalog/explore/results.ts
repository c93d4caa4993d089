/** What the trials of the explorable find. Numbers as `encodeNumber` writes them: NaN and infinities are strings. */
import type { DiagnosisNumbers, EvidenceQuantity, VerdictCode } from '@kindling/diagnostics';
import type { TrainingOutcome } from '@kindling/trainer';
import type { JsonObject } from '../../spec/canonical-json.js';

/** Of a cell `lengths/…`: one random net and one random input. */
export interface ExploreLengthsResult extends JsonObject {
  /** log(M_j/M₀) of every hidden layer, a residual block being one, natural; "-Infinity" where a layer is dead. */
  readonly logLengths: readonly (number | string)[];
  /** The first dead layer, from 1, or null. */
  readonly deadLayer: number | null;
}

/** One layer of neurons of a map. */
export interface ExploreNeuronLayer extends JsonObject {
  /** Where it stands among the hidden layers, from 1; blocks count as one. */
  readonly layer: number;
  /** One character a neuron, of convolutions a channel: `0` active, `1` tentatively dead, `2` permanently dead. */
  readonly states: string;
}

/** Of a cell `neurons/…`: one random net on the data, before the first step. */
export interface ExploreNeuronsResult extends JsonObject {
  /** Every layer that ends in a ReLU, in order. */
  readonly layers: readonly ExploreNeuronLayer[];
  /** The first layer through which everything passes that is zero for all inputs, from 1: the net is a constant. Null when none is. */
  readonly bornDeadLayer: number | null;
}

/** One layer of a net that is being trained. */
export interface ExploreLayerState extends JsonObject {
  /** log(M_j/M₀) over the inputs that are looked at. */
  readonly logLength: number | string;
  /** log ‖∂L/∂act_j‖², L a random linear function of the outputs: see `MeasuredLayer.logGradient`. */
  readonly logGradient: number | string;
  /** Neurons of the layer that are dead on those inputs; null where it has no ReLU. */
  readonly dead: number | null;
}

/** A net that is being trained, looked at after an epoch. */
export interface ExploreLayersAt extends JsonObject {
  /** 0 is before the first step. */
  readonly epoch: number;
  /** Of every hidden layer, a residual block being one. */
  readonly layers: readonly ExploreLayerState[];
}

/** Of a cell `training/…`: one run. */
export interface ExploreTrainingResult extends JsonObject {
  /** `reached` when the target was reached, however it went on; else why it ended. */
  readonly outcome: TrainingOutcome;
  /** Completed epochs. */
  readonly epochs: number;
  /** The first epoch at whose end the target was reached; null when it never was. */
  readonly epochsToTarget: number | null;
  /** Of images the mean loss of every epoch, from the first; of a function the loss over all points, from before the first step on. */
  readonly loss: readonly (number | string)[];
  /** Test accuracy before the first step and after every epoch; null of functions. */
  readonly testAccuracy: readonly (number | string)[] | null;
  /** Dead neurons before the first step and after every epoch. */
  readonly deadNeurons: readonly number[];
  /** For `never-moves`: the first dead layer, from 1. */
  readonly deadLayer: number | null;
  /** At the epochs the spec names, as far as the run got, and at its end. */
  readonly layersAt: readonly ExploreLayersAt[];
}

/** A number behind a verdict. */
export interface ExploreEvidence extends JsonObject {
  readonly code: VerdictCode;
  readonly quantity: EvidenceQuantity;
  readonly value: number | string;
  readonly threshold: number | string | null;
  readonly text: string;
}

/** A change that was tried and judged. */
export interface ExploreRemedy extends JsonObject {
  readonly code: VerdictCode;
  readonly text: string;
  /** The configuration with the change, as text; null where none says it. */
  readonly configuration: string | null;
  /** Nothing is left to complain about. */
  readonly starts: boolean;
  readonly after: ExploreVerdictNumbers;
}

/** `DiagnosisNumbers` as JSON. */
export type ExploreVerdictNumbers = {
  readonly [Name in keyof DiagnosisNumbers]: DiagnosisNumbers[Name] extends number
    ? number | string
    : DiagnosisNumbers[Name] extends number | null
      ? number | string | null
      : DiagnosisNumbers[Name];
};

/** Of a cell `verdict/…`: what `diagnose` says of the configuration. */
export interface ExploreVerdictResult extends JsonObject {
  readonly verdict: VerdictCode;
  readonly verdicts: readonly VerdictCode[];
  readonly headline: string;
  readonly evidence: readonly ExploreEvidence[];
  /** The surest first. Remedies of one configuration stand there once. */
  readonly remedies: readonly ExploreRemedy[];
  readonly numbers: ExploreVerdictNumbers;
  readonly method: 'theory' | 'simulation';
  readonly trials: number;
  readonly notes: readonly string[];
}
