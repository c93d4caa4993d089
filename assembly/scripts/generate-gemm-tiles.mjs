/**
 * Writes the register tiles of the matrix product: `src/gemm/generated/tiles.ts`, one AssemblyScript function for
 * every tile shape, layout and epilogue, and the sweeps that cover C with them.
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
 * How A lies in memory. `rows`: element (i, p) at a + i·aStride + 4p, as in A·B. `columns`: at a + p·aStride + 4i, as in Aᵀ·B.
 * `next` goes on to the next k, `nextRound` behind a round's steps.
 */
const readA = {
  rows: {
    pointers: (rows) => range(rows).map((i) => `let a${i} = a${i ? ` + ${i} * aStride` : ''};`),
    load: (i, step) => `v128.load32_splat(a${i}, ${4 * step})`,
    next: [],
    nextRound: (rows, steps) => range(rows).map((i) => `a${i} += ${4 * steps};`),
    rowStep: 'aStride',
  },
  columns: {
    pointers: () => [],
    load: (i) => `v128.load32_splat(a, ${4 * i})`,
    next: ['a += aStride;'],
    nextRound: () => [],
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
    next: [],
    nextRound: (vectors, steps) => [`b += ${16 * vectors * steps};`],
  },
  inPlace: {
    stride: 'bStride',
    load: (_vectors, j) => `v128.load(b, ${16 * j})`,
    next: ['b += bStride;'],
    nextRound: () => [],
  },
};

/** What happens to a tile's sums before they are stored: nothing, + bias, or max(· + bias, 0). */
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
  const steps = stepsInRound(rows);
  const step = (index) => [
    ...multiplyStep(
      rows,
      columns,
      (i) => a.load(i, index),
      (j) => b.load(vectors, j, index),
    ),
    ...a.next,
    ...b.next,
  ];
  const parameters = ['a: usize', 'aStride: usize', 'b: usize', ...(b.stride ? [`${b.stride}: usize`] : [])];
  parameters.push('c: usize', 'cStride: usize', 'k: i32', ...(epilogue.bias ? ['bias: usize'] : []));
  const row = (i) => `c${i ? ` + ${i} * cStride` : ''}`;
  return [
    `@inline\nfunction ${tileName(product, rows, columns)}(${parameters.join(', ')}): void {`,
    ...a.pointers(rows),
    ...cells(rows, columns).map(({ i, j }) => {
      const start = onto ? `v128.load(${row(i)}, ${16 * j})` : 'f32x4.splat(0)';
      return `let c${i}_${j} = ${start};`;
    }),
    ...loopOverK(steps, step, [...a.nextRound(rows, steps), ...b.nextRound(vectors, steps)]),
    ...(epilogue.bias ? range(vectors).map((j) => `const bias${j} = v128.load(bias, ${16 * j});`) : []),
    ...cells(rows, columns).map(
      ({ i, j }) => `v128.store(${row(i)}, ${finished(epilogue, `c${i}_${j}`, `bias${j}`)}, ${16 * j});`,
    ),
    '}',
  ].join('\n');
}

/** What is stored of a sum. */
function finished(epilogue, sum, bias) {
  const withBias = epilogue.bias ? `f32x4.add(${sum}, ${bias})` : sum;
  // pmax(x, 0) is one instruction and keeps NaN in this operand order.
  return epilogue.relu ? `f32x4.pmax(${withBias}, f32x4.splat(0))` : withBias;
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
