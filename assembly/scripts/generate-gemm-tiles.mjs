/**
 * Writes the register tiles of the matrix product: `src/gemm/generated/tiles.ts`, one AssemblyScript function for
 * every tile shape, layout of A and epilogue. AssemblyScript has no arrays of SIMD registers, so each accumulator is
 * a named local; a person would write the same twenty lines forty times.
 *
 * A tile computes `rows × columns` elements of C. Every element is one chain
 *     c = ((0 + a₀·b₀) + a₁·b₁) + …   in f32, in order of k, product and sum rounded separately.
 * That chain is the whole numeric contract: the shape of the tile is free to change, the bits are not.
 */

/** Tile widths, widest first: a matrix of n columns is cut greedily into these. */
const tileColumns = [16, 12, 8, 4];

/** Rows of the main tile, and of the tile for the rows left over. */
const mainRows = 4;
const leftoverRows = 1;

/** What happens to a finished element before it is stored: nothing, + bias, or max(· + bias, 0). */
const epilogues = {
  store: { suffix: '', bias: false, relu: false },
  bias: { suffix: '_bias', bias: true, relu: false },
  biasRelu: { suffix: '_bias_relu', bias: true, relu: true },
};

/**
 * How A lies in memory. `rows`: element (i, p) at a + i·stride + 4p, as in A·B. `columns`: at a + p·stride + 4i,
 * as in Aᵀ·B.
 */
const layouts = {
  rows: {
    name: 'r',
    pointers: (rows) => range(rows).map((i) => `let a${i} = a${i ? ` + ${i} * aStride` : ''};`),
    load: (i, step) => `v128.load32_splat(a${i}, ${4 * step})`,
    advance: (rows, steps) => range(rows).map((i) => `a${i} += ${4 * steps};`),
    unroll: 2,
  },
  columns: {
    name: 'c',
    pointers: () => [],
    load: (i, step) => `v128.load32_splat(a${step ? ` + ${step} * aStride` : ''}, ${4 * i})`,
    advance: (_rows, steps) => [`a += ${steps === 1 ? '' : `${steps} * `}aStride;`],
    unroll: 2,
  },
};

const range = (n) => Array.from({ length: n }, (_, i) => i);

function step(rows, vectors, layout, index) {
  const b = index === 0 ? 'b' : index === 1 ? 'b + bStride' : `b + ${index} * bStride`;
  return [
    ...range(vectors).map((j) => `const b${j} = v128.load(${b}, ${16 * j});`),
    ...range(rows).flatMap((i) => [
      `const s${i} = ${layout.load(i, index)};`,
      ...range(vectors).map((j) => `c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(s${i}, b${j}));`),
    ]),
  ];
}

/** One tile function as AssemblyScript source. */
function tile(rows, columns, layout, epilogue) {
  const vectors = columns / 4;
  const cells = range(rows).flatMap((i) => range(vectors).map((j) => ({ i, j, name: `c${i}_${j}` })));
  const finish = ({ j, name }) => {
    let value = name;
    if (epilogue.bias) value = `f32x4.add(${value}, bias${j})`;
    // pmax(x, 0) is one instruction and keeps NaN in this operand order.
    if (epilogue.relu) value = `f32x4.pmax(${value}, zero)`;
    return value;
  };
  const body = (steps) => range(steps).flatMap((s) => ['{', ...step(rows, vectors, layout, s), '}']);
  const lines = [
    `export function tile_${layout.name}${rows}x${columns}${epilogue.suffix}(a: usize, aStride: usize, b: usize, bStride: usize, c: usize, cStride: usize, k: i32${epilogue.bias ? ', bias: usize' : ''}): void {`,
    ...layout.pointers(rows),
    ...cells.map(({ name }) => `let ${name} = f32x4.splat(0);`),
    `for (let left = k / ${layout.unroll}; left > 0; left--) {`,
    ...body(layout.unroll),
    ...layout.advance(rows, layout.unroll),
    `b += ${layout.unroll} * bStride;`,
    '}',
    `for (let left = k % ${layout.unroll}; left > 0; left--) {`,
    ...body(1),
    ...layout.advance(rows, 1),
    'b += bStride;',
    '}',
    ...(epilogue.bias ? range(vectors).map((j) => `const bias${j} = v128.load(bias, ${16 * j});`) : []),
    ...(epilogue.relu ? ['const zero = f32x4.splat(0);'] : []),
    ...range(rows).flatMap((i) => [
      ...cells
        .filter((cell) => cell.i === i)
        .map((cell) => `v128.store(c, ${finish(cell)}, ${16 * cell.j});`),
      ...(i < rows - 1 ? ['c += cStride;'] : []),
    ]),
    '}',
  ];
  return lines.join('\n');
}

/**
 * The sweep over C for one layout and epilogue: row blocks outside, so that a block of A stays in the cache while
 * every panel of B passes over it; then panels; then tiles.
 */
function sweep(layout, epilogue) {
  const bias = epilogue.bias ? ', bias + 4 * j' : '';
  const name = (rows, columns) => `tile_${layout.name}${rows}x${columns}${epilogue.suffix}`;
  const rowStep = layout.name === 'r' ? 'aStride' : '4';
  const panel = (columns) => [
    `const bStride: usize = packed ? ${4 * columns} : ldb;`,
    `for (; i + ${mainRows} <= end; i += ${mainRows}) ${name(mainRows, columns)}(a + i * ${rowStep}, aStride, panel, bStride, c + i * cStride + 4 * j, cStride, k${bias});`,
    `for (; i < end; i++) ${name(leftoverRows, columns)}(a + i * ${rowStep}, aStride, panel, bStride, c + i * cStride + 4 * j, cStride, k${bias});`,
    `j += ${columns};`,
  ];
  return [
    `export function sweep_${layout.name}${epilogue.suffix}(m: usize, n: usize, k: i32, a: usize, aStride: usize, b: usize, ldb: usize, packed: bool, c: usize, cStride: usize${epilogue.bias ? ', bias: usize' : ''}): void {`,
    'const padded: usize = (n + 3) & ~3;',
    'for (let start: usize = 0; start < m; start += ROW_BLOCK) {',
    'const end = min(start + ROW_BLOCK, m);',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    'const panel = packed ? b + 4 * j * k : b + 4 * j;',
    'let i = start;',
    ...tileColumns.flatMap((columns, index) => [
      index === 0
        ? `if (left >= ${columns}) {`
        : index < tileColumns.length - 1
          ? `} else if (left >= ${columns}) {`
          : '} else {',
      ...panel(columns),
    ]),
    '}',
    '}',
    '}',
    '}',
  ].join('\n');
}

/** The whole generated module. */
export function generateTiles() {
  const variants = [
    [layouts.rows, epilogues.store],
    [layouts.rows, epilogues.bias],
    [layouts.rows, epilogues.biasRelu],
    [layouts.columns, epilogues.store],
  ];
  const tiles = variants.flatMap(([layout, epilogue]) =>
    tileColumns.flatMap((columns) =>
      [mainRows, leftoverRows].map((rows) => tile(rows, columns, layout, epilogue)),
    ),
  );
  return [
    '// Written by scripts/generate-gemm-tiles.mjs; do not edit.',
    '/** Rows of A that are kept in the cache while the panels of B pass: 32 rows of 784 floats are 100 kB. */',
    'const ROW_BLOCK: usize = 32;',
    ...tiles,
    ...variants.map(([layout, epilogue]) => sweep(layout, epilogue)),
    '',
  ].join('\n\n');
}
