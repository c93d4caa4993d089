/** What is found of a net of any architecture. */
import { type Engine, InvalidArgumentError } from '@kindling/core';
import {
  type DataFreeInitializer,
  hasZeroBiases,
  type Initializer,
  layerwise,
  needsData,
} from '@kindling/initializers';
import { bornDeadBounds } from '../theory/born-dead-bounds.js';
import type { BornDeadRisk } from './born-dead-risk.js';
import { branchFactor } from './branch-factor.js';
import type { Found } from './judge.js';
import {
  type NetworkFindings,
  predictDecay,
  predictedDecades,
  provedDecades,
  type ScaleSum,
  scaleSums,
  withoutBiases,
} from './network-findings.js';
import { type NetworkStructure, readStructure } from './network-structure.js';
import { predictedSignal } from './predict-network-signal.js';
import type { Signal } from './predict-signal.js';
import type { NetworkSetting } from './setting.js';
import type { SimulatedNet } from './simulate-nets.js';
import { networkOperations, simulateNetwork } from './simulate-network.js';
import { signalOfNets } from './simulate-signal.js';
import { type UnbrokenSymmetry, unbrokenSymmetry } from './symmetry.js';
import {
  explodingDecades,
  linearModulesExplodingDecades,
  negligibleBornDead,
  reluModulesExplodingDecades,
} from './thresholds.js';
import { affordableTrials } from './trials.js';

/**
 * Finds signal and death. Lengths come from random nets, their mean from theory where it is exact; branches that start at zero are left
 * out, for a block is then its shortcut.
 *
 * @throws InvalidArgumentError for an initializer that looks at data, or does not fit the architecture
 */
export function findNetwork(engine: Engine, setting: NetworkSetting): Found {
  const { architecture, key, data } = setting;
  const initializer = requireDataFree(setting.initializer);
  const structure = readStructure(architecture, initializer);
  const drawn = initializer.kind === 'fixup' ? layerwise(initializer.weights) : initializer;
  const { hidden, normalizes, depth } = structure;
  const symmetry = symmetryOf(structure, initializer);
  const scales = scaleSums(structure);
  const network: NetworkFindings = {
    structure,
    scales,
    decay: predictDecay(structure, drawn),
    branchFactors: {
      relu: branchFactor(architecture, structure, 'relu', drawn),
      linear: branchFactor(architecture, structure, 'linear', drawn),
    },
  };
  const residual = structure.residual && structure.blocks.some(({ silent }) => !silent);
  const found = { depth, sumReciprocalWidths: null, network };
  if (symmetry?.zero === true) {
    const bornDead = { probability: 1, standardError: null };
    return { ...found, findings: { symmetry, bornDead, signal: null, residual }, trials: 0 };
  }
  const lines = { width: harmonicMean(structure.widths), explodingLine: explodingLine(scales) };
  if (hidden === null) {
    const alive = { probability: 0, standardError: null };
    // No sample: the input itself is behind the shortcuts.
    const signal: Signal = {
      ...(signalOfNets([unchanged], { ...lines, mean: 0 }) as Signal),
      source: 'theory',
    };
    return { ...found, findings: { symmetry, bornDead: alive, signal, residual }, trials: 0 };
  }
  const mean = predictedDecades(structure, withoutBiases(drawn));
  const predicted = data === null && hasZeroBiases(drawn) ? predictedSignal(hidden, drawn, lines) : null;
  const sureOfLife = bottleneckRisk(structure, drawn);
  if (predicted !== null && sureOfLife <= negligibleBornDead) {
    const bornDead = deathOf(structure, drawn, []);
    return { ...found, findings: { symmetry, bornDead, signal: predicted, residual }, trials: 0 };
  }
  const trials = setting.trials ?? affordableTrials(networkOperations(hidden, normalizes), mostTrials);
  const net = { architecture: hidden, initializer: drawn, normalizes };
  const nets = simulateNetwork(engine, { ...net, key, trials, data });
  // Theory's inputs are random: pixels of data may vary over an image as they do not.
  const proved = data === null || !structure.convolutional;
  const signal = signalOfNets(nets, {
    ...lines,
    mean,
    bounds: proved ? provedDecades(structure, withoutBiases(drawn)) : null,
    lengthBounds: proved ? provedDecades(structure, drawn, setting.inputLength) : null,
  });
  return {
    ...found,
    findings: { symmetry, bornDead: deathOf(structure, drawn, nets), signal, residual },
    trials,
  };
}

/** A share is then known to 3.5 % at worst. */
const mostTrials = 200;

/** A net that passes its input on as it is. */
const unchanged: SimulatedNet = { dead: false, lengthDecades: 0, signalDecades: 0 };

function requireDataFree(initializer: Initializer): DataFreeInitializer {
  if (!needsData(initializer)) return initializer;
  throw new InvalidArgumentError(
    `diagnoseNetwork: ${initializer.kind} looks at data and is for fully connected nets; expected an initializer that looks at none`,
    { details: { kind: initializer.kind } },
  );
}

/** Equal units and zeros count where nothing bypasses them: past a branch the input goes on as it is, and what reads it learns. */
function symmetryOf(
  { severed, merges }: NetworkStructure,
  initializer: DataFreeInitializer,
): UnbrokenSymmetry | null {
  const symmetry = unbrokenSymmetry(initializer);
  if (symmetry === null) return null;
  const zero = symmetry.zero && severed !== null;
  const equalUnits = symmetry.equalUnits && merges;
  return zero || equalUnits ? { ...symmetry, zero, equalUnits } : null;
}

/**
 * A net dies where a ReLU layer that nothing bypasses is zero for every input: a layer of n units or channels with probability 2⁻ⁿ at
 * most, given any input that is not zero, if its sums are its own. Shortcuts keep all others alive. Measured where that bound is not
 * negligible, or there is none.
 */
function deathOf(
  structure: NetworkStructure,
  initializer: Initializer,
  nets: readonly SimulatedNet[],
): BornDeadRisk {
  const upper = bottleneckRisk(structure, initializer);
  const known = structure.bottlenecks.length > 0 && upper < 1 ? { upper } : {};
  const dead = nets.filter((net) => net.dead).length;
  if (upper <= negligibleBornDead && dead === 0) return { ...known, probability: upper, standardError: null };
  const probability = dead / nets.length;
  const standardError = Math.sqrt((probability * (1 - probability)) / nets.length);
  return { ...known, probability, standardError };
}

/** 1 − Π(1 − 2⁻ⁿ) over the bottlenecks, 1 where no bound is known; 0 without any. */
function bottleneckRisk(
  { bottlenecks, unboundedBottlenecks }: NetworkStructure,
  initializer: Initializer,
): number {
  if (unboundedBottlenecks > 0) return 1;
  // The dimension of the input is no part of this bound.
  return bottlenecks.length === 0 ? 0 : bornDeadBounds(initializer, [2, ...bottlenecks]).upper;
}

/** Residual nets have lines of their own, found by training (docs/verdicts.md): that of the modules which make more of the length. */
export function explodingLine([decisive]: readonly ScaleSum[]): number {
  if (decisive === undefined || decisive.modules === 0) return explodingDecades;
  return decisive.module === 'relu' ? reluModulesExplodingDecades : linearModulesExplodingDecades;
}

function harmonicMean(widths: readonly number[]): number {
  if (widths.length === 0) return 1;
  return widths.length / widths.reduce((sum, width) => sum + 1 / width, 0);
}
