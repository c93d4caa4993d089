/**
 * Writes the register tiles of the matrix product: `src/gemm/generated/tiles.ts`, one AssemblyScript function for
 * every tile shape, layout and epilogue. AssemblyScript has no arrays of SIMD registers, so each accumulator is a named
 * local; a person would write the same twenty lines a hundred times.
 *
 * A tile computes `rows × columns` elements of C. Every element is one chain
 *     c = ((0 + a₀·b₀) + a₁·b₁) + …   in f32, in order of k, product and sum rounded separately.
 * That chain is the whole numeric contract: the shape of the tile is free to change, the bits are not.
 *
 * Two habits of the code below are for V8's register allocator (Node 20: 28 against 42 GFLOP/s, both the same sums):
 * nothing but a store may use the accumulators after the main loop, so an odd step of k comes before it, and an epilogue
 * works on what was stored.
 */

/**
 * Tile widths, widest first: a matrix of n columns is cut greedily into these. To each its height: with fewer than 12
 * accumulators the sums wait for each other, with more than 16 they do not fit into the registers.
 */
const tileRows = new Map([
  [16, 4],
  [12, 4],
  [8, 6],
  [4, 8],
]);
const tileColumns = [...tileRows.keys()];

/** How A lies in memory. `rows`: element (i, p) at a + i·aStride + 4p, as in A·B. `columns`: at a + p·aStride + 4i, as in Aᵀ·B. */
const readA = {
  rows: {
    pointers: (rows) => range(rows).map((i) => `let a${i} = a${i ? ` + ${i} * aStride` : ''};`),
    load: (i, step) => `v128.load32_splat(a${i}, ${4 * step})`,
    advance: (rows, steps) => range(rows).map((i) => `a${i} += ${4 * steps};`),
    rowStep: 'aStride',
  },
  columns: {
    pointers: () => [],
    load: (i, step) => `v128.load32_splat(a${step ? ' + aStride' : ''}, ${4 * i})`,
    advance: (_rows, steps) => [`a += ${steps} * aStride;`],
    rowStep: '4',
  },
};

/**
 * How B lies in memory. `packed` in panels as wide as the tile, its rows at constant distances; `inPlace`: `bStride` bytes
 * from row to row.
 */
const readB = {
  packed: {
    stride: null,
    load: (vectors, j, step) => `v128.load(b, ${16 * (step * vectors + j)})`,
    advance: (vectors, steps) => `b += ${16 * vectors * steps};`,
  },
  inPlace: {
    stride: 'bStride',
    load: (_vectors, j, step) => `v128.load(b${step ? ' + bStride' : ''}, ${16 * j})`,
    advance: (_vectors, steps) => `b += ${steps} * bStride;`,
  },
};

/** What happens to a stored tile: nothing, + bias, or max(· + bias, 0). */
const epilogues = {
  store: { suffix: '', bias: false, relu: false },
  bias: { suffix: '_bias', bias: true, relu: false },
  biasRelu: { suffix: '_bias_relu', bias: true, relu: true },
};

/**
 * The products there are. `onto`: the sums go on from what C holds, so that a long k may be cut into blocks. A product of
 * few rows reads B in place, one row at a time: packing would cost more than it saves.
 */
const products = [
  ...Object.values(epilogues).map((epilogue) => ({
    name: `packed${epilogue.suffix}`,
    ...{ a: readA.rows, b: readB.packed, tall: true, onto: false, epilogue },
  })),
  ...Object.values(epilogues).map((epilogue) => ({
    name: `in_place${epilogue.suffix}`,
    ...{ a: readA.rows, b: readB.inPlace, tall: false, onto: false, epilogue },
  })),
  ...[false, true].map((onto) => ({
    name: `transposed${onto ? '_onto' : ''}`,
    ...{ a: readA.columns, b: readB.inPlace, tall: true, onto, epilogue: epilogues.store },
  })),
];

function range(n) {
  return Array.from({ length: n }, (_, i) => i);
}

/** Heights of a product's tiles of one width, highest first; 1 takes the rows left over. */
function heights({ tall }, columns) {
  return tall ? [tileRows.get(columns), 1] : [1];
}

function tileName({ name }, rows, columns) {
  return `tile_${name}_${rows}x${columns}`;
}

/** One tile function as AssemblyScript source. */
function tile(product, rows, columns) {
  const { a, b, onto, epilogue } = product;
  const vectors = columns / 4;
  const cells = range(rows).flatMap((i) => range(vectors).map((j) => ({ i, j })));
  const step = (index) => [
    '{',
    ...range(vectors).map((j) => `const b${j} = ${b.load(vectors, j, index)};`),
    ...range(rows).flatMap((i) => [
      `const s${i} = ${a.load(i, index)};`,
      ...range(vectors).map((j) => `c${i}_${j} = multiplyAdd(s${i}, b${j}, c${i}_${j});`),
    ]),
    '}',
  ];
  const advance = (steps) => [...a.advance(rows, steps), b.advance(vectors, steps)];
  const parameters = ['a: usize', 'aStride: usize', 'b: usize', ...(b.stride ? [`${b.stride}: usize`] : [])];
  parameters.push('c: usize', 'cStride: usize', 'k: i32', ...(epilogue.bias ? ['bias: usize'] : []));
  return [
    `function ${tileName(product, rows, columns)}(${parameters.join(', ')}): void {`,
    ...a.pointers(rows),
    ...cells.map(({ i, j }) => {
      const start = onto ? `v128.load(c${i ? ` + ${i} * cStride` : ''}, ${16 * j})` : 'f32x4.splat(0)';
      return `let c${i}_${j} = ${start};`;
    }),
    'if (k & 1) {',
    ...step(0),
    ...advance(1),
    '}',
    'for (let left = k >> 1; left > 0; left--) {',
    ...step(0),
    ...step(1),
    ...advance(2),
    '}',
    ...cells.map(({ i, j }) => `v128.store(c${i ? ` + ${i} * cStride` : ''}, c${i}_${j}, ${16 * j});`),
    ...(epilogue.bias ? finish(epilogue, rows, vectors) : []),
    '}',
  ].join('\n');
}

/** Adds the bias to a stored tile, and cuts it at zero where asked. */
function finish({ relu }, rows, vectors) {
  // pmax(x, 0) is one instruction and keeps NaN in this operand order.
  const cut = (value) => (relu ? `f32x4.pmax(${value}, f32x4.splat(0))` : value);
  const sum = (j) => `f32x4.add(v128.load(c, ${16 * j}), v128.load(bias, ${16 * j}))`;
  return range(rows).flatMap((i) => [
    ...(i ? ['c += cStride;'] : []),
    ...range(vectors).map((j) => `v128.store(c, ${cut(sum(j))}, ${16 * j});`),
  ]);
}

/**
 * The sweep over C for one product: row blocks outside, so that a block of A stays in the cache while every panel of B
 * passes over it; then panels; then tiles.
 */
function sweep(product) {
  const { name, a, b, epilogue } = product;
  const panel = (columns) =>
    heights(product, columns).map((height) => {
      const values = [`a + i * ${a.rowStep}`, 'aStride', 'panel', ...(b.stride ? [b.stride] : [])];
      values.push('c + i * cStride + 4 * j', 'cStride', 'k', ...(epilogue.bias ? ['bias + 4 * j'] : []));
      return `for (; i + ${height} <= end; i += ${height}) ${tileName(product, height, columns)}(${values.join(', ')});`;
    });
  const parameters = ['m: usize', 'n: usize', 'k: i32', 'a: usize', 'aStride: usize', 'b: usize'];
  parameters.push(...(b.stride ? [`${b.stride}: usize`] : []), 'c: usize', 'cStride: usize');
  parameters.push(...(epilogue.bias ? ['bias: usize'] : []));
  return [
    `export function sweep_${name}(${parameters.join(', ')}): void {`,
    'const padded: usize = (n + 3) & ~3;',
    'for (let start: usize = 0; start < m; start += ROW_BLOCK) {',
    'const end = min(start + ROW_BLOCK, m);',
    'for (let j: usize = 0; j < padded; ) {',
    'const left = padded - j;',
    `const panel = b + 4 * j${b.stride ? '' : ' * k'};`,
    'let i = start;',
    ...tileColumns.flatMap((columns, index) => [
      `${index === 0 ? '' : '} else '}${index === tileColumns.length - 1 ? '' : `if (left >= ${columns}) `}{`,
      ...panel(columns),
      `j += ${columns};`,
    ]),
    '}',
    '}',
    '}',
    '}',
  ].join('\n');
}

/** The whole generated module. */
export function generateTiles() {
  return [
    '// Written by scripts/generate-gemm-tiles.mjs; do not edit.',
    "import { multiplyAdd } from '../../math/multiply-add';",
    '/** Rows of A that stay in the cache while the panels of B pass (48 of 784 floats are 150 kB); whole tiles of every height. */',
    'const ROW_BLOCK: usize = 48;',
    ...products.flatMap((product) =>
      tileColumns.flatMap((columns) => heights(product, columns).map((rows) => tile(product, rows, columns))),
    ),
    ...products.map(sweep),
    '',
  ].join('\n\n');
}
