/** Measures a net: lengths on random nets, and how often such nets are born dead. Yields how far it is. */
import type { Engine, RandomKey } from '@kindling/core';
import { bornDeadBounds, measureBornDead, measureLengthStatistics } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { type MeasuredData, writeImages } from '../options/measured-data.js';
import type { NetworkChoice } from '../options/network-choice.js';
import type { StepProgress } from '../progress/run-steps.js';
import type { NetworkMeasurement } from './measurement.js';
import { predictNetwork } from './prediction.js';

/** What is to be measured. */
export interface MeasurementRequest extends NetworkChoice {
  readonly trials: number;
  readonly seed: number;
  readonly key: RandomKey;
  readonly method: 'matrices' | 'exact-law';
  /** Mean square of the random inputs; not used with data. */
  readonly inputLength: number;
  /** Images as inputs; null for random directions. */
  readonly data: MeasuredData | null;
}

/** Where this many dead nets are to be expected at most, by theory, none is looked for. */
const negligibleDeadNets = 1e-6;

/** Runs the measurement: first the lengths, then how often such nets are constant functions. */
export function* measureNetwork(
  engine: Engine,
  request: MeasurementRequest,
): Generator<StepProgress, NetworkMeasurement> {
  const { widths, named, trials, seed, key, method, data } = request;
  const { initializer } = named;
  const images = data === null ? null : { inputs: writeImages(engine, data) };
  const bounds = bornDeadBounds(initializer, widths);
  // The exact law draws no nets, and what looks at data has no law of its own.
  const looksForDead =
    method === 'matrices' && !needsData(initializer) && bounds.upper * trials > negligibleDeadNets;
  const statistics = yield* part(
    measureLengthStatistics(engine, {
      widths,
      initializer,
      trials,
      key,
      method,
      ...(images === null ? { inputLength: request.inputLength } : { data: images }),
    }),
    { from: 0, to: looksForDead ? 0.5 : 1 },
  );
  const found = looksForDead
    ? yield* part(
        measureBornDead(engine, {
          inputDimension: widths[0] ?? 1,
          hidden: widths.slice(1),
          initializer,
          trials,
          // The same nets.
          key,
        }),
        { from: 0.5, to: 1 },
      )
    : null;
  return {
    prediction: predictNetwork(request, data === null ? request.inputLength : statistics.inputLength),
    statistics,
    bornDead: found === null ? null : { probability: found.probability, standardError: found.standardError },
    seed,
    data: data?.description ?? null,
  };
}

/** One part of the work, its progress as that of the whole. */
function* part<Result>(
  steps: Generator<StepProgress, Result>,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<StepProgress, Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    yield { done: Math.floor(value.total * from + value.done * (to - from)), total: value.total };
  }
}
