/**
 * The project's fit, as data. Made by `kindling study trained-or-not` with its defaults (seed 1, the embedded images): `model` of its
 * summary.json, rounded to four digits. A test fits a small zoo anew and demands the same answers.
 */
import type { TrainedModel } from './trained-model.js';

/** Log odds a unit of evidence, in the orders of `kernelFeatureNames`, `vectorFeatureNames` and `fileFeatureNames`. */
export const trainedModel: TrainedModel = {
  kernel: [-2.3146, 0.1305, -0.0567, 0.0167, 0.3792, 0.5254, 0.0183, 0.3403, 0.0881],
  vector: [-5.6913, 3.5391],
  file: [0.6279, 1.9254],
};
