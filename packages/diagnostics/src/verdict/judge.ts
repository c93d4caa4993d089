/** One setting, judged: what a diagnosis does for the setting it is given and again for every remedy. */
import type { Engine } from '@kindling/core';
import { type Assessment, assess, type Findings } from './assess.js';
import type { DiagnosisNumbers } from './diagnosis.js';
import { findDense } from './judge-dense.js';
import { findNetwork } from './judge-network.js';
import type { NetworkFindings } from './network-findings.js';
import { powerOfTen } from './number-words.js';
import type { Setting } from './setting.js';

/** What looking at a setting gave. */
export interface Found {
  readonly findings: Findings;
  /** Hidden layers, a residual block being one. */
  readonly depth: number;
  /** S = Σ 1/width; null where it is no measure of the net. */
  readonly sumReciprocalWidths: number | null;
  /** What is known of a net of any architecture; null for fully connected ones. */
  readonly network: NetworkFindings | null;
  /** Nets that were simulated; 0 where theory sufficed. */
  readonly trials: number;
}

/** A setting with what was found. */
export interface Judgment extends Found {
  readonly setting: Setting;
  readonly assessment: Assessment;
  readonly numbers: DiagnosisNumbers;
}

/** Judges a setting, by theory where there is one and by simulation where there is none. */
export function judge(engine: Engine, setting: Setting): Judgment {
  const found = setting.kind === 'dense' ? findDense(engine, setting) : findNetwork(engine, setting);
  const { findings, depth, sumReciprocalWidths, network } = found;
  const { signal, bornDead } = findings;
  const assessment = assess(findings);
  return {
    ...found,
    setting,
    assessment,
    numbers: {
      verdict: assessment.verdicts[0] ?? 'starts',
      startingShare: assessment.startingShare,
      eventualShare: assessment.eventualShare,
      lengthFactor: signal === null ? null : powerOfTen(signal.meanDecades / Math.max(1, depth)),
      log10Mean: signal === null ? null : signal.meanDecades,
      log10Typical: signal === null ? null : signal.meanDecades + signal.spreadDecades,
      log10Deviation: signal === null ? null : signal.deviationDecades,
      sumReciprocalWidths,
      sumScales: network?.scales[0]?.sum ?? null,
      scalesModule: network?.scales[0]?.module ?? null,
      bornDeadProbability: bornDead.probability,
      trials: found.trials,
    },
  };
}
