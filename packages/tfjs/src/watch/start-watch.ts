/** Watches the first steps of `model.fit`. */
import { type Architecture, InvalidArgumentError } from '@kindling/core';
import type { VerdictCode } from '@kindling/diagnostics';
import type { Scalar } from '@tensorflow/tfjs-core';
import { Callback, type LayersModel, type Logs } from '@tensorflow/tfjs-layers';
import { type InputOptions, openInputBatch } from '../measure/input-batch.js';
import { readTopology } from '../model/read-topology.js';
import { measureModel } from '../verdict/measure-model.js';
import { measuredHeadline } from '../verdict/measured-verdict.js';

/** What is seen after some steps. Plain JSON, but for lengths that are not finite. */
export interface WatchReport {
  /** Steps of this `fit` so far; 0 before the first. */
  readonly step: number;
  /** Loss of the batch just trained on; `null` before the first. */
  readonly loss: number | null;
  /** Every call of a layer, with the mean square of what comes out over the input's. */
  readonly layers: readonly { readonly name: string; readonly length: number }[];
  readonly deadUnits: {
    readonly dead: number;
    readonly units: number;
    readonly deadLayers: readonly string[];
  };
  /** Of the weights as they are at this step. */
  readonly verdict: VerdictCode;
  readonly headline: string;
}

/** Settings of `startWatch`; data or random inputs are the same at every report. */
export interface WatchOptions extends InputOptions {
  /** Steps between reports. An integer ≥ 1; default 1. */
  readonly everySteps?: number;
  /** The last step that is reported. An integer ≥ 0; default 20. */
  readonly steps?: number;
  /** Gets every report; training waits for it. */
  readonly onReport: (report: WatchReport) => void | Promise<void>;
}

/**
 * A callback for `model.fit(x, y, { callbacks: [startWatch({ onReport })] })`: reports lengths, dead units and the verdict before the first
 * step and during the first steps. One callback may be used for several fits, and starts anew with each.
 *
 * @throws InvalidArgumentError for numbers of steps out of range
 */
export function startWatch(options: WatchOptions): Callback {
  const { everySteps = 1, steps = 20 } = options;
  for (const [name, value, least] of [
    ['everySteps', everySteps, 1],
    ['steps', steps, 0],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new InvalidArgumentError(`startWatch: ${name} is ${value}; expected an integer ≥ ${least}`);
  }
  return new StartWatch({ ...options, everySteps, steps });
}

class StartWatch extends Callback {
  readonly #options: WatchOptions & { readonly everySteps: number; readonly steps: number };
  #step = 0;
  #architecture: Architecture | null = null;

  constructor(options: WatchOptions & { readonly everySteps: number; readonly steps: number }) {
    super();
    this.#options = options;
  }

  override async onTrainBegin(): Promise<void> {
    this.#step = 0;
    const { model } = await readTopology(this.#watched());
    this.#architecture = model.architecture?.architecture ?? null;
    await this.#report(null);
  }

  override async onBatchEnd(_batch: number, logs?: Logs): Promise<void> {
    this.#step += 1;
    const { everySteps, steps } = this.#options;
    if (this.#step > steps || this.#step % everySteps !== 0) return;
    await this.#report(await numberOf(logs?.['loss']));
  }

  #watched(): LayersModel {
    if (this.model === null) {
      throw new InvalidArgumentError('startWatch: there is no model; expected to be a callback of model.fit');
    }
    return this.model;
  }

  async #report(loss: number | null): Promise<void> {
    const batch = await openInputBatch('startWatch', this.#watched(), this.#options);
    try {
      const found = await measureModel('startWatch', this.#watched(), batch, this.#architecture);
      const { activities, deadUnits, measured, inputMeanSquare } = found;
      const { dead, units, deadLayers } = deadUnits;
      await this.#options.onReport({
        step: this.#step,
        loss,
        layers: activities.map(({ tap, meanSquare }) => ({
          name: tap.layer.name,
          length: meanSquare / inputMeanSquare,
        })),
        deadUnits: { dead, units, deadLayers },
        verdict: measured.verdict,
        headline: measuredHeadline(measured),
      });
    } finally {
      batch.dispose();
    }
  }
}

/** A log is a number, or a scalar that belongs to `fit`. */
async function numberOf(log: number | Scalar | undefined): Promise<number | null> {
  if (log === undefined) return null;
  return typeof log === 'number' ? log : ((await log.data())[0] ?? null);
}
