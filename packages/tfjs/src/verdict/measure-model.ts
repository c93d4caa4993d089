/** Everything that is measured of a model's weights: one pass, the kernels' moments, the dead, the verdict they allow. */
import type { Architecture } from '@kindling/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { findDeadUnits } from '../measure/dead-units.js';
import type { InputBatch } from '../measure/input-batch.js';
import { summarizeKernel } from '../measure/kernel-statistics.js';
import { measureLayers } from '../measure/measure-layers.js';
import { listKernels } from '../model/kernels.js';
import { tapModel } from '../model/tap-model.js';
import { judgeMeasured, type MeasuredModel } from './measured-verdict.js';
import type { MeasuredVerdict } from './model-diagnosis.js';

/** What was measured, and its verdict. */
export interface Measurement extends MeasuredModel {
  readonly measured: MeasuredVerdict;
}

/**
 * Passes the batch through the model and reads its kernels.
 *
 * @param architecture of the model, `null` where the core cannot run it
 * @throws InvalidArgumentError for a model that is not built
 */
export async function measureModel(
  caller: string,
  model: LayersModel,
  batch: InputBatch,
  architecture: Architecture | null,
): Promise<Measurement> {
  const activities = await measureLayers(tapModel(caller, model), batch);
  const kernels = listKernels(model);
  const statistics = [];
  for (const kernel of kernels) statistics.push(await summarizeKernel(kernel));
  const deadUnits = findDeadUnits(activities, architecture);
  const inputMeanSquare = batch.meanSquare;
  const found = { activities, kernels, statistics, deadUnits, architecture, inputMeanSquare };
  return { ...found, measured: judgeMeasured(found) };
}
