/** The forward pass of whole networks: the bits of chained f32 products, and within a bound of f64 carried layer by layer. */
import { describe, expect, it } from 'vitest';
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  checkArchitecture,
  createEngine,
  type DenseArchitecture,
  type DenseNetwork,
  firstRows,
  forward,
  InvalidArgumentError,
  readMatrix,
  writeMatrix,
} from '../src/index.js';
import { gemm, gemmF32, roundingBound } from '../src/reference/index.js';
import { firstDifference, firstOutside, randomFloats } from './floats.js';
import { borrowing } from './guarded.js';

const engine = createEngine();

const architectures: readonly DenseArchitecture[] = [
  { widths: [1, 1], outputs: 0 },
  { widths: [1, 1], outputs: 1 },
  { widths: [4, 4, 4], outputs: 0 },
  { widths: [3, 5, 2, 7], outputs: 10 },
  { widths: [784, 100, 100], outputs: 10 },
  { widths: [17, 33, 16, 15, 1, 9], outputs: 3 },
  { widths: [20, 512, 20], outputs: 0 },
  { widths: [10, ...new Array<number>(30).fill(30)], outputs: 10 },
];

interface Parameters {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** Weights of He's size and small biases, set in the network and returned. */
function setParameters(network: DenseNetwork): readonly Parameters[] {
  return network.layers.map((layer, index) => {
    const size = Math.sqrt(6 / layer.fanIn);
    const weights = randomFloats(10 * index, layer.fanIn * layer.fanOut).map((x) => size * x);
    const biases = randomFloats(10 * index + 1, layer.fanOut).map((x) => 0.1 * x);
    writeMatrix(engine, layer.weights, weights);
    writeMatrix(engine, layer.biases, biases);
    return { weights, biases };
  });
}

describe.each(architectures.map((architecture) => [JSON.stringify(architecture), architecture] as const))(
  'forward through %s',
  (_, architecture) => {
    it.each([0, 1, 5, 8, 33])('is the reference, layer by layer, for %i rows', (rows) => {
      borrowing(engine, () => {
        const network = allocateDenseNetwork(engine, architecture);
        const parameters = setParameters(network);
        const inputWidth = Number(architecture.widths[0]);
        const values = randomFloats(77, rows * inputWidth);
        const input = allocateMatrix(engine, rows, inputWidth);
        writeMatrix(engine, input, values);
        const seen: Float32Array[] = [];
        const output = forward(engine, network, input, allocateForward(engine, network, 33), (layer, out) => {
          expect(layer).toBe(seen.length + 1);
          expect([out.rows, out.columns]).toEqual([rows, network.layers[layer - 1]?.fanOut]);
          seen.push(readMatrix(engine, out));
        });
        expect(seen).toHaveLength(network.layers.length);
        expect(firstDifference(readMatrix(engine, output), seen.at(-1) ?? new Float32Array(0))).toBeNull();

        let chain = values;
        let exact: Float64Array = Float64Array.from(values);
        let error: Float64Array = new Float64Array(values.length);
        network.layers.forEach((layer, index) => {
          const { weights = new Float32Array(0), biases = new Float32Array(0) } = parameters[index] ?? {};
          const shape = { m: rows, n: layer.fanOut, k: layer.fanIn, layout: 'nn', b: weights } as const;
          chain = gemmF32({ ...shape, a: chain, bias: biases, relu: layer.relu });
          expect(firstDifference(seen[index] ?? new Float32Array(0), chain), `layer ${index + 1}`).toBeNull();

          // What came in is off by `error`; γ applies to what f32 really multiplied.
          const b = weights.map(Math.abs);
          const carried = gemm({ ...shape, a: error, b });
          const magnitude = gemm({
            ...shape,
            a: exact.map((x, i) => Math.abs(x) + Number(error[i])),
            b,
            bias: biases.map(Math.abs),
          });
          exact = gemm({ ...shape, a: exact, bias: biases, relu: layer.relu });
          error = carried.map((e, i) => e + roundingBound(layer.fanIn + 1) * Number(magnitude[i]));
          const bound = (i: number) => Number(error[i]);
          expect(firstOutside(chain, exact, bound), `layer ${index + 1}`).toBeNull();
        });
      });
    });
  },
);

describe('forward', () => {
  it('gives the same bits in a workspace used before, and without a tap', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [9, 13, 7], outputs: 4 });
      setParameters(network);
      const workspace = allocateForward(engine, network, 20);
      const input = allocateMatrix(engine, 20, 9);
      writeMatrix(engine, input, randomFloats(1, 180));
      const first = readMatrix(engine, forward(engine, network, input, workspace));
      writeMatrix(engine, input, new Float32Array(180).fill(Number.NaN));
      forward(engine, network, input, workspace);
      writeMatrix(engine, input, randomFloats(1, 180));
      expect(
        firstDifference(readMatrix(engine, forward(engine, network, input, workspace)), first),
      ).toBeNull();
      const top = readMatrix(engine, forward(engine, network, firstRows(input, 3), workspace));
      expect(firstDifference(top, first.slice(0, 12))).toBeNull();
    });
  });

  it('shows NaN and keeps the linear layer linear', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [1, 1], outputs: 1 });
      const [hidden, last] = network.layers;
      if (hidden === undefined || last === undefined) throw new Error('expected two layers');
      writeMatrix(engine, hidden.weights, [1]);
      writeMatrix(engine, last.weights, [-1]);
      const input = allocateMatrix(engine, 3, 1);
      writeMatrix(engine, input, [2, -2, Number.NaN]);
      const output = forward(engine, network, input, allocateForward(engine, network, 3));
      expect([...readMatrix(engine, output)]).toEqual([-2, 0, Number.NaN]);
    });
  });

  it('refuses an input of another width, too many rows, or another network’s workspace', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [3, 4, 4], outputs: 0 });
      const workspace = allocateForward(engine, network, 2);
      expect(() => forward(engine, network, allocateMatrix(engine, 2, 4), workspace)).toThrow(
        'forward: the input is 2 × 4; expected at most 2 × 3',
      );
      expect(() => forward(engine, network, allocateMatrix(engine, 3, 3), workspace)).toThrow(
        'forward: the input is 3 × 3; expected at most 2 × 3',
      );
      const shallow = allocateDenseNetwork(engine, { widths: [3, 4], outputs: 0 });
      expect(() =>
        forward(engine, network, allocateMatrix(engine, 2, 3), allocateForward(engine, shallow, 2)),
      ).toThrow(/workspace has no room for layer/);
    });
  });
});

describe('allocateDenseNetwork', () => {
  it('has a ReLU on all layers but the outputs, zero biases, and the shapes in a row', () => {
    borrowing(engine, () => {
      // Dirty memory below.
      borrowing(engine, () => engine.arena.floats(engine.arena.allocateFloats(4000), 4000).fill(7));
      const { layers } = allocateDenseNetwork(engine, { widths: [3, 5, 2], outputs: 4 });
      expect(layers.map(({ fanIn, fanOut, relu }) => [fanIn, fanOut, relu])).toEqual([
        [3, 5, true],
        [5, 2, true],
        [2, 4, false],
      ]);
      for (const { biases } of layers) expect(readMatrix(engine, biases).every((x) => x === 0)).toBe(true);
      expect(layers.map(({ weights }) => [weights.rows, weights.columns])).toEqual([
        [3, 5],
        [5, 2],
        [2, 4],
      ]);
      const bare = allocateDenseNetwork(engine, { widths: [3, 5, 2], outputs: 0 });
      expect(bare.layers.map(({ relu }) => relu)).toEqual([true, true]);
    });
  });

  it('reserves room to pack the largest matrix either way', () => {
    borrowing(engine, () => {
      const network = allocateDenseNetwork(engine, { widths: [7, 5], outputs: 0 });
      expect(allocateForward(engine, network, 3).scratchFloats).toBe(Math.max(7 * 8, 5 * 8));
    });
  });

  it.each([
    [{ widths: [], outputs: 1 }, 'widths has 0 entries'],
    [{ widths: [5], outputs: 1 }, 'widths has 1 entries'],
    [{ widths: [5, 0], outputs: 0 }, 'widths[1] is 0; expected an integer ≥ 1'],
    [{ widths: [5, 2.5, 3], outputs: 0 }, 'widths[1] is 2.5'],
    [{ widths: [Number.NaN, 3], outputs: 0 }, 'widths[0] is NaN'],
    [{ widths: [5, 3], outputs: -1 }, 'outputs is -1; expected an integer ≥ 0'],
  ] as const)('refuses %j', (architecture, message) => {
    expect(() => checkArchitecture(architecture)).toThrow(message);
    expect(() => allocateDenseNetwork(engine, architecture)).toThrow(InvalidArgumentError);
  });
});
