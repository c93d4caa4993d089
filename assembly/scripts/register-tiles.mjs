/**
 * What the tiles of the matrix product and of the convolution share: their shapes, and the loop over k, which those of the sparse
 * product have too.
 *
 * A tile computes `rows × columns` elements of C. Every element is one chain
 *     c = ((0 + a₀·b₀) + a₁·b₁) + …   in f32, in order of k, product and sum rounded separately.
 * That chain is the whole numeric contract: shape and loop are free to change, the bits are not. AssemblyScript has no arrays of
 * SIMD registers, so each accumulator is a named local; a person would write the same twenty lines a hundred times.
 */

/**
 * Tile widths, widest first: a matrix of n columns is cut greedily into these. To each its height: V8 loads all of a step before
 * it multiplies, and has 15 SIMD registers on x64. Rows × vectors accumulators, a step's vectors of B and factors of A, and
 * one product have to fit; an accumulator that does not waits for memory in every step. With fewer than six, sums would wait
 * for each other.
 */
export const tileRows = new Map([
  [16, 2],
  [12, 2],
  [8, 4],
  [4, 6],
]);
export const tileColumns = [...tileRows.keys()];

export const range = (n) => Array.from({ length: n }, (_, i) => i);

/** The accumulators of a tile, row by row: `cᵢ_ⱼ` holds columns 4j … 4j + 3 of row i. */
export const cells = (rows, columns) => range(rows).flatMap((i) => range(columns / 4).map((j) => ({ i, j })));

/** c += a · b over one k: a's rows by `loadA`, b's vectors by `loadB`, after what `before` sets. */
export function multiplyStep(rows, columns, loadA, loadB, before = []) {
  const vectors = columns / 4;
  return [
    '{',
    ...before,
    ...range(vectors).map((j) => `const b${j} = ${loadB(j)};`),
    ...range(rows).flatMap((i) => [
      `const s${i} = ${loadA(i)};`,
      ...range(vectors).map((j) => `c${i}_${j} = multiplyAdd(s${i}, b${j}, c${i}_${j});`),
    ]),
    '}',
  ];
}

/**
 * The loop over k, or what else there is `count` of, `steps` a round, left in the middle where it ends. The leaving is not there
 * for that alone: without a branch between two steps the engine mixes them, holds the factors of both at a time, and has to
 * put accumulators into memory (docs/decisions/register-tiles.md).
 */
export function loopOverK(steps, step, advance, count = 'k') {
  return [
    `for (let left = ${count}; left > 0; left--) {`,
    ...range(steps).flatMap((index) => [...(index ? ['if (--left == 0) break;'] : []), ...step(index)]),
    ...advance,
    '}',
  ];
}

/** How many steps of k a round of the loop has: a tile of one row is what is left over, and need not be long. */
export const stepsInRound = (rows) => (rows > 1 ? 8 : 4);
