/**
 * Writes the register tiles of the convolutions: `src/convolution/generated/tiles.ts`. They differ from those of the
 * matrix product in where A lies. A convolution's A, the patch of the image under the kernel, is never copied together:
 *
 * - `patch` tiles (output, input gradient) read a row of A at fixed offsets from a pixel, which stand in a table. Places in
 *   another table, an address in A and one in C for each row, let a tile run over the ends of image rows: no tile is
 *   partial but the last, and no border is computed. B is always packed.
 * - `pixel` tiles (weight gradient) sum over the pixels of one image, of A and of B, row by row.
 *
 * Every element is one chain ((0 + a₀·b₀) + a₁·b₁) + …, product and sum rounded apart, as in the matrix product.
 */
import {
  cells,
  loopOverK,
  multiplyStep,
  range,
  stepsInRound,
  tileColumns,
  tileRows,
} from './register-tiles.mjs';

/**
 * How many floats of a patch stand side by side for certain, as the channels divide: one offset then serves as many steps of k.
 * `write_offsets` of patches.ts makes the table.
 */
const runs = [8, 2, 1];

const zeros = (rows, columns) => cells(rows, columns).map(({ i, j }) => `let c${i}_${j} = f32x4.splat(0);`);

/** Rows at `places` (address in A, address in C); the patch's floats lie at `offsets` from the place, one for each run. */
function patchTile(rows, columns, run) {
  const vectors = columns / 4;
  // Whole runs, so that every round starts with an offset of its own.
  const steps = Math.max(run, stepsInRound(rows));
  const step = (index) =>
    multiplyStep(
      rows,
      columns,
      (i) => `v128.load32_splat(p${i}, ${4 * (index % run)})`,
      (j) => `v128.load(b, ${4 * columns * index + 16 * j})`,
      index % run
        ? []
        : [
            `const offset = load<usize>(offsets, ${(4 * index) / run});`,
            ...range(rows).map((i) => `p${i} = a${i} + offset;`),
          ],
    );
  return [
    `function patch_${rows}x${columns}_${run}(places: usize, offsets: usize, k: i32, b: usize): void {`,
    ...range(rows).map((i) => `const a${i} = load<usize>(places, ${8 * i});`),
    ...range(rows).map((i) => `let p${i} = a${i};`),
    ...zeros(rows, columns),
    ...loopOverK(steps, step, [`offsets += ${(4 * steps) / run};`, `b += ${4 * columns * steps};`]),
    ...range(rows).flatMap((i) => [
      `const t${i} = load<usize>(places, ${8 * i + 4});`,
      ...range(vectors).map((j) => `v128.store(t${i}, c${i}_${j}, ${16 * j});`),
      // The next panel lies behind this one.
      `store<usize>(places, t${i} + ${4 * columns}, ${8 * i + 4});`,
    ]),
    '}',
  ].join('\n');
}

/** All `count` places in panels: the inside of the sweep over pixels. Leaves the places behind their last panels. */
function patchPanels(run) {
  return [
    `export function patch_panels_${run}(count: usize, n: usize, k: i32, places: usize, offsets: usize, packed: usize): void {`,
    'const padded: usize = (n + 3) & ~3;',
    'const end = places + 8 * count;',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    'const panel = packed + 4 * j * k;',
    'let place = places;',
    ...panelChoice((columns) => [
      ...[tileRows.get(columns), 1].map(
        (rows) =>
          `for (; place + ${8 * rows} <= end; place += ${8 * rows}) patch_${rows}x${columns}_${run}(place, offsets, k, panel);`,
      ),
      `j += ${columns};`,
    ]),
    '}',
    '}',
  ].join('\n');
}

/** Rows of Aᵀ at `rows[i]` from `a`, summed over the k pixels at `pixels` (offset in A, offset in B); C is overwritten. */
function pixelTile(rows, columns) {
  const steps = stepsInRound(rows);
  const step = (index) =>
    multiplyStep(
      rows,
      columns,
      (i) => `v128.load32_splat(a${i} + x)`,
      (j) => `v128.load(y, ${16 * j})`,
      [
        `const x = load<usize>(pixels, ${8 * index});`,
        `const y = b + load<usize>(pixels, ${8 * index + 4});`,
      ],
    );
  return [
    `function pixel_${rows}x${columns}(k: i32, pixels: usize, a: usize, rows: usize, b: usize, c: usize, cStride: usize): void {`,
    ...range(rows).map((i) => `const a${i} = a + load<usize>(rows, ${4 * i});`),
    ...zeros(rows, columns),
    ...loopOverK(steps, step, [`pixels += ${8 * steps};`]),
    ...range(rows).flatMap((i) => [
      ...(i ? ['c += cStride;'] : []),
      ...range(columns / 4).map((j) => `v128.store(c, c${i}_${j}, ${16 * j});`),
    ]),
    '}',
  ].join('\n');
}

/** All of C[m×n] from the pixels of one image. */
function pixelPanels() {
  return [
    'export function pixel_panels(m: usize, n: usize, k: i32, pixels: usize, a: usize, rows: usize, b: usize, c: usize, cStride: usize): void {',
    'const padded: usize = (n + 3) & ~3;',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    'let i: usize = 0;',
    ...panelChoice((columns) => [
      ...[tileRows.get(columns), 1].map(
        (height) =>
          `for (; i + ${height} <= m; i += ${height}) pixel_${height}x${columns}(k, pixels, a, rows + 4 * i, b + 4 * j, c + i * cStride + 4 * j, cStride);`,
      ),
      `j += ${columns};`,
    ]),
    '}',
    '}',
  ].join('\n');
}

/** The body for the widest tile that `left` columns fill. */
function panelChoice(body) {
  return [
    ...tileColumns.flatMap((columns, index) => {
      const last = index === tileColumns.length - 1;
      const head = last ? '} else {' : `${index === 0 ? '' : '} else '}if (left >= ${columns}) {`;
      return [head, ...body(columns)];
    }),
    '}',
  ];
}

/** The whole generated module. */
export function generateConvolutionTiles() {
  const shapes = tileColumns.flatMap((columns) => [tileRows.get(columns), 1].map((rows) => [rows, columns]));
  return [
    '// Written by scripts/generate-convolution-tiles.mjs; do not edit.',
    "import { multiplyAdd } from '../../math/multiply-add';",
    ...runs.flatMap((run) => [
      ...shapes.map(([rows, columns]) => patchTile(rows, columns, run)),
      patchPanels(run),
    ]),
    ...shapes.map(([rows, columns]) => pixelTile(rows, columns)),
    pixelPanels(),
    '',
  ].join('\n\n');
}
