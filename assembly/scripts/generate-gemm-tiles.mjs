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

/**
 * What happens to a stored tile. `pointers` run along with it: over its columns only, or (with a stride) over its rows as
 * well; `numbers` are constants. `each` gives the code for vector j of a row of C.
 */
const epilogues = {
  store: { suffix: '', pointers: [], numbers: [], each: null },
  bias: {
    suffix: '_bias',
    pointers: [{ name: 'bias', stride: null }],
    numbers: [],
    each: (j) => put('c', j, `f32x4.add(${get('c', j)}, ${get('bias', j)})`),
  },
  biasRelu: {
    suffix: '_bias_relu',
    pointers: [{ name: 'bias', stride: null }],
    numbers: [],
    // pmax(x, 0) is one instruction and keeps NaN in this operand order.
    each: (j) => put('c', j, `f32x4.pmax(f32x4.add(${get('c', j)}, ${get('bias', j)}), f32x4.splat(0))`),
  },
  // 0 where the mask is 0 or less; where it is NaN c stays.
  mask: {
    suffix: '_mask',
    pointers: [{ name: 'mask', stride: 'maskStride' }],
    numbers: [],
    each: (j) => put('c', j, `v128.andnot(${get('c', j)}, f32x4.le(${get('mask', j)}, f32x4.splat(0)))`),
  },
  // w − rate·c beside C.
  update: {
    suffix: '_update',
    pointers: [{ name: 'w', stride: 'wStride' }],
    numbers: ['rate'],
    each: (j) => put('w', j, `f32x4.sub(${get('w', j)}, f32x4.mul(f32x4.splat(rate), ${get('c', j)}))`),
  },
};

/**
 * The products there are. `onto`: the sums go on from what C holds, so that a long k may be cut into blocks. A product of
 * few rows reads B in place, one row at a time: packing would cost more than it saves.
 */
const { store, bias, biasRelu, mask, update } = epilogues;
const products = [
  ...[store, bias, biasRelu, mask].map((epilogue) => ({
    name: `packed${epilogue.suffix}`,
    ...{ a: readA.rows, b: readB.packed, tall: true, onto: false, epilogue },
  })),
  ...[store, bias, biasRelu].map((epilogue) => ({
    name: `in_place${epilogue.suffix}`,
    ...{ a: readA.rows, b: readB.inPlace, tall: false, onto: false, epilogue },
  })),
  ...[false, true].flatMap((onto) =>
    [store, update].map((epilogue) => ({
      name: `transposed${onto ? '_onto' : ''}${epilogue.suffix}`,
      ...{ a: readA.columns, b: readB.inPlace, tall: true, onto, epilogue },
    })),
  ),
];

function range(n) {
  return Array.from({ length: n }, (_, i) => i);
}

function get(pointer, j) {
  return `v128.load(${pointer}, ${16 * j})`;
}

function put(pointer, j, value) {
  return `v128.store(${pointer}, ${value}, ${16 * j});`;
}

/** Heights of a product's tiles of one width, highest first; 1 takes the rows left over. */
function heights({ tall }, columns) {
  return tall ? [tileRows.get(columns), 1] : [1];
}

function tileName({ name }, rows, columns) {
  return `tile_${name}_${rows}x${columns}`;
}

/** What an epilogue adds to a parameter list. */
function parametersOf({ pointers, numbers }) {
  return [
    ...pointers.flatMap(({ name, stride }) => [`${name}: usize`, ...(stride ? [`${stride}: usize`] : [])]),
    ...numbers.map((name) => `${name}: f32`),
  ];
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
      ...range(vectors).map((j) => `c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(s${i}, b${j}));`),
    ]),
    '}',
  ];
  const advance = (steps) => [...a.advance(rows, steps), b.advance(vectors, steps)];
  const parameters = ['a: usize', 'aStride: usize', 'b: usize', ...(b.stride ? [`${b.stride}: usize`] : [])];
  parameters.push('c: usize', 'cStride: usize', 'k: i32', ...parametersOf(epilogue));
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
    ...(epilogue.each === null ? [] : finish(epilogue, rows, vectors)),
    '}',
  ].join('\n');
}

/** The epilogue over the rows of a stored tile. */
function finish({ pointers, each }, rows, vectors) {
  const next = [{ name: 'c', stride: 'cStride' }, ...pointers].filter(({ stride }) => stride !== null);
  return range(rows).flatMap((i) => [
    ...(i ? next.map(({ name, stride }) => `${name} += ${stride};`) : []),
    ...range(vectors).map(each),
  ]);
}

/**
 * The sweep over C for one product: row blocks outside, so that a block of A stays in the cache while every panel of B
 * passes over it; then panels; then tiles.
 */
function sweep(product) {
  const { name, a, b, epilogue } = product;
  const along = epilogue.pointers.flatMap(({ name, stride }) =>
    stride ? [`${name} + i * ${stride} + 4 * j`, stride] : [`${name} + 4 * j`],
  );
  const panel = (columns) =>
    heights(product, columns).map((height) => {
      const values = [`a + i * ${a.rowStep}`, 'aStride', 'panel', ...(b.stride ? [b.stride] : [])];
      values.push('c + i * cStride + 4 * j', 'cStride', 'k', ...along, ...epilogue.numbers);
      return `for (; i + ${height} <= end; i += ${height}) ${tileName(product, height, columns)}(${values.join(', ')});`;
    });
  const parameters = ['m: usize', 'n: usize', 'k: i32', 'a: usize', 'aStride: usize', 'b: usize'];
  parameters.push(...(b.stride ? [`${b.stride}: usize`] : []), 'c: usize', 'cStride: usize');
  parameters.push(...parametersOf(epilogue));
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
    '/** Rows of A that stay in the cache while the panels of B pass (48 of 784 floats are 150 kB); whole tiles of every height. */',
    'const ROW_BLOCK: usize = 48;',
    ...products.flatMap((product) =>
      tileColumns.flatMap((columns) => heights(product, columns).map((rows) => tile(product, rows, columns))),
    ),
    ...products.map(sweep),
    '',
  ].join('\n\n');
}
