/** What runs trials of the explorable, for whoever needs no other study. */
import type { TrialStudy } from '../trial-catalog.js';
import { parseExploreSpec } from './cells.js';
import { runExploreTrial } from './trial.js';

/** The part of the study that runs its trials: a worker that imports this alone loads no other study. */
export const exploreTrials: TrialStudy = {
  name: 'explore',
  parseSpec: parseExploreSpec,
  runTrial: runExploreTrial,
} as TrialStudy;
