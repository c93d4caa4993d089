/** A pass step by step, and sparse rows as the input of networks of any architecture. */
import { expect, it } from 'vitest';
import {
  allocateMatrix,
  allocateNetwork,
  allocateSparseRows,
  allocateWorkspace,
  beginForward,
  createEngine,
  forwardNetwork,
  forwardStep,
  type Images,
  type Layer,
  parseArchitecture,
  readImages,
  readMatrix,
  readsSparseRows,
  writeMatrix,
  writeSparseRows,
} from '../src/index.js';
import { firstDifference, randomFloats } from './floats.js';

const engine = createEngine();
const dense = (units: number, activation: object | string): Layer =>
  ({ kind: 'dense', units, activation }) as Layer;
const leaky = { kind: 'leaky-relu', slope: 0.3 };
const block: Layer = {
  ...{ kind: 'residual', branch: [dense(6, 'relu'), dense(7, 'linear')] },
  ...{ scale: 0.5, shortcut: 'projection' },
};

function networkOf(input: object, layers: readonly Layer[]) {
  const network = allocateNetwork(engine, parseArchitecture({ input, layers }));
  network.parameters.forEach(({ matrix, kind }, seed) => {
    if (kind !== 'scale') writeMatrix(engine, matrix, randomFloats(seed, matrix.rows * matrix.columns));
  });
  return network;
}

/** Rows of 23 numbers, most of them 0; the first row has none. */
function rows(count: number): Float32Array {
  const numbers = randomFloats(5, count * 23);
  return numbers.map((x, i) => (i < 23 || i % 3 > 0 ? 0 : x));
}

it('gives the same numbers step by step, and can leave an activation away', () => {
  const network = networkOf({ width: 23 }, [dense(9, leaky), block, dense(4, 'relu')]);
  const input = allocateMatrix(engine, 5, 23);
  writeMatrix(engine, input, rows(5));
  const workspace = allocateWorkspace(engine, network, 5, 'all');
  const expected: Float32Array[] = [];
  forwardNetwork(engine, network, input, workspace, (_, images) => expected.push(readImages(engine, images)));
  const got: Float32Array[] = [];
  beginForward(engine, network, input, workspace);
  network.program.steps.forEach(({ place }, index) => {
    const plain = readImages(engine, forwardStep(engine, network, index, workspace, true));
    const numbers = readImages(engine, forwardStep(engine, network, index, workspace));
    // The first layer is leaky, the last one a ReLU: from the sums before them to what comes out.
    const slopes: Readonly<Record<number, number>> = {
      0: Math.fround(0.3),
      [network.program.steps.length - 1]: 0,
    };
    const slope = slopes[index];
    if (slope !== undefined) {
      expect(plain.some((x) => x < 0)).toBe(true);
      expect(
        firstDifference(
          numbers,
          plain.map((x) => (x >= 0 ? x : slope === 0 ? 0 : slope * x)),
        ),
      ).toBeNull();
    }
    if (place !== null) got.push(numbers);
  });
  expect(got).toEqual(expected);
  expect(() => forwardStep(engine, network, 99, workspace)).toThrow('step 99 of');
  const fresh = allocateWorkspace(engine, network, 5, 'all');
  expect(() => forwardStep(engine, network, 0, fresh)).toThrow('expected beginForward');
});

it.each<[string, readonly Layer[]]>([
  ['a linear layer', [dense(9, 'linear'), dense(4, 'relu')]],
  ['a ReLU layer', [dense(5, 'relu'), dense(4, 'linear')]],
  ['a leaky layer', [dense(33, leaky), dense(4, 'linear')]],
  ['a branch and its projection', [block, dense(4, 'linear')]],
])('reads sparse rows with the bits of a matrix: %s', (_, layers) => {
  const network = networkOf({ width: 23 }, layers);
  expect(readsSparseRows(network.program)).toBe(true);
  const matrix = allocateMatrix(engine, 6, 23);
  const sparse = allocateSparseRows(engine, 6, 23);
  writeMatrix(engine, matrix, rows(6));
  writeSparseRows(engine, sparse, rows(6));
  const workspace = allocateWorkspace(engine, network, 6);
  const pass = (input: Parameters<typeof forwardNetwork>[2]) =>
    readImages(engine, forwardNetwork(engine, network, input, workspace));
  const want = pass(matrix);
  expect(want.some((x) => x !== 0)).toBe(true);
  expect(firstDifference(pass(sparse), want)).toBeNull();
  // A matrix after sparse rows is read as one, and fewer rows are, too.
  expect(firstDifference(pass(matrix), want)).toBeNull();
  expect(firstDifference(pass({ ...sparse, rows: 2 }), want.slice(0, 8))).toBeNull();
  expect(readMatrix(engine, matrix)).toEqual(rows(6));
});

it('refuses sparse rows where others read the input, and other sizes', () => {
  const image = { height: 4, width: 4, channels: 1 };
  const identity: Layer = { ...block, branch: [dense(23, 'relu')], shortcut: 'identity' } as Layer;
  for (const [input, layers] of [
    [image, [{ kind: 'flatten' } as Layer, dense(3, 'linear')]],
    [{ width: 23 }, [identity]],
  ] as const) {
    const network = networkOf(input, layers);
    expect(readsSparseRows(network.program)).toBe(false);
    const sparse = allocateSparseRows(engine, 2, 'height' in input ? 16 : 23);
    const workspace = allocateWorkspace(engine, network, 2);
    expect(() => forwardNetwork(engine, network, sparse, workspace)).toThrow('expected a matrix or images');
  }
  const network = networkOf({ width: 23 }, [dense(3, 'linear')]);
  const workspace = allocateWorkspace(engine, network, 2);
  const of = (count: number, columns: number) => (): Images =>
    forwardNetwork(engine, network, allocateSparseRows(engine, count, columns), workspace);
  expect(of(2, 22)).toThrow('the input is 2 of 22; expected 1 to 2 of 23');
  expect(of(3, 23)).toThrow('the input is 3 of 23');
  expect(of(0, 23)).toThrow('the input is 0 of 23');
});
