/** What runs trials of the explorable, for whoever needs no other study. */
import type { StudySpec, TrialContext, TrialKey } from '../../study.js';
import type { TrialStudy } from '../trial-catalog.js';
import { type ExploreSpec, readExploreSpec } from './spec.js';
import { runExploreTrial } from './trial.js';

/**
 * The part of the study that runs its trials: a worker that imports this alone loads no other study. Its specs are checked but for what
 * they take of memory, which who plans them sees in `ExploreCell.bytes`.
 */
export const exploreTrials: TrialStudy = {
  name: 'explore',
  parseSpec: readExploreSpec,
  runTrial: (context: TrialContext, spec: StudySpec, key: TrialKey) =>
    runExploreTrial(context, spec as ExploreSpec, key),
};
