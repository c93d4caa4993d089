/**
 * A residual block, y = shortcut(x) + η · branch(x). E[y²] = E[s²] + 2η E[s b] + η² E[b²] at every pixel; given x, a branch that ends in a
 * linear layer is as likely as its opposite, a projection is too and is independent of the branch, and a random direction x is as
 * likely as −x: in all three cases the cross term vanishes, and the mean is exact where those of s and b are.
 */
import { portableMath, type Residual } from '@kindling/core';
import { variationOfSum } from './batch-variation.js';
import { combineEnergies, type EnergyMap, meanOfEnergy, ratioOfEnergies, scaleEnergy } from './energy-map.js';
import { type Energy, type KnownActivations, mapEnergy, type WeightsLaw } from './network-signal.js';
import { passReluModule, startStream } from './residual-relu.js';

/** A block whose parts are known. */
export interface BlockSignals {
  /** x. */
  readonly input: KnownActivations;
  /** The shortcut's end: x, or its projection. */
  readonly shortcut: KnownActivations;
  /** The branch's end, from an input like x seen from inside the block (`insideBlock`). */
  readonly branch: KnownActivations;
  /** η: fixed, or what it starts from. */
  readonly scale: number;
  readonly layer: Residual;
  /** Of the branch's first matrix of weights. */
  readonly law: WeightsLaw | null;
}

/** x as the layers of a branch see it. */
export function insideBlock(signal: KnownActivations): KnownActivations {
  return { ...signal, fresh: false, parity: 'odd', drift: 1, logSpread: 0 };
}

/** The sum. */
export function passBlock(block: BlockSignals): KnownActivations {
  const { input, shortcut, branch, scale, layer } = block;
  const projected = layer.shortcut === 'projection';
  // Negative scales turn the branch around, which no law of a symmetric branch notices.
  if (scale === 0 && !projected) return input;
  const even = branch.parity === 'even';
  const turns = (even && branch.fresh) || branch.parity === 'odd';
  const silent = scale === 0 || (branch.energy !== null && meanOfEnergy(branch.energy.upper) === 0);
  const after: Omit<KnownActivations, 'energy' | 'why' | 'stream' | 'logSpread'> = {
    shape: branch.shape,
    symmetric: projected ? branch.fresh : input.symmetric && turns,
    fresh: projected ? branch.fresh : input.fresh && turns,
    parity: parityOf(block),
    drift: 1,
    positive: !projected && input.positive && branch.positive && scale >= 0,
    homogeneous: shortcut.homogeneous && branch.homogeneous,
    variation: silent ? shortcut.variation : variationOfSum(shortcut.variation, branch.variation, scale),
  };
  const vanishes = projected || branch.fresh || (input.symmetric && even);
  const module = vanishes && !isReluModule(block) ? null : reluModule(block);
  if (module !== null) return { ...after, ...module, logSpread: null };
  const [s, b] = [shortcut.energy, branch.energy];
  const energy = s === null || b === null ? null : sum(s, b, block, vanishes);
  const why = shortcut.why ?? branch.why ?? (vanishes ? null : crossTerm);
  const exact = energy !== null && why === null;
  return {
    ...after,
    energy,
    why,
    stream: exact && after.symmetric ? symmetricStream(block) : null,
    logSpread: exact ? logSpread(block) : null,
  };
}

const crossTerm =
  'the branch ends in ReLU: what it adds and what it is added to depend on each other, so the mean has bounds only';

function parityOf({ input, branch, layer }: BlockSignals): KnownActivations['parity'] {
  if (input.parity !== 'odd') return input.parity;
  if (layer.shortcut === 'projection') return branch.parity === 'even' ? 'even' : 'neither';
  return branch.parity === 'odd' || (branch.parity === 'even' && branch.fresh) ? 'odd' : 'neither';
}

/** Bounds on E[s²] + η² E[b²] ± 2|η| √(drift E[s²] E[b²]), or the sum of the two. */
function sum(s: Energy, b: Energy, { input, branch, scale }: BlockSignals, vanishes: boolean): Energy {
  const square = scale * scale;
  const plain = (x: EnergyMap, y: EnergyMap) => combineEnergies(x, y, (p, q) => p + square * q);
  if (vanishes) {
    const lower = plain(s.lower, b.lower);
    const exact = s.lower === s.upper && b.lower === b.upper;
    const upper = exact ? lower : plain(s.upper, b.upper);
    if (s.estimate === null || b.estimate === null) return { lower, upper, estimate: null };
    return { lower, upper, estimate: exact ? lower : plain(s.estimate, b.estimate) };
  }
  const cross = 2 * Math.abs(scale) * Math.sqrt(branch.drift);
  const upper = combineEnergies(s.upper, b.upper, (p, q) => p + square * q + cross * Math.sqrt(p * q));
  if (input.positive && branch.positive && scale >= 0) {
    return { lower: plain(s.lower, b.lower), upper, estimate: null };
  }
  return { lower: leastDifference(s, b, square, cross), upper, estimate: null };
}

/**
 * The least p + η²q − c√(pq) over the boxes of p and q. The function is convex and without a critical point inside, for c < 2|η|; so
 * the minimum lies on the edge of the least p or on that of the least q.
 */
function leastDifference(s: Energy, b: Energy, square: number, cross: number): EnergyMap {
  const value = (p: number, q: number) => p + square * q - cross * Math.sqrt(p * q);
  const slope = cross / 2;
  const alongFirst = combineEnergies(
    combineEnergies(s.upper, b.lower, (p, q) => Math.min(p, slope * slope * q)),
    s.lower,
    Math.max,
  );
  const alongSecond = combineEnergies(
    combineEnergies(b.upper, s.lower, (q, p) => Math.min(q, (p * slope * slope) / (square * square))),
    b.lower,
    Math.max,
  );
  return combineEnergies(
    combineEnergies(alongFirst, b.lower, value),
    combineEnergies(s.lower, alongSecond, value),
    (x, y) => Math.max(0, Math.min(x, y)),
  );
}

/** One fully connected ReLU layer without biases, added to what it reads. */
function isReluModule({ input, layer, law, scale }: BlockSignals): boolean {
  const [only] = layer.branch;
  return (
    layer.branch.length === 1 &&
    layer.shortcut === 'identity' &&
    only?.kind === 'dense' &&
    only.activation === 'relu' &&
    law?.layer?.shift === 0 &&
    input.stream !== null &&
    scale >= 0
  );
}

/** Such a module, by its cosine with the diagonal; null for another. */
function reluModule(block: BlockSignals): Pick<KnownActivations, 'energy' | 'why' | 'stream'> | null {
  const { input, law, scale } = block;
  if (!isReluModule(block) || input.energy === null || input.stream === null || !law?.layer) return null;
  const { gaussian } = law;
  const { growth, stream } = passReluModule(input.stream, {
    width: input.shape.channels,
    scale: scale * Math.sqrt(law.layer.factor),
    gaussian,
  });
  const grown = (map: EnergyMap, log: number) => scaleEnergy(map, portableMath.exp(log));
  if (growth.exact) {
    const energy = mapEnergy(input.energy, (map) => grown(map, growth.estimate));
    return { energy, why: input.why, stream };
  }
  const { lower, upper, estimate } = input.energy;
  const energy = {
    lower: grown(lower, growth.lower),
    upper: grown(upper, growth.upper),
    estimate: estimate && grown(estimate, growth.estimate),
  };
  const why = 'behind the first ReLU module the law of x has no closed form, so its mean has bounds only';
  return { energy, why: input.why ?? why, stream };
}

/** Σx_i is as likely as its opposite; its mean square adds up as the energies do. */
function symmetricStream({
  input,
  shortcut,
  branch,
  scale,
  layer,
}: BlockSignals): KnownActivations['stream'] {
  const n = branch.shape.channels;
  if (shortcut.energy === null || branch.energy === null) return null;
  const before = layer.shortcut === 'projection' ? 1 / n : input.stream?.moments.square;
  const exact = layer.shortcut === 'projection' || input.stream?.exact === true;
  const { height, width } = branch.shape;
  const last = layer.branch.at(-1);
  const linear = last?.kind === 'dense' && last.activation === 'linear';
  if (before === undefined || !exact || !linear || height * width > 1) return null;
  const share = scale * scale * ratioOfEnergies(branch.energy.lower, shortcut.energy.lower);
  const cosineSquare = (before + share / n) / (1 + share);
  return startStream({ cosine: 0, cosineSquare, positive: false, symmetric: true });
}

/**
 * log(E[M²]/E[M]²) behind a block of fully connected Gaussian layers without biases that ends in a linear one: given V, the branch is
 * ‖x‖√V g with a standard normal g in n dimensions. Identity: E[ξ²] = 1 + (2 + 4/n) c + (1 + 2/n) c² E[V²]/E[V]², c the branch's
 * share; a projection is normal itself: (1 + 2/n)(1 + 2c + c² E[V²]/E[V]²).
 */
function logSpread({ input, shortcut, branch, scale, layer }: BlockSignals): number | null {
  const last = layer.branch.at(-1);
  if (input.logSpread === null || branch.logSpread === null || shortcut.logSpread === null) return null;
  if (last?.kind !== 'dense' || last.activation !== 'linear') return null;
  if (shortcut.energy === null || branch.energy === null) return null;
  const n = branch.shape.channels;
  const share = scale * scale * ratioOfEnergies(branch.energy.lower, shortcut.energy.lower);
  const spread = portableMath.exp(branch.logSpread) / (1 + 2 / n);
  const square =
    layer.shortcut === 'projection'
      ? (1 + 2 / n) * (1 + 2 * share + share * share * spread)
      : 1 + (2 + 4 / n) * share + (1 + 2 / n) * share * share * spread;
  return input.logSpread + portableMath.log(square / ((1 + share) * (1 + share)));
}
