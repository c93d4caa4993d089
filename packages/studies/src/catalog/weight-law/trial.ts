/** One trial: a net before and after its training, as laws of its weights. */
import type { RandomKey } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { isComparable, type NetLaw, netLaw } from '../../weight-laws/layer-statistics.js';
import { taskDataset } from '../../weight-laws/tasks.js';
import { type NamedTensor, trainCheckpoints } from '../../zoo/checkpoints.js';
import { zooOptimizers } from '../../zoo/optimizers.js';
import { architectureOf, findWeightLawCell } from './cells.js';
import type { WeightLawSpec } from './spec.js';

/** What a trial found. */
export interface WeightLawResult extends JsonObject {
  /** Before the first step. */
  readonly fresh: NetLaw;
  /** After the last; null where the training diverged, or left a layer as it was. */
  readonly trained: NetLaw | null;
  /** Of the differences, trained less fresh: what training has added, without the chance of the initial draw. Null with `trained`. */
  readonly update: NetLaw | null;
  readonly testAccuracy: number;
  /** Of the last epoch. */
  readonly meanLoss: number | string;
}

/** Runs the trial `key`; pure but for `context.onProgress`. He normal weights, zero biases. */
export async function runWeightLawTrial(
  context: TrialContext,
  spec: WeightLawSpec,
  key: TrialKey,
): Promise<WeightLawResult> {
  const { architecture, task } = findWeightLawCell(spec, key.cell);
  const randomKey = trialRandomKey(spec, key);
  const { maxEpochs } = spec;
  let [testAccuracy, meanLoss] = [Number.NaN, Number.NaN];
  let [first, last]: (readonly NamedTensor[])[] = [];
  const dataset = taskDataset('weight-law', context.dataset, spec, task);
  for await (const { epoch, tensors, ...report } of trainCheckpoints(context.engine, dataset, {
    architecture: architectureOf(spec, architecture),
    initializer: findInitializer('he-normal').initializer,
    optimizer: zooOptimizers[spec.optimizer],
    epochs: [...new Array(maxEpochs + 1).keys()],
    key: randomKey,
  })) {
    ({ testAccuracy, meanLoss } = report);
    first ??= tensors;
    if (epoch === maxEpochs) last = tensors;
    context.onProgress?.({
      ...key,
      fraction: epoch / maxEpochs,
      values: { epoch, testAccuracy, meanLoss },
    });
  }
  const fresh = netLaw(first ?? [], randomKey);
  const laws = last === undefined ? null : lawsOfTraining(first ?? [], last, randomKey);
  return {
    fresh,
    trained: laws?.trained ?? null,
    update: laws?.update ?? null,
    testAccuracy,
    meanLoss: encodeNumber(meanLoss),
  };
}

function lawsOfTraining(first: readonly NamedTensor[], last: readonly NamedTensor[], key: RandomKey) {
  const added = last.map((tensor, i) => ({
    ...tensor,
    values: tensor.values.map((value, at) => value - (first[i]?.values[at] ?? Number.NaN)),
  }));
  const [trained, update] = [netLaw(last, key), netLaw(added, key)];
  return isComparable(trained) && isComparable(update) ? { trained, update } : null;
}
