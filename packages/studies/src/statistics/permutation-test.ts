/**
 * Do groups differ? A test on distances between observations, without a law of theirs: are two of one group nearer to each other than two
 * of different groups, more than labels dealt at random would have it?
 */
import { deriveKey, InvalidArgumentError, philox4x32, type RandomKey } from '@kindling/core';
import { type Share, shareOf } from './share.js';

/** Purpose of the keys: "perm" in ASCII; none of the tree's own. */
const permuting = 0x70_65_72_6d;

/** What is tested. */
export interface PermutationTestOptions {
  /** By observation, symmetric, finite, ≥ 0. */
  readonly distances: readonly ArrayLike<number>[];
  /** The group of every observation. */
  readonly groups: readonly number[];
  /**
   * Observations are compared, and labels dealt, within a stratum only: what differs between strata is nobody's evidence. Default: one
   * stratum.
   */
  readonly strata?: readonly number[];
  /** Deals, ≥ 1: no p-value is below 1/(1 + permutations). */
  readonly permutations: number;
  /** The same key, the same deals. */
  readonly key: RandomKey;
}

/** What was found. A type, not an interface: summaries hold it as JSON. */
export type PermutationTest = {
  /** Mean distance of two observations of one group, and of two groups. */
  readonly within: number;
  readonly between: number;
  /** between / within: 1 where groups do not differ; null where within is 0. */
  readonly ratio: number | null;
  /** (1 + deals with a difference between − within at least as large as the true one) / (1 + deals). */
  readonly p: number;
  /**
   * The least p there could have been: 1/(1 + deals), or one over the number of ways to part the observations, where these are fewer.
   * A p a little below it is a deal's luck.
   */
  readonly resolution: number;
  /**
   * Observations whose nearest one in the stratum is of their own group: how well the group can be told from the observation. The interval
   * takes them as independent, which they are only about.
   */
  readonly nearest: Share;
  /** What `nearest` would be if groups were dealt at random. */
  readonly chance: number;
};

/**
 * The one-sided permutation test of T = mean distance between groups − mean distance within groups, as ANOSIM (Clarke, Aust. J. Ecol. 18,
 * 1993) with distances instead of their ranks. The p-value counts the true labels as one of the deals, so it is valid (Phipson & Smyth,
 * Stat. Appl. Genet. Mol. Biol. 9, 2010): under the null it is at most α with probability at most α. It sees groups that scatter
 * differently, too.
 *
 * @throws InvalidArgumentError for sizes that do not fit, distances that are no numbers ≥ 0, or without pairs of either kind
 */
export function permutationTest(options: PermutationTestOptions): PermutationTest {
  const { distances, groups, permutations, key } = options;
  const strata = options.strata ?? groups.map(() => 0);
  checkOptions(options, strata);
  const pairs = pairsOf(distances, strata);
  const truth = means(pairs, groups);
  if (!Number.isFinite(truth.within) || !Number.isFinite(truth.between)) {
    throw new InvalidArgumentError(
      'permutationTest: no two observations of one group, or none of two groups, in one stratum; expected pairs of both kinds',
    );
  }
  const blocks = [...new Set(strata)].map((stratum) =>
    strata.flatMap((other, i) => (other === stratum ? [i] : [])),
  );
  // Equal up to rounding is equal: a deal that only renames groups sums the same distances in another order.
  const least = (truth.between - truth.within) * (1 - 1e-12) - 1e-300;
  let atLeast = 0;
  for (let deal = 0; deal < permutations; deal++) {
    const { within, between } = means(pairs, dealt(groups, blocks, deriveKey(key, permuting, deal)));
    if (between - within >= least) atLeast += 1;
  }
  return {
    within: truth.within,
    between: truth.between,
    ratio: truth.within === 0 ? null : truth.between / truth.within,
    p: (1 + atLeast) / (1 + permutations),
    resolution: Math.max(1 / (1 + permutations), 1 / partings(groups, blocks)),
    ...nearestOf(distances, groups, blocks),
  };
}

/**
 * Ways to part the observations of every block into groups of the sizes they have: n!/Π size!, over the ways to rename groups of one
 * size, which changes no distance. Of two groups of three there are ten, and no p can be below a tenth.
 */
function partings(groups: readonly number[], blocks: readonly (readonly number[])[]): number {
  let product = 1;
  for (const block of blocks) {
    const sizes = new Map<number, number>();
    for (const i of block) sizes.set(groups[i] ?? 0, (sizes.get(groups[i] ?? 0) ?? 0) + 1);
    const alike = new Map<number, number>();
    let left = block.length;
    for (const size of sizes.values()) {
      for (let k = 1; k <= size; k++) product *= (left - size + k) / k;
      left -= size;
      alike.set(size, (alike.get(size) ?? 0) + 1);
      product /= alike.get(size) ?? 1;
    }
  }
  return product;
}

interface Pairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly distance: Float64Array;
}

function pairsOf(distances: readonly ArrayLike<number>[], strata: readonly number[]): Pairs {
  const found: [number, number, number][] = [];
  distances.forEach((row, i) => {
    for (let j = 0; j < i; j++) if (strata[i] === strata[j]) found.push([i, j, row[j] ?? Number.NaN]);
  });
  return {
    first: Uint32Array.from(found, ([i]) => i),
    second: Uint32Array.from(found, ([, j]) => j),
    distance: Float64Array.from(found, ([, , distance]) => distance),
  };
}

/** Mean distances, summed in the order of the pairs. */
function means({ first, second, distance }: Pairs, groups: ArrayLike<number>) {
  let [within, between, same] = [0, 0, 0];
  for (let pair = 0; pair < distance.length; pair++) {
    if (groups[first[pair] as number] === groups[second[pair] as number]) {
      within += distance[pair] as number;
      same += 1;
    } else between += distance[pair] as number;
  }
  return { within: within / same, between: between / (distance.length - same) };
}

/** The groups, dealt anew within every block (Fisher and Yates). */
function dealt(groups: readonly number[], blocks: readonly (readonly number[])[], key: RandomKey): number[] {
  const result = [...groups];
  let draw = 0;
  let words: ArrayLike<number> = [];
  for (const block of blocks) {
    for (let last = block.length - 1; last > 0; last--) {
      if (draw % 4 === 0) words = philox4x32([draw / 4, 0, key[2], key[3]], [key[0], key[1]]);
      const chosen = Math.floor(((words[draw % 4] ?? 0) / 2 ** 32) * (last + 1));
      draw += 1;
      const [a, b] = [block[last] ?? 0, block[chosen] ?? 0];
      const group = result[a] ?? 0;
      result[a] = result[b] ?? 0;
      result[b] = group;
    }
  }
  return result;
}

function nearestOf(
  distances: readonly ArrayLike<number>[],
  groups: readonly number[],
  blocks: readonly (readonly number[])[],
): Pick<PermutationTest, 'nearest' | 'chance'> {
  let [told, asked, chance] = [0, 0, 0];
  for (const block of blocks) {
    if (block.length < 2) continue;
    for (const i of block) {
      const others = block.filter((j) => j !== i);
      // Of two that are equally near the first counts.
      const best = others.reduce((near, j) =>
        (distances[i]?.[j] ?? 0) < (distances[i]?.[near] ?? 0) ? j : near,
      );
      asked += 1;
      if (groups[best] === groups[i]) told += 1;
      chance += others.filter((j) => groups[j] === groups[i]).length / others.length;
    }
  }
  return { nearest: shareOf(told, asked), chance: chance / asked };
}

function checkOptions(
  { distances, groups, permutations }: PermutationTestOptions,
  strata: readonly number[],
) {
  const count = distances.length;
  if (groups.length !== count || strata.length !== count) {
    throw new InvalidArgumentError(
      `permutationTest: ${groups.length} groups and ${strata.length} strata of ${count} observations; expected one each`,
    );
  }
  if (!Number.isSafeInteger(permutations) || permutations < 1) {
    throw new InvalidArgumentError(
      `permutationTest: permutations is ${permutations}; expected an integer ≥ 1`,
    );
  }
  distances.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      const distance = row[j];
      if (
        distance !== undefined &&
        distance >= 0 &&
        Number.isFinite(distance) &&
        distances[j]?.[i] === distance
      )
        continue;
      throw new InvalidArgumentError(
        `permutationTest: the distance of observations ${j} and ${i} is ${distance}, and ${distances[j]?.[i]} the other way; expected one number ≥ 0`,
      );
    }
  });
}
