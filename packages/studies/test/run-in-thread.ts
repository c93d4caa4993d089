/** Runs a study's trials in this thread, without pool or store. */
import { createEngine } from '@kindling/core';
import {
  type JsonObject,
  plan,
  provenanceOf,
  type StudyDefinition,
  type StudySpec,
  type TrialProgress,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { shortSpecHash } from '../src/spec/hash-spec.js';

const engine = createEngine();

/** Every record of a study, in the plan's order or its reverse. @param dataset null for a study that needs none */
export async function runInThread<Spec extends StudySpec, Summary extends JsonObject>(
  study: StudyDefinition<Spec, Summary>,
  spec: Spec,
  order: 'planned' | 'reversed' = 'planned',
  dataset: Dataset | null = null,
  onProgress?: (progress: TrialProgress) => void,
): Promise<TrialRecord[]> {
  const keys = plan(study, spec);
  if (order === 'reversed') keys.reverse();
  const stamp = { spec: shortSpecHash(spec), ...provenanceOf(engine) };
  const records: TrialRecord[] = [];
  for (const key of keys) {
    const context = { engine, dataset, ...(onProgress === undefined ? {} : { onProgress }) };
    records.push({ ...key, ...stamp, result: await study.runTrial(context, spec, key) });
  }
  return records;
}

/** Records of a whole study made up by `result`, without a simulation. */
export function inventRecords<Spec extends StudySpec, Summary extends JsonObject>(
  study: StudyDefinition<Spec, Summary>,
  spec: Spec,
  result: (cell: string, trial: number) => JsonObject,
): TrialRecord[] {
  const stamp = { spec: shortSpecHash(spec), ...provenanceOf(engine) };
  return plan(study, spec).map((key) => ({ ...key, ...stamp, result: result(key.cell, key.trial) }));
}
