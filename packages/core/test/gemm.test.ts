/**
 * The matrix product against its twins: the bits of the f32 chain, and within the rounding bound of the f64 product, for
 * sizes around every tile, panel and row block, with padded rows, dirty memory and guards around everything.
 */
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../src/index.js';
import { type GemmProblem, gemm, gemmErrorBound, gemmF32 } from '../src/reference/index.js';
import { firstDifference, firstOutside, floatsWithSpecials, randomFloats, seededNumbers } from './floats.js';
import { borrowing, guardedBlock, guardedRows, guardedVector, readRows } from './guarded.js';

const variants = [
  { name: 'sgemm_nn', layout: 'nn', bias: false, relu: false },
  { name: 'sgemm_nn_bias', layout: 'nn', bias: true, relu: false },
  { name: 'sgemm_nn_bias_relu', layout: 'nn', bias: true, relu: true },
  { name: 'sgemm_nt', layout: 'nt', bias: false, relu: false },
  { name: 'sgemm_tn', layout: 'tn', bias: false, relu: false },
] as const;
type Variant = (typeof variants)[number];

/** Around the tiles (1, 4, 6, 8 rows; 4, 8, 12, 16 columns), the packing threshold (8 rows) and the row block (48 rows). */
const sizes = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 31, 32, 33, 37, 47, 48, 49, 64, 65, 97, 100,
];

const engine = createEngine();

interface Padding {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

interface Run {
  readonly c: Float32Array;
  /** What was written where nothing may be, in words; empty if nothing was. */
  readonly damage: readonly string[];
}

/** Runs a kernel with guards everywhere; paddings are extra floats a row (C's are added to whole vectors). */
function run(target: Engine, variant: Variant, problem: GemmProblem, padding: Padding): Run {
  const { m, n, k, a, b, bias } = problem;
  return borrowing(target, () => {
    const shapeA = variant.layout === 'tn' ? { rows: k, columns: m } : { rows: m, columns: k };
    const shapeB = variant.layout === 'nt' ? { rows: n, columns: k } : { rows: k, columns: n };
    const whole = Math.ceil(n / 4) * 4;
    const rowsA = { ...shapeA, ld: shapeA.columns + padding.a };
    const rowsB = { ...shapeB, ld: shapeB.columns + padding.b };
    const rowsC = { rows: m, columns: n, ld: whole + 4 * padding.c };
    const blocks = {
      a: guardedRows(target, rowsA, a),
      b: guardedRows(target, rowsB, b),
      // Never set: full of NaN, which a product that accumulates into C would keep.
      c: guardedBlock(target, m * rowsC.ld),
      scratch: guardedBlock(target, k * whole),
      bias: guardedVector(target, bias ?? []),
    };
    const { kernels } = target;
    const head = [m, n, k, blocks.a.pointer, rowsA.ld, blocks.b.pointer, rowsB.ld] as const;
    const tail = [blocks.c.pointer, rowsC.ld] as const;
    if (variant.name === 'sgemm_tn') kernels.sgemm_tn(...head, ...tail);
    else if (variant.bias) {
      kernels[variant.name](...head, ...tail, blocks.scratch.pointer, blocks.bias.pointer);
    } else kernels[variant.name](...head, ...tail, blocks.scratch.pointer);

    const damage = Object.entries(blocks).flatMap(([name, block]) => {
      const broken = block.brokenGuard();
      return broken === null ? [] : [`${name}: ${broken}`];
    });
    const words = target.arena.words(blocks.c.pointer, m * rowsC.ld);
    const between = words.findIndex((word, i) => i % rowsC.ld >= whole && word !== 0x7fc0dead);
    if (between >= 0) damage.push(`c: float ${between} behind the padded row was overwritten`);
    for (const [name, rows, values] of [
      ['a', rowsA, a],
      ['b', rowsB, b],
    ] as const) {
      const changed = firstDifference(
        readRows(target, blocks[name].pointer, rows),
        Float32Array.from(values),
      );
      if (changed !== null) damage.push(`${name} was changed: ${changed}`);
    }
    return { c: readRows(target, blocks.c.pointer, rowsC), damage };
  });
}

function problemOf(
  variant: Variant,
  size: { readonly m: number; readonly n: number; readonly k: number },
  floats: (seed: number, n: number) => Float32Array,
  seed: number,
): GemmProblem {
  const { m, n, k } = size;
  return {
    ...size,
    layout: variant.layout,
    a: floats(seed, m * k),
    b: floats(seed + 1, k * n),
    ...(variant.bias ? { bias: floats(seed + 2, n) } : {}),
    relu: variant.relu,
  };
}

/** Every size once in every role beside small ones, and a sample of the rest. */
function sampleSizes(count: number, seed: number) {
  const next = seededNumbers(seed);
  const pick = () => sizes[Math.floor(next() * sizes.length)] ?? 0;
  return [
    ...sizes.flatMap((size) => [
      { m: size, n: 5, k: 3 },
      { m: 5, n: size, k: 3 },
      { m: 9, n: size, k: 2 },
      { m: 9, n: 6, k: size },
      { m: size, n: size, k: size },
    ]),
    // Around the block of k in transposed products (256).
    ...[255, 256, 257, 513].map((k) => ({ m: 7, n: 13, k })),
    ...Array.from({ length: count }, () => ({ m: pick(), n: pick(), k: pick() })),
  ];
}

describe.each(variants.map((variant) => [variant.name, variant] as const))('%s', (_, variant) => {
  it('has the bits of the f32 chain, stays within the rounding bound and inside its memory', () => {
    const next = seededNumbers(7);
    sampleSizes(60, 1).forEach((size, index) => {
      const problem = problemOf(variant, size, randomFloats, 1000 * index);
      const padding = {
        a: Math.floor(next() * 4),
        b: Math.floor(next() * 4),
        c: Math.floor(next() * 3),
      };
      const context = JSON.stringify({ ...size, padding });
      const { c, damage } = run(engine, variant, problem, padding);
      expect(damage, context).toEqual([]);
      expect(firstDifference(c, gemmF32(problem)), context).toBeNull();
      const bounds = gemmErrorBound(problem);
      expect(
        firstOutside(c, gemm(problem), (i) => bounds[i] ?? 0),
        context,
      ).toBeNull();
    });
  });

  it('treats NaN, infinities, −0 and denormals as the chain does', () => {
    let notFinite = 0;
    sampleSizes(20, 2).forEach((size, index) => {
      for (const every of [3, 50]) {
        const floats = (seed: number, n: number) => floatsWithSpecials(seed, n, every);
        const problem = problemOf(variant, size, floats, 1000 * index);
        const { c, damage } = run(engine, variant, problem, { a: 1, b: 0, c: 0 });
        expect(damage).toEqual([]);
        expect(firstDifference(c, gemmF32(problem)), JSON.stringify({ ...size, every })).toBeNull();
        notFinite += c.filter((x) => !Number.isFinite(x)).length;
      }
    });
    expect(notFinite).toBeGreaterThan(100);
  });

  it('keeps denormal products, which flushing to zero would lose', () => {
    const tiny = (seed: number, n: number) => randomFloats(seed, n).map((x) => x * 2 ** -72);
    const problem = problemOf(variant, { m: 9, n: 17, k: 1 }, tiny, 5);
    const { c } = run(engine, variant, { ...problem, ...zeroBias(variant, 17) }, { a: 0, b: 0, c: 0 });
    const want = gemmF32({ ...problem, ...zeroBias(variant, 17) });
    expect(firstDifference(c, want)).toBeNull();
    expect(want.some((x) => x !== 0 && Math.abs(x) < 2 ** -126)).toBe(true);
  });

  it('gives a row the same bits alone, among few and among many', () => {
    // Fewer than eight rows read B in place, more read it packed; 37 rows pass a row block.
    const problem = problemOf(variant, { m: 37, n: 29, k: 23 }, randomFloats, 11);
    const all = run(engine, variant, problem, { a: 0, b: 3, c: 1 }).c;
    for (const [start, count] of [
      [0, 1],
      [3, 5],
      [30, 7],
      [29, 8],
    ] as const) {
      const a = takeRows(variant, problem, start, count);
      const some = run(engine, variant, { ...problem, m: count, a }, { a: 0, b: 3, c: 1 }).c;
      expect(
        firstDifference(some, all.slice(29 * start, 29 * (start + count))),
        `rows ${start} and on`,
      ).toBeNull();
    }
  });

  it('gives the bias alone, or zero, for sums of no terms', () => {
    const problem = problemOf(variant, { m: 10, n: 6, k: 0 }, randomFloats, 3);
    const { c } = run(engine, variant, problem, { a: 0, b: 0, c: 0 });
    const bias = Float32Array.from(problem.bias ?? new Float32Array(6));
    const row = variant.relu ? bias.map((x) => Math.max(x, 0)) : bias;
    for (let i = 0; i < 10; i++) expect(firstDifference(c.slice(6 * i, 6 * i + 6), row)).toBeNull();
  });
});

it('the ReLU of sgemm_nn_bias_relu keeps NaN, cuts −∞ and gives no −0', () => {
  const bias = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1, 2];
  const [, , variant] = variants;
  for (const m of [1, 9]) {
    const problem = { m, n: 5, k: 1, layout: 'nn', a: new Float32Array(m), b: new Float32Array(5) } as const;
    const { c } = run(engine, variant, { ...problem, bias, relu: true }, { a: 0, b: 0, c: 0 });
    expect([...c.slice(0, 5)]).toEqual([Number.NaN, 0, Number.POSITIVE_INFINITY, 0, 2]);
  }
  // The chain starts at +0, and +0 + −0 is +0: no sign of a zero gets through.
  const negative = run(
    engine,
    variant,
    { m: 1, n: 1, k: 1, layout: 'nn', a: [-0], b: [1], bias: [-0], relu: true },
    { a: 0, b: 0, c: 0 },
  );
  expect(Object.is(negative.c[0], 0)).toBe(true);
});

it('the comparison sees another order of summation', () => {
  // The control of the whole file: the same product summed backwards has other bits, yet stays within the bound.
  const problem = problemOf(variants[0], { m: 9, n: 9, k: 50 }, randomFloats, 21);
  const backwards = gemmF32({
    ...problem,
    a: Float32Array.from({ length: 450 }, (_, i) =>
      Number(problem.a[50 * Math.floor(i / 50) + 49 - (i % 50)]),
    ),
    b: Float32Array.from({ length: 450 }, (_, i) =>
      Number(problem.b[9 * (49 - Math.floor(i / 9)) + (i % 9)]),
    ),
  });
  const bounds = gemmErrorBound(problem);
  expect(firstDifference(backwards, gemmF32(problem))).not.toBeNull();
  expect(firstOutside(backwards, gemm(problem), (i) => bounds[i] ?? 0)).toBeNull();
  const wrong = backwards.map((x, i) => (i === 40 ? x + 1e-3 : x));
  expect(firstOutside(wrong, gemm(problem), (i) => bounds[i] ?? 0)).toContain('[40]');
});

function zeroBias(variant: Variant, n: number): { readonly bias?: Float32Array } {
  return variant.bias ? { bias: new Float32Array(n) } : {};
}

function takeRows(variant: Variant, { m, k, a }: GemmProblem, start: number, count: number): Float32Array {
  return Float32Array.from({ length: count * k }, (_, index) => {
    if (variant.layout === 'tn') return Number(a[Math.floor(index / count) * m + start + (index % count)]);
    return Number(a[start * k + index]);
  });
}
