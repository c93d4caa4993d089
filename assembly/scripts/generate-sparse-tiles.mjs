/**
 * Writes the register tiles of the products with sparse rows: `src/sparse/generated/tiles.ts`, a pair of functions for
 * every width. Like the tiles of the dense product, whose words on accumulators hold here too.
 */

import { loopOverK, range } from './register-tiles.mjs';

/** Tile widths in floats, widest first: a row of n columns is cut greedily into these. 8 vectors and a factor fit into the registers. */
const tileColumns = [32, 16, 12, 8, 4];

/** Entries a round of the loop. */
const steps = 4;

/** What `each` says of a vector, for every entry: `row` is the matrix' row of the entry's column, `s` its value. */
function loopOverEntries(matrix, stride, each, vectors) {
  const step = (index) => [
    '{',
    `const row = ${matrix} + <usize>load<u16>(column, ${2 * index}) * ${stride};`,
    `const s = v128.load32_splat(value, ${4 * index});`,
    ...vectors.map(each),
    '}',
  ];
  return loopOverK(steps, step, [`column += ${2 * steps};`, `value += ${4 * steps};`], 'entries');
}

/** c[0 … columns) = Σ valueₚ · w[columnₚ], from 0, in order of the entries. */
function forwardTile(columns) {
  const vectors = range(columns / 4);
  return [
    `function forward_${columns}(entries: i32, column: usize, value: usize, w: usize, wStride: usize, c: usize): void {`,
    ...vectors.map((j) => `let c${j} = f32x4.splat(0);`),
    ...loopOverEntries(
      'w',
      'wStride',
      (j) => `c${j} = multiplyAdd(s, v128.load(row, ${16 * j}), c${j});`,
      vectors,
    ),
    ...vectors.map((j) => `v128.store(c, c${j}, ${16 * j});`),
    '}',
  ].join('\n');
}

/** g[columnₚ] += valueₚ · d for every entry. */
function gradientTile(columns) {
  const vectors = range(columns / 4);
  return [
    `function gradient_${columns}(entries: i32, column: usize, value: usize, d: usize, g: usize, gStride: usize): void {`,
    ...vectors.map((j) => `const d${j} = v128.load(d, ${16 * j});`),
    ...loopOverEntries(
      'g',
      'gStride',
      (j) => `v128.store(row, multiplyAdd(s, d${j}, v128.load(row, ${16 * j})), ${16 * j});`,
      vectors,
    ),
    '}',
  ].join('\n');
}

/** One row through all its tiles. */
function row(name, parameters, values) {
  return [
    `export function ${name}_row(n: usize, entries: i32, column: usize, value: usize, ${parameters}): void {`,
    'const padded: usize = (n + 3) & ~3;',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    ...tileColumns.flatMap((columns, index) => [
      `${index === 0 ? '' : '} else '}${index === tileColumns.length - 1 ? '' : `if (left >= ${columns}) `}{`,
      `${name}_${columns}(entries, column, value, ${values});`,
      `j += ${columns};`,
    ]),
    '}',
    '}',
    '}',
  ].join('\n');
}

/** The whole generated module. */
export function generateSparseTiles() {
  return [
    '// Written by scripts/generate-sparse-tiles.mjs; do not edit.',
    "import { multiplyAdd } from '../../math/multiply-add';",
    ...tileColumns.map(forwardTile),
    ...tileColumns.map(gradientTile),
    row('forward', 'w: usize, wStride: usize, c: usize', 'w + 4 * j, wStride, c + 4 * j'),
    row('gradient', 'd: usize, g: usize, gStride: usize', 'd + 4 * j, g + 4 * j, gStride'),
    '',
  ].join('\n\n');
}
