/** What the branches of a residual net multiply a length by with the weights at hand: the c of its growth, c η² a module. */
import { type Architecture, inputShape, layerShapes, portableMath } from '@kindling/core';
import { type Initializer, needsBlocks } from '@kindling/initializers';
import { predictNetworkLengths } from '../theory/network-lengths.js';
import { withCircularPadding, withoutBiases } from './network-findings.js';
import type { Block, NetworkStructure } from './network-structure.js';

/** Factors of branches are one up to this: rounding. */
const factorSlack = 1e-9;

/**
 * c = E|b|²/|x|² a unit of what a branch adds before η, for branches that do not start at zero: Π Var(w)·fan-in over their layers, half
 * of it behind a ReLU; with He's variance 1 of a ReLU layer and 2 where a linear one follows. Biases are left out, and so are borders.
 *
 * @returns null where branches differ in it, or theory has no formula
 */
export function branchFactor(
  architecture: Architecture,
  { blocks }: Pick<NetworkStructure, 'blocks'>,
  module: Block['module'],
  initializer: Initializer,
): number | null {
  if (needsBlocks(initializer)) return null;
  const shapes = layerShapes(architecture);
  const drawn = withoutBiases(initializer);
  const known = new Map<string, number | null>();
  for (const block of blocks) {
    if (block.silent || block.module !== module) continue;
    const before = shapes[block.index - 1] ?? inputShape(architecture.input);
    const input = 'channels' in architecture.input ? before : { width: before.channels };
    const branch: Architecture = { input, layers: block.layer.branch };
    const key = JSON.stringify(branch);
    if (known.has(key)) continue;
    const last = predictNetworkLengths({ architecture: withCircularPadding(branch), initializer: drawn }).at(
      -1,
    );
    known.set(key, last?.logMean ?? null);
  }
  const [first = null, ...others] = known.values();
  if (first === null || others.some((each) => each === null || Math.abs(each - first) > factorSlack))
    return null;
  return portableMath.exp(first);
}
