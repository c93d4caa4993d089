/**
 * The relaxed build: the same kernels under the same names, within the rounding of the strict ones. Its bits are the machine's
 * choice and nothing here depends on them.
 */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import {
  allocateMatrix,
  createEngine,
  type Engine,
  packedFloats,
  readMatrix,
  writeMatrix,
} from '../src/index.js';
import { gemm, gemmErrorBound } from '../src/reference/index.js';
import { relaxedKernels } from '../src/relaxed.js';
import { firstDifference, firstOutside, randomFloats } from './floats.js';

// Node 20 has relaxed SIMD behind this flag; later ones ignore it.
if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');

const strict = createEngine();
const relaxed = createEngine({ kernels: relaxedKernels });

describe('the relaxed build', () => {
  it('has the kernels of the strict one, and says which it is', () => {
    expect(Object.keys(relaxed.kernels).sort()).toEqual(Object.keys(strict.kernels).sort());
    expect(relaxed.build).toBe('relaxed');
    expect(relaxed.hash).not.toBe(strict.hash);
    const bytes = Buffer.from(relaxedKernels.base64, 'base64');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(relaxedKernels.hash);
  });

  it('contains relaxed multiply-adds', () => {
    // f32x4.relaxed_madd is 0xfd 0x85 0x02 (opcode 0x105 in LEB128).
    const bytes = Buffer.from(relaxedKernels.base64, 'base64');
    expect(bytes.includes(Buffer.from([0xfd, 0x85, 0x02]))).toBe(true);
  });

  it.each([
    [5, 7, 9],
    [33, 20, 100],
    [64, 17, 257],
  ])('multiplies %i × %i over %i within the rounding of f32', (m, n, k) => {
    const problem = randomProblem(m, n, k);
    const bounds = gemmErrorBound(problem);
    expect(firstOutside(multiply(relaxed, problem), gemm(problem), (i) => bounds[i] ?? 0)).toBeNull();
    // The bound can fail: the product of another problem is outside.
    expect(
      firstOutside(multiply(relaxed, problem), gemm(randomProblem(m, n, k + 1)), (i) => bounds[i] ?? 0),
    ).not.toBeNull();
  });

  it('gives the same bits again', () => {
    const problem = randomProblem(9, 21, 50);
    const other = createEngine({ kernels: relaxedKernels });
    expect(firstDifference(multiply(relaxed, problem), multiply(other, problem))).toBeNull();
  });
});

it('a build that the engine cannot compile is refused with what it needs', () => {
  const broken = { build: 'relaxed', hash: 'none', base64: btoa('\0asm') } as const;
  expect(() => createEngine({ kernels: broken })).toThrow(
    /cannot compile the relaxed kernels; expected .*relaxed SIMD/,
  );
});

function randomProblem(m: number, n: number, k: number) {
  return {
    ...({ m, n, k, layout: 'nn', relu: true } as const),
    a: randomFloats(m, m * k),
    b: randomFloats(n, k * n),
    bias: randomFloats(k, n),
  };
}

function multiply(engine: Engine, problem: ReturnType<typeof randomProblem>): Float32Array {
  const { m, n, k, a, b, bias } = problem;
  const mark = engine.arena.mark();
  const matrix = (rows: number, columns: number, values: Float32Array) => {
    const allocated = allocateMatrix(engine, rows, columns);
    writeMatrix(engine, allocated, values);
    return allocated;
  };
  const [inputs, weights, biases] = [matrix(m, k, a), matrix(k, n, b), matrix(1, n, bias)];
  const output = allocateMatrix(engine, m, n);
  const scratch = engine.arena.allocateFloats(packedFloats(k, n));
  engine.kernels.sgemm_nn_bias_relu(
    ...([m, n, k, inputs.pointer, inputs.stride, weights.pointer, weights.stride] as const),
    ...([output.pointer, output.stride, scratch, biases.pointer] as const),
  );
  const values = readMatrix(engine, output);
  engine.arena.release(mark);
  return values;
}
