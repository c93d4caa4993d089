/**
 * Lengths over many random networks of any architecture, with what the means are worth: as `measureLengthStatistics`, whose rules for
 * dead nets and for refusals hold here. Standard errors come from theory's second moments where these are exact.
 */
import {
  type Architecture,
  countParameters,
  deriveKey,
  type Engine,
  inputShape,
  keyPurpose,
  type Layer,
  layerShapes,
  type RandomKey,
  type TensorShape,
} from '@kindling/core';
import { leadingWidths, type NetworkPrediction, predictNetworkLengths } from '../theory/network-lengths.js';
import { holdArena } from './held-arena.js';
import {
  addLength,
  emptyLayer,
  type LayerSums,
  type LengthMeans,
  lengthJudges,
  MeanJudge,
  type RefuseTooFew,
  restsOnUntold,
  summarizeLayer,
} from './length-means.js';
import {
  type ExpectedError,
  expectedErrors,
  grouped,
  type MeasurementRefusal,
  quantitySymbols,
  relativeError,
} from './length-refusals.js';
import { empiricalLengthVariance } from './length-variance.js';
import { checkTrials, type MeasurementProgress } from './measurement-progress.js';
import { networkBatch } from './network-input.js';
import { type NetworkWalkOptions, openNetworkWalk } from './network-walk.js';
import { addToMoments, emptyMoments, type RunningMoments, standardErrorOf } from './running-moments.js';

/** The settings of `measureNetworkStatistics`. */
export interface NetworkStatisticsOptions extends NetworkWalkOptions {
  /** Nets: an integer from 1 to 100,000,000. Net i is that of `measureNetworkLengths` under deriveKey(key, trial, i). */
  readonly trials: number;
  readonly key: RandomKey;
}

/** One layer over all nets; a residual block is one. Lengths are relative to the input's, as `measureNetworkLengths` tells them. */
export interface NetworkLayerStatistics extends LengthMeans {
  /** From 1. */
  readonly layer: number;
  /** `layers[0]`. */
  readonly path: string;
  readonly kind: Layer['kind'];
  readonly shape: TensorShape;
  /** Sample variance of log M_l over the nets alive at this layer; null for fewer than two. */
  readonly varianceLogLength: number | null;
}

/** What `measureNetworkStatistics` finds. */
export interface NetworkStatistics {
  readonly trials: number;
  /** Nets whose last layer is dead. */
  readonly deadTrials: number;
  /** Inputs a net was passed. */
  readonly batch: number;
  /** M_0: the mean over the nets. */
  readonly inputLength: number;
  readonly layers: readonly NetworkLayerStatistics[];
  /** Mean of V̂, the variance of the lengths across the layers of one net. */
  readonly lengthVarianceAcrossLayers: number | null;
  readonly lengthVarianceStandardError: number | null;
  readonly refusals: readonly MeasurementRefusal[];
  /** Kernel memory (the arena) during the measurement. JavaScript's objects, which grow with depth, are not in it. */
  readonly memoryBytes: number;
}

/** Random numbers between two reports of progress: about a millisecond's worth. */
const numbersPerReport = 300_000;

/**
 * Measures `trials` random nets. A generator: it reports now and then how many are done, may be left at any report, and returns the
 * statistics. Means with a relative standard error above ½ (`largestRelativeError`) are refused: by theory's standard error where
 * `predictNetworkLengths` has a second moment, else by the larger of the sample's and that of log-normal lengths with the sample's variance of
 * log M. What is refused in one layer is refused in all deeper ones, up to a batch normalization. Between two reports the arena may be used, and must be left as it was.
 *
 * @throws InvalidArgumentError at the first step: for trials, an initializer, inputs or a batch that cannot be; later, when the arena was
 *   changed between two reports
 */
export function* measureNetworkStatistics(
  engine: Engine,
  options: NetworkStatisticsOptions,
): Generator<MeasurementProgress, NetworkStatistics> {
  const { architecture, trials, key } = options;
  checkTrials('measureNetworkStatistics', trials);
  return yield* holdArena(engine, 'measureNetworkStatistics', function* () {
    const measure = openNetworkWalk(engine, 'measureNetworkStatistics', options);
    const sums: NetworkSums = {
      layers: architecture.layers.map(emptyLayer),
      variance: emptyMoments(),
      inputs: emptyMoments(),
      memoryBytes: 0,
    };
    const every = Math.max(1, Math.floor(numbersPerReport / numbersPerNet(architecture)));
    for (let trial = 0; trial < trials; trial++) {
      if (trial % every === 0) yield { done: trial, total: trials };
      const net = measure(deriveKey(key, keyPurpose.trial, trial));
      addToMoments(sums.inputs, net.inputLength);
      sums.layers.forEach((layer, index) => {
        const { length = Number.NaN, logLength = Number.NaN } = net.layers[index] ?? {};
        addLength(layer, length, logLength);
      });
      addToMoments(sums.variance, empiricalLengthVariance(net.layers.map(({ length }) => length)));
      sums.memoryBytes = net.memoryBytes;
    }
    yield { done: trials, total: trials };
    return summarize(options, sums);
  });
}

function numbersPerNet(architecture: Architecture): number {
  const { height, width, channels } = inputShape(architecture.input);
  return countParameters(architecture) + height * width * channels;
}

interface NetworkSums {
  readonly layers: readonly LayerSums[];
  /** Of V̂. */
  readonly variance: RunningMoments;
  readonly inputs: RunningMoments;
  memoryBytes: number;
}

function summarize(options: NetworkStatisticsOptions, sums: NetworkSums): NetworkStatistics {
  const { architecture, trials } = options;
  const tooFew: RefuseTooFew = (quantity, layers) => tooFewNetworks(quantity, layers, trials);
  const judges = lengthJudges(tooFew);
  const expected = expectationOf(options);
  const shapes = layerShapes(architecture);
  const layers = sums.layers.map((layer, index): NetworkLayerStatistics => {
    const { count, squares } = layer.logs;
    if (architecture.layers[index]?.kind === 'batch-normalization') {
      judges.means.restart();
      judges.seconds.restart();
    }
    return {
      layer: index + 1,
      path: `layers[${index}]`,
      kind: architecture.layers[index]?.kind ?? 'dense',
      shape: shapes[index] ?? inputShape(architecture.input),
      ...summarizeLayer(index + 1, layer, expected?.[index], judges),
      varianceLogLength: count < 2 ? null : squares / (count - 1),
    };
  });
  const variances = new MeanJudge('lengthVarianceAcrossLayers', tooFew);
  const error = standardErrorOf(sums.variance);
  const across =
    sums.layers.length === 1 // One layer does not vary.
      ? 0
      : variances.judge(
          0,
          sums.layers[0] ?? emptyLayer(),
          sums.variance.mean,
          restsOnUntold(sums.layers, layers)
            ? Number.POSITIVE_INFINITY
            : relativeError(sums.variance.mean, error),
        );
  return {
    trials,
    deadTrials: layers.at(-1)?.deadTrials ?? 0,
    batch: networkBatch(options),
    inputLength: sums.inputs.mean,
    layers,
    lengthVarianceAcrossLayers: across,
    lengthVarianceStandardError: across === null ? null : error,
    refusals: [...judges.means.refusals(), ...judges.seconds.refusals(), ...variances.refusals()],
    memoryBytes: sums.memoryBytes,
  };
}

type LayerErrors = { readonly mean: ExpectedError | null; readonly second: ExpectedError | null };

/** Standard errors that theory expects: of single inputs, given or random. Rows of data have lengths and directions of their own. */
function expectationOf(options: NetworkStatisticsOptions): readonly LayerErrors[] | null {
  const { architecture, initializer, input, data, inputLength, trials } = options;
  if (networkBatch(options) !== 1 || (input === undefined && data !== undefined)) return null;
  // An input whose square f64 cannot hold has logarithms only.
  const square = input === undefined ? 1 : Array.from(input).reduce((sum, x) => sum + x * x, 0);
  if (!(square > 0 && Number.isFinite(square))) return null;
  const inputs = input === undefined ? { inputLength } : { input };
  // The law of dense ReLU layers has a fourth moment.
  const widths = leadingWidths(architecture);
  const dense =
    widths.length === 1
      ? []
      : expectedErrors({ widths, initializer, inputLength: inputLength ?? 1 }, trials).layers;
  return predictNetworkLengths({ architecture, initializer, ...inputs }).map((prediction, index) =>
    errorsOf(prediction, dense[index]?.second ?? null, trials),
  );
}

/** Of M from its second moment; of M² as if M were log-normal with that, E[M⁴]/E[M²]² = r⁴, unless its fourth moment is known. */
function errorsOf(
  { mean, secondMoment, relativeSecondMoment: r }: NetworkPrediction,
  known: ExpectedError | null,
  trials: number,
): LayerErrors {
  if (r === null || mean === null || secondMoment === null) return { mean: null, second: null };
  const relative = Math.sqrt(Math.max(0, r - 1) / trials);
  const { relative: ofSecond, exact } = known ?? {
    relative: Math.sqrt(Math.max(0, r * r * r * r - 1) / trials),
    exact: false,
  };
  return {
    mean: { relative, absolute: relative * mean, exact: true },
    second: { relative: ofSecond, absolute: ofSecond * secondMoment, exact },
  };
}

function tooFewNetworks(
  quantity: MeasurementRefusal['quantity'],
  layers: readonly number[],
  trials: number,
): MeasurementRefusal {
  const nets = trials === 1 ? 'one net' : `${grouped(trials)} nets`;
  const reason = `lengths scatter so far that a mean over ${nets} says nothing about ${quantitySymbols[quantity]}; showing log lengths`;
  return { quantity, layers, reason };
}
