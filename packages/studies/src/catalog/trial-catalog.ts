/**
 * Of every study what a worker needs. A worker that imported whole studies would load what draws their figures, which takes longer
 * than all the rest of its start.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { AnyStudy } from './catalog.js';
import { parseConvTrainingSpec } from './conv-training/spec.js';
import { runConvTrainingTrial } from './conv-training/trial.js';
import { parseDataDependentSpec } from './data-dependent/spec.js';
import { runDataDependentTrial } from './data-dependent/trial.js';
import { parseDyingReluSpec } from './dying-relu/spec.js';
import { runDyingReluTrial } from './dying-relu/trial.js';
import { parseExploreSpec } from './explore/cells.js';
import { runExploreTrial } from './explore/trial.js';
import { parseFigure1Spec } from './figure-1/spec.js';
import { runFigure1Trial } from './figure-1/trial.js';
import { parseFigure2Spec } from './figure-2/spec.js';
import { runFigure2Trial } from './figure-2/trial.js';
import { parseFigure3Spec } from './figure-3/spec.js';
import { runFigure3Trial } from './figure-3/trial.js';
import { parseFigure4Spec } from './figure-4/spec.js';
import { runFigure4Trial } from './figure-4/trial.js';
import { parseGenerateSpec } from './generate/spec.js';
import { runGenerateTrial } from './generate/trial.js';
import { parseIidSpec } from './iid/spec.js';
import { runIidTrial } from './iid/trial.js';
import { parseLawArrivalSpec } from './law-arrival/spec.js';
import { runLawArrivalTrial } from './law-arrival/trial.js';
import { parseLawInitSpec } from './law-init/spec.js';
import { runLawInitTrial } from './law-init/trial.js';
import { parseLengthVarianceSpec } from './length-variance/spec.js';
import { runLengthVarianceTrial } from './length-variance/trial.js';
import { parsePretrainingSpec } from './pretraining/spec.js';
import { runPretrainingTrial } from './pretraining/trial.js';
import { parseQuineSpec } from './quine/spec.js';
import { runQuineTrial } from './quine/trial.js';
import { parseSynthesisSpec } from './synthesis/spec.js';
import { runSynthesisTrial } from './synthesis/trial.js';
import { parseTrainabilitySpec } from './trainability/spec.js';
import { runTrainabilityTrial } from './trainability/trial.js';
import { parseTrainedOrNotSpec } from './trained-or-not/spec.js';
import { runTrainedOrNotTrial } from './trained-or-not/trial.js';
import { parseVerdictAgreementSpec } from './verdict-agreement/spec.js';
import { runVerdictAgreementTrial } from './verdict-agreement/trial.js';
import { parseWeightLawSpec } from './weight-law/spec.js';
import { runWeightLawTrial } from './weight-law/trial.js';

/** The part of a study that runs its trials. */
export type TrialStudy = Pick<AnyStudy, 'name' | 'parseSpec' | 'runTrial'>;

const studies: readonly TrialStudy[] = [
  { name: 'figure-1', parseSpec: parseFigure1Spec, runTrial: runFigure1Trial },
  { name: 'figure-2', parseSpec: parseFigure2Spec, runTrial: runFigure2Trial },
  { name: 'figure-3', parseSpec: parseFigure3Spec, runTrial: runFigure3Trial },
  { name: 'figure-4', parseSpec: parseFigure4Spec, runTrial: runFigure4Trial },
  { name: 'length-variance', parseSpec: parseLengthVarianceSpec, runTrial: runLengthVarianceTrial },
  { name: 'trainability', parseSpec: parseTrainabilitySpec, runTrial: runTrainabilityTrial },
  { name: 'dying-relu', parseSpec: parseDyingReluSpec, runTrial: runDyingReluTrial },
  { name: 'data-dependent', parseSpec: parseDataDependentSpec, runTrial: runDataDependentTrial },
  { name: 'conv-training', parseSpec: parseConvTrainingSpec, runTrial: runConvTrainingTrial },
  { name: 'verdict-agreement', parseSpec: parseVerdictAgreementSpec, runTrial: runVerdictAgreementTrial },
  { name: 'explore', parseSpec: parseExploreSpec, runTrial: runExploreTrial },
  { name: 'iid', parseSpec: parseIidSpec, runTrial: runIidTrial },
  { name: 'weight-law', parseSpec: parseWeightLawSpec, runTrial: runWeightLawTrial },
  { name: 'law-init', parseSpec: parseLawInitSpec, runTrial: runLawInitTrial },
  { name: 'law-arrival', parseSpec: parseLawArrivalSpec, runTrial: runLawArrivalTrial },
  { name: 'pretraining', parseSpec: parsePretrainingSpec, runTrial: runPretrainingTrial },
  { name: 'generate', parseSpec: parseGenerateSpec, runTrial: runGenerateTrial },
  { name: 'quine', parseSpec: parseQuineSpec, runTrial: runQuineTrial },
  { name: 'synthesis', parseSpec: parseSynthesisSpec, runTrial: runSynthesisTrial },
  { name: 'trained-or-not', parseSpec: parseTrainedOrNotSpec, runTrial: runTrainedOrNotTrial },
];

/** By name, in the order of `studyCatalog`. */
export const trialCatalog: ReadonlyMap<string, TrialStudy> = new Map(
  studies.map((study) => [study.name, study]),
);

/**
 * What runs the trials of the study called `name`.
 *
 * @throws InvalidArgumentError when there is none; `details.known` lists the names there are.
 */
export function findTrialStudy(name: string): TrialStudy {
  const study = trialCatalog.get(name);
  if (study !== undefined) return study;
  const known = [...trialCatalog.keys()];
  throw new InvalidArgumentError(
    `findTrialStudy: no study is called "${name}"; expected one of ${known.join(', ')} — check the spelling`,
    { details: { name, known } },
  );
}
