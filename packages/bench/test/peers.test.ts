/** Every peer that is installed does the same as Kindling on small problems; who is not installed says how to get it. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Agreement, relativeDistance } from '../src/benchmark.js';
import { sameMean } from '../src/groups/many-inits.js';
import { normalValues } from '../src/groups/random-values.js';
import { sameUpdates } from '../src/groups/training-step.js';
import { openPeers, peerNames } from '../src/peers/open-peers.js';
import type { Peer, Ways } from '../src/peers/peer.js';

const { peers, missing } = await openPeers(peerNames);

afterAll(async () => {
  for (const peer of peers) await peer.close();
});

const [rows, depth, columns] = [7, 19, 10];
const product = {
  ...{ rows, depth, columns },
  a: normalValues(0, rows * depth, 1),
  b: normalValues(1, depth * columns, 0.5),
  bias: normalValues(2, columns, 1),
};

const widths = [30, 12, 12, 12, 5];
const training = {
  ...{ widths, batch: 16, learningRate: 0.05 },
  images: normalValues(3, 16 * 30, 0.5).map(Math.abs),
  labels: Uint8Array.from({ length: 16 }, (_, i) => (3 * i) % 5),
  weights: widths
    .slice(1)
    .map((width, j) => normalValues(4 + j, (widths[j] ?? 0) * width, Math.sqrt(2 / (widths[j] ?? 0)))),
  biases: widths.slice(1).map((width, j) => normalValues(20 + j, width, 0.01)),
};

async function results<Problem>(ways: Ways<Problem> | undefined, problem: Problem) {
  return await Promise.all(
    Object.values(ways ?? {}).map(async (prepare) => {
      const work = await prepare(problem);
      try {
        expect(await work.run(2)).toBeGreaterThan(0);
        return (await work.result()) ?? [];
      } finally {
        await work.dispose();
      }
    }),
  );
}

/** Every way of `peer` against the first of Kindling. */
async function compare<Problem>(
  peer: Peer,
  ways: (peer: Peer) => Ways<Problem> | undefined,
  problem: Problem,
  { distance, tolerance }: Agreement,
): Promise<void> {
  const [expected = []] = await results(peers[0] && ways(peers[0]), problem);
  expect(expected.length).toBeGreaterThan(0);
  for (const actual of await results(ways(peer), problem)) {
    expect(distance(expected, actual)).toBeLessThanOrEqual(tolerance);
  }
}

it('Kindling agrees with plain arithmetic', async () => {
  const expected = Array.from({ length: rows * columns }, (_, index) => {
    const [i, j] = [Math.floor(index / columns), index % columns];
    let sum = product.bias[j] ?? 0;
    for (let p = 0; p < depth; p++)
      sum += (product.a[i * depth + p] ?? 0) * (product.b[p * columns + j] ?? 0);
    return Math.max(sum, 0);
  });
  const [actual = []] = await results(peers[0]?.product, product);
  expect(relativeDistance(expected, actual)).toBeLessThan(1e-6);
});

/** Those who can do a kind of work, for `it.each`. */
function ableTo(kind: 'product' | 'trainingStep' | 'lengths') {
  return peers.slice(1).flatMap((peer) => (peer[kind] === undefined ? [] : [[peer.title, peer] as const]));
}

describe('with Kindling agrees', () => {
  it.each(ableTo('product'))('%s on a product', async (_, peer) => {
    await compare(peer, (p) => p.product, product, { distance: relativeDistance, tolerance: 1e-6 });
  });

  it.each(ableTo('trainingStep'))('%s on two training steps', async (_, peer) => {
    await compare(peer, (p) => p.trainingStep, training, sameUpdates(training));
  });

  it.each(ableTo('lengths'))('%s on the law of lengths', async (_, peer) => {
    await compare(peer, (p) => p.lengths, { depth: 5, width: 12, nets: 100, seed: 3 }, sameMean);
  });
});

describe.each(missing.map(({ name, reason }) => [name, reason] as const))('%s', (_, reason) => {
  it.skip(reason, () => {});
});
