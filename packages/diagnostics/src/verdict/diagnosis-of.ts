/** A setting's whole diagnosis: judged, told, and cured as far as that goes. */
import type { Engine } from '@kindling/core';
import type { Diagnosis } from './diagnosis.js';
import { evidenceOf } from './evidence.js';
import { headlineOf } from './headline.js';
import { judge } from './judge.js';
import { levelsOff } from './network-findings.js';
import { notesOf } from './notes.js';
import { remediesFor } from './remedies.js';
import type { Setting } from './setting.js';

/** Judges a setting and, if that is wanted and needed, looks for remedies. */
export function diagnosisOf(engine: Engine, setting: Setting, remedies: boolean): Diagnosis {
  const judgment = judge(engine, setting);
  const { assessment, numbers, trials, network } = judgment;
  const { verdicts } = assessment;
  return {
    verdict: numbers.verdict,
    verdicts,
    headline: headlineOf(verdicts, numbers, network !== null && levelsOff(network)),
    evidence: evidenceOf(judgment),
    remedy: remedies && numbers.verdict !== 'starts' ? remediesFor(engine, judgment) : [],
    numbers,
    method: trials > 0 ? 'simulation' : 'theory',
    trials,
    notes: notesOf(judgment),
  };
}
