/** One setting, judged: what `diagnose` does for the setting it is given and again for every remedy. */
import type { Engine, RandomKey } from '@kindling/core';
import { type InitializationData, type Initializer, needsData } from '@kindling/initializers';
import { sumReciprocalWidths } from '../theory/lengths.js';
import { type Assessment, assess, type Findings } from './assess.js';
import { bornDeadRisk } from './born-dead-risk.js';
import type { DiagnosisNumbers } from './diagnosis.js';
import { powerOfTen } from './number-words.js';
import { harmonicWidth, predictFactors, predictSignal } from './predict-signal.js';
import { batchRows, simulateNets } from './simulate-nets.js';
import { signalOfNets } from './simulate-signal.js';
import { unbrokenSymmetry } from './symmetry.js';

/** Everything a judgment depends on. */
export interface Setting {
  readonly widths: readonly number[];
  readonly outputs: number;
  readonly initializer: Initializer;
  readonly initializerName: string | null;
  readonly weightScales: readonly number[] | null;
  readonly key: RandomKey;
  readonly data: InitializationData | null;
  /** M₀ of the data; 1 without. */
  readonly inputLength: number;
  /** Nets to simulate where theory does not suffice; null for as many as a second or so allows. */
  readonly trials: number | null;
}

/** A setting with what was found. */
export interface Judgment {
  readonly setting: Setting;
  readonly findings: Findings;
  readonly assessment: Assessment;
  readonly numbers: DiagnosisNumbers;
  /** Nets that were simulated; 0 where theory sufficed. */
  readonly trials: number;
}

/** Operations that a default simulation may cost: about a second. */
const simulatedOperations = 1e10;
/** Bounds of the default: a share is known to 13 % at worst, to 1.6 % at best. */
const fewestTrials = 16;
const mostTrials = 1000;
/** Drawing a weight costs about this many operations. */
const operationsPerRandomWeight = 80;
/** And the calls of a layer, whatever its size, about this many. */
const operationsPerLayer = 100_000;
/** Initializers that look at data cost about this many times as much (seen with LSUV). */
const passesWithData = 5;

/** Judges a setting, by theory where there is one and by simulation where there is none. */
export function judge(engine: Engine, setting: Setting): Judgment {
  const { widths, initializer } = setting;
  const trials = setting.trials ?? defaultTrials(setting);
  const symmetry = unbrokenSymmetry(initializer);
  const predicted = predictSignal(setting);
  const silent = symmetry?.zero ?? false;
  const nets =
    predicted === null && !silent ? simulateNets(engine, { ...setting, trials, gradients: true }) : null;
  const signal =
    predicted ?? (nets === null ? null : signalOfNets(nets, predictFactors(setting), harmonicWidth(widths)));
  const bornDead = silent
    ? { probability: 1, standardError: null }
    : bornDeadRisk(engine, { ...setting, trials }, nets);
  const findings = { symmetry, bornDead, signal };
  const assessment = assess(findings);
  const depth = widths.length - 1;
  return {
    setting,
    findings,
    assessment,
    numbers: {
      verdict: assessment.verdicts[0] ?? 'starts',
      startingShare: assessment.startingShare,
      eventualShare: assessment.eventualShare,
      lengthFactor: signal === null ? null : powerOfTen(signal.meanDecades / depth),
      log10Mean: signal === null ? null : signal.meanDecades,
      log10Typical: signal === null ? null : signal.meanDecades + signal.spreadDecades,
      sumReciprocalWidths: sumReciprocalWidths(widths),
      bornDeadProbability: bornDead.probability,
    },
    trials: nets !== null || bornDead.standardError !== null ? trials : 0,
  };
}

function defaultTrials({ widths, initializer }: Setting): number {
  const weights = widths.slice(1).reduce((sum, width, index) => sum + width * (widths[index] ?? 0), 0);
  const passes = needsData(initializer) ? passesWithData : 1;
  const calls = widths.length * operationsPerLayer;
  const cost = passes * (weights * (4 * batchRows + operationsPerRandomWeight) + calls);
  return Math.round(Math.min(mostTrials, Math.max(fewestTrials, simulatedOperations / cost)));
}
