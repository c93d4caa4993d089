/** Lengths of many random nets: part 1a of figure 1. */
import { mean, standardError } from '@kindling/core';
import type { Agreement } from '../benchmark.js';
import { contendersFor, type Group, runContests } from './group.js';

/** Depth and width. */
const sizes = [10, 30, 50, 100] as const;
const nets = 100;
const seed = 1;

export const manyInits: Group = {
  name: 'many-inits',
  title: `Lengths of ${nets} random nets`,
  description:
    `${nets} nets of d ReLU layers of width d, He-normal: draw all weights, pass one random input through each net, take ` +
    'the mean square of every layer. PyTorch draws net by net (loop) or a layer of all nets at once (batched).',
  run: async (context) => {
    const benchmarks = sizes.map((size) => () => ({
      name: `${size} × ${size}`,
      operations: null,
      contenders: contendersFor(context.peers, (peer) => peer.lengths, {
        ...{ depth: size, width: size, nets, seed },
      }),
      agreement: sameMean,
    }));
    return { ...(await runContests('many-inits', benchmarks, context)), facts: {} };
  },
};

/**
 * Everybody draws nets of their own, so only the law can be compared: the means of log M_d / M₀ over the nets that are not
 * dead, in standard errors of their difference. 6 is exceeded by chance once in 5e8 comparisons.
 */
export const sameMean: Agreement = {
  tolerance: 6,
  distance: (expected, actual) => {
    if (expected.length !== actual.length) return Number.POSITIVE_INFINITY;
    const alive = [expected, actual].map((values) =>
      Array.from(values).filter((x) => x !== Number.NEGATIVE_INFINITY),
    );
    const [a = [], b = []] = alive;
    const deviation = Math.sqrt(standardError(a) * standardError(a) + standardError(b) * standardError(b));
    const distance = Math.abs(mean(a) - mean(b)) / deviation;
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
  },
};
