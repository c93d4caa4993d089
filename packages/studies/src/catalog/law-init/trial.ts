/** One trial: a net drawn from He's law or that of trained nets, and its first epochs. */
import { type Architecture, InvalidArgumentError } from '@kindling/core';
import { findInitializer } from '@kindling/initializers';
import type { JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { openLawCache } from '../../weight-laws/law-cache.js';
import { drawNet, type FittedNet, fitNet } from '../../weight-laws/net-sampler.js';
import { type Task, taskDataset, taskName } from '../../weight-laws/tasks.js';
import { type NamedTensor, trainCheckpoints } from '../../zoo/checkpoints.js';
import { zooOptimizers } from '../../zoo/optimizers.js';
import { architectureOf, findLawInitCell, type LawInitCell } from './cells.js';
import { lawInitializations } from './initializations.js';
import type { LawInitSpec } from './spec.js';

/** What a trial found. */
export interface LawInitResult extends JsonObject {
  /** By `initSteps`; fewer where the training diverged. */
  readonly testAccuracy: readonly number[];
  /** Nets that the law was fitted to; 0 for He. */
  readonly lawNets: number;
  /** Mean of their test accuracies; null for He. */
  readonly lawAccuracy: number | null;
}

/** Steps at which accuracies are told: 0, 1, 2, 3, 4, 6, 8, 12, … and the last. */
export function initSteps({ sources, batchSize, maxEpochs }: LawInitSpec): readonly number[] {
  const last = maxEpochs * Math.ceil((sources[0]?.trainCount ?? 0) / batchSize);
  const steps = [0];
  for (let power = 1; power < last; power *= 2) {
    steps.push(power);
    if (Number.isInteger(1.5 * power) && 1.5 * power < last) steps.push(1.5 * power);
  }
  return [...steps, last];
}

/** Nets that a law is fitted to. */
interface TrainedNets {
  readonly nets: readonly (readonly NamedTensor[])[];
  readonly testAccuracy: number;
}

const trained = openLawCache<TrainedNets>();
const fitted = openLawCache<FittedNet>();

/**
 * Runs the trial `key`; pure but for `context.onProgress`. The nets of its law have keys of their own, by family, depth and task: every trial
 * that needs them would train the same ones, so a thread does it once a spec.
 */
export async function runLawInitTrial(
  context: TrialContext,
  spec: LawInitSpec,
  key: TrialKey,
): Promise<LawInitResult> {
  const cell = findLawInitCell(spec, key.cell);
  const { origin } = cell;
  const { engine } = context;
  const architecture = architectureOf(spec, cell.family, cell.depth);
  const randomKey = trialRandomKey(spec, key);
  const [target] = spec.tasks;
  const data = taskDataset('law-init', context.dataset, spec, target ?? { source: 0, data: 'given' });
  const law = origin.kind === 'he' ? null : await lawOf(context, spec, cell, architecture, origin);
  const rescale = origin.kind === 'law' && lawInitializations[origin.name].rescale;
  const steps = initSteps(spec);
  const testAccuracy: number[] = [];
  for await (const { epoch, step, tensors, ...report } of trainCheckpoints(engine, data, {
    architecture,
    initializer: findInitializer('he-normal').initializer,
    optimizer: zooOptimizers[spec.optimizer],
    batchSize: spec.batchSize,
    epochs: [0, spec.maxEpochs],
    steps: steps.slice(1),
    key: randomKey,
    ...(law === null
      ? {}
      : { prepare: (_, network) => drawNet(engine, network, law.fitted, { key: randomKey, rescale }) }),
  })) {
    if (!allFinite(tensors)) break;
    testAccuracy.push(report.testAccuracy);
    context.onProgress?.({
      ...key,
      fraction: step / (steps.at(-1) ?? 1),
      values: { epoch, ...report },
    });
  }
  return {
    testAccuracy,
    lawNets: law?.nets.nets.length ?? 0,
    lawAccuracy: law === null ? null : law.nets.testAccuracy,
  };
}

async function lawOf(
  context: TrialContext,
  spec: LawInitSpec,
  { family, depth }: LawInitCell,
  architecture: Architecture,
  { name, task }: Extract<LawInitCell['origin'], { kind: 'law' }>,
) {
  const id = `law/${family}/depth=${depth}/${taskName(spec, task)}`;
  const { kind } = lawInitializations[name];
  const nets = await trained.get(spec, id, () => trainNets(context, spec, { id, architecture, task }));
  const law = await fitted.get(spec, `${id}/${kind}`, async () =>
    fitNet({ nets: nets.nets, kind, shrinkage: spec.shrinkage }),
  );
  return { nets, fitted: law };
}

async function trainNets(
  { engine, dataset }: TrialContext,
  spec: LawInitSpec,
  {
    id,
    architecture,
    task,
  }: { readonly id: string; readonly architecture: Architecture; readonly task: Task },
): Promise<TrainedNets> {
  const data = taskDataset('law-init', dataset, spec, task);
  const nets: (readonly NamedTensor[])[] = [];
  let accuracy = 0;
  for (let trial = 0; trial < spec.lawNets; trial++) {
    for await (const { tensors, testAccuracy } of trainCheckpoints(engine, data, {
      architecture,
      initializer: findInitializer('he-normal').initializer,
      optimizer: zooOptimizers[spec.lawOptimizer],
      batchSize: spec.batchSize,
      epochs: [spec.lawEpochs],
      key: trialRandomKey(spec, { cell: id, trial }),
    })) {
      if (!allFinite(tensors)) continue;
      nets.push(tensors.filter(({ kind }) => kind === 'weights'));
      accuracy += testAccuracy;
    }
  }
  if (nets.length === 0) {
    throw new InvalidArgumentError(
      `law-init: every net of ${id} diverged; expected at least one to take a law from — train fewer layers`,
    );
  }
  return { nets, testAccuracy: accuracy / nets.length };
}

function allFinite(tensors: readonly NamedTensor[]): boolean {
  return tensors.every(({ values }) => values.every((value) => value - value === 0));
}
