/**
 * The project's fit, as data. Made by `kindling study trained-or-not` with its defaults (seed 1, the embedded images): `model` of its
 * summary.json, rounded to four digits. A test fits a small zoo anew and demands the same answers.
 */
import type { TrainedModel } from './trained-model.js';

/** Log odds a unit of evidence, in the orders of `kernelFeatureNames`, `vectorFeatureNames` and `fileFeatureNames`. */
export const trainedModel: TrainedModel = {
  kernel: [-2.3396, 0.1774, 0.0025, 0.1917, 0.3785, 0.3795, 0.0955, 0.3439, 0.1008],
  vector: [-5.1142, 3.0037],
  file: [0.7712, 1.437],
};
