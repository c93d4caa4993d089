/**
 * Writes the register tiles of the convolutions: `src/convolution/generated/tiles.ts`. They differ from those of the
 * matrix product in where A lies. A convolution's A, the patch of the image under the kernel, is never copied together:
 *
 * - `patch` tiles (output, input gradient) read a row of A as segments at fixed offsets from a pixel. Places in a table,
 *   an address in A and one in C for each row, let a tile run over the ends of image rows: no tile is partial but the last,
 *   and no border is computed. B is always packed.
 * - `pixel` tiles (weight gradient) sum over the pixels of one image, of A and of B, row by row.
 *
 * Every element is one chain ((0 + a₀·b₀) + a₁·b₁) + …, product and sum rounded apart, as in the matrix product.
 */

/** Tile widths, widest first, as in `pack.ts`; to each its height: 12 to 16 accumulators keep the adders busy and fit the registers. */
const tileRows = new Map([
  [16, 4],
  [12, 4],
  [8, 6],
  [4, 8],
]);
const tileColumns = [...tileRows.keys()];

/** What happens to a finished element of a patch tile: nothing, + bias, or max(· + bias, 0). */
const epilogues = {
  store: { suffix: '', bias: false, relu: false },
  bias: { suffix: '_bias', bias: true, relu: false },
  biasRelu: { suffix: '_bias_relu', bias: true, relu: true },
};

const range = (n) => Array.from({ length: n }, (_, i) => i);
const zeros = (rows, columns) =>
  range(rows).flatMap((i) => range(columns / 4).map((j) => `let c${i}_${j} = f32x4.splat(0);`));

/** c += a · b over one k: a's rows by `loadA`, b's vectors by `loadB`, after what `before` sets. */
function step(rows, columns, before, loadA, loadB) {
  const vectors = columns / 4;
  return [
    '{',
    ...before,
    ...range(vectors).map((j) => `const b${j} = ${loadB(j)};`),
    ...range(rows).flatMap((i) => [
      `const s${i} = ${loadA(i)};`,
      ...range(vectors).map((j) => `c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(s${i}, b${j}));`),
    ]),
    '}',
  ];
}

/** All k: the odd one first, because nothing but a store may use the accumulators behind the main loop. */
function allSteps(stepAt, advance) {
  return [
    'if (k & 1) {',
    ...stepAt(0),
    ...advance(1),
    '}',
    'for (let left = k >> 1; left > 0; left--) {',
    ...stepAt(0),
    ...stepAt(1),
    ...advance(2),
    '}',
  ];
}

/** Rows at `places` (address in A, address in C); element p of a row lies at `offsets[p]` from its place. */
function patchTile(rows, columns, epilogue) {
  const vectors = columns / 4;
  const stepAt = (index) =>
    step(
      rows,
      columns,
      [`const offset = load<usize>(offsets, ${4 * index});`],
      (i) => `v128.load32_splat(a${i} + offset)`,
      (j) => `v128.load(b, ${4 * columns * index + 16 * j})`,
    );
  const advance = (steps) => [`offsets += ${4 * steps};`, `b += ${4 * columns * steps};`];
  const cut = (value) => (epilogue.relu ? `f32x4.pmax(${value}, zero)` : value);
  return [
    `function patch_${rows}x${columns}${epilogue.suffix}(places: usize, offsets: usize, k: i32, b: usize${epilogue.bias ? ', bias: usize' : ''}): void {`,
    ...range(rows).map((i) => `const a${i} = load<usize>(places, ${8 * i});`),
    ...zeros(rows, columns),
    ...allSteps(stepAt, advance),
    ...range(rows).flatMap((i) => [
      `const t${i} = load<usize>(places, ${8 * i + 4});`,
      ...range(vectors).map((j) => `v128.store(t${i}, c${i}_${j}, ${16 * j});`),
    ]),
    // Bias and ReLU are applied to what was stored. pmax(x, 0) is one instruction and keeps NaN in this order.
    ...(epilogue.relu ? ['const zero = f32x4.splat(0);'] : []),
    ...(epilogue.bias
      ? range(vectors).flatMap((j) => [
          `const bias${j} = v128.load(bias, ${16 * j});`,
          ...range(rows).map(
            (i) =>
              `v128.store(t${i}, ${cut(`f32x4.add(v128.load(t${i}, ${16 * j}), bias${j})`)}, ${16 * j});`,
          ),
        ])
      : []),
    '}',
  ].join('\n');
}

/** All `count` places in panels: the inside of the sweep over pixels. */
function patchPanels(epilogue) {
  const bias = epilogue.bias ? ', bias + 4 * j' : '';
  const rowsOf = (columns) => [tileRows.get(columns), 1];
  return [
    `export function patch_panels${epilogue.suffix}(count: usize, n: usize, k: i32, places: usize, offsets: usize, packed: usize${epilogue.bias ? ', bias: usize' : ''}): void {`,
    'const padded: usize = (n + 3) & ~3;',
    'const end = places + 8 * count;',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    'const panel = packed + 4 * j * k;',
    'let place = places;',
    ...panelChoice((columns) => [
      ...rowsOf(columns).map(
        (rows) =>
          `for (; place + ${8 * rows} <= end; place += ${8 * rows}) patch_${rows}x${columns}${epilogue.suffix}(place, offsets, k, panel${bias});`,
      ),
      // The tiles write C at the place; the next panel lies behind it.
      `for (place = places; place < end; place += 8) store<usize>(place, load<usize>(place, 4) + ${4 * columns}, 4);`,
      `j += ${columns};`,
    ]),
    '}',
    '}',
  ].join('\n');
}

/** Rows of Aᵀ at `rows[i]` from `a`, summed over the k pixels at `pixels` (offset in A, offset in B); C is overwritten. */
function pixelTile(rows, columns) {
  const stepAt = (index) =>
    step(
      rows,
      columns,
      [
        `const x = load<usize>(pixels, ${8 * index});`,
        `const y = b + load<usize>(pixels, ${8 * index + 4});`,
      ],
      (i) => `v128.load32_splat(a${i} + x)`,
      (j) => `v128.load(y, ${16 * j})`,
    );
  return [
    `function pixel_${rows}x${columns}(k: i32, pixels: usize, a: usize, rows: usize, b: usize, c: usize, cStride: usize): void {`,
    ...range(rows).map((i) => `const a${i} = a + load<usize>(rows, ${4 * i});`),
    ...zeros(rows, columns),
    ...allSteps(stepAt, (steps) => [`pixels += ${8 * steps};`]),
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
    ...Object.values(epilogues).flatMap((epilogue) => [
      ...shapes.map(([rows, columns]) => patchTile(rows, columns, epilogue)),
      patchPanels(epilogue),
    ]),
    ...shapes.map(([rows, columns]) => pixelTile(rows, columns)),
    pixelPanels(),
    '',
  ].join('\n\n');
}
