/** What is found of a fully connected net. */
import type { Engine } from '@kindling/core';
import { needsData } from '@kindling/initializers';
import { sumReciprocalWidths } from '../theory/lengths.js';
import { bornDeadRisk } from './born-dead-risk.js';
import type { Found } from './judge.js';
import { harmonicWidth, predictFactors, predictSignal } from './predict-signal.js';
import type { DenseSetting } from './setting.js';
import { batchRows, operationsPerLayer, operationsPerRandomWeight, simulateNets } from './simulate-nets.js';
import { signalOfNets } from './simulate-signal.js';
import { unbrokenSymmetry } from './symmetry.js';
import { affordableTrials } from './trials.js';

/** Initializers that look at data cost about this many times as much (seen with LSUV). */
const passesWithData = 5;

/** Finds signal and death, by theory where there is one and by simulation where there is none. */
export function findDense(engine: Engine, setting: DenseSetting): Found {
  const { widths, initializer } = setting;
  const trials = setting.trials ?? affordableTrials(operationsOf(setting));
  const symmetry = unbrokenSymmetry(initializer);
  const predicted = predictSignal(setting);
  const silent = symmetry?.zero ?? false;
  const nets =
    predicted === null && !silent ? simulateNets(engine, { ...setting, trials, gradients: true }) : null;
  const sampled = () => ({ factors: predictFactors(setting), width: harmonicWidth(widths) });
  const signal = predicted ?? (nets === null ? null : signalOfNets(nets, sampled()));
  const bornDead = silent
    ? { probability: 1, standardError: null }
    : bornDeadRisk(engine, { ...setting, trials }, nets);
  return {
    findings: { symmetry, bornDead, signal, residual: false },
    depth: widths.length - 1,
    sumReciprocalWidths: sumReciprocalWidths(widths),
    network: null,
    trials: nets !== null || bornDead.standardError !== null ? trials : 0,
  };
}

function operationsOf({ widths, initializer }: DenseSetting): number {
  const weights = widths.slice(1).reduce((sum, width, index) => sum + width * (widths[index] ?? 0), 0);
  const passes = needsData(initializer) ? passesWithData : 1;
  const calls = widths.length * operationsPerLayer;
  return passes * (weights * (4 * batchRows + operationsPerRandomWeight) + calls);
}
