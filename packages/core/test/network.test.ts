/** Networks of any architecture, forward: taps, memory, borders, and the bits of dense networks. */
import {
  type Architecture,
  allocateDenseNetwork,
  allocateForward,
  allocateImages,
  allocateMatrix,
  allocateNetwork,
  allocateWorkspace,
  compileArchitecture,
  createEngine,
  denseArchitecture,
  estimateNetworkMemory,
  forward,
  forwardNetwork,
  type KeptActivations,
  type Layer,
  type Need,
  type Network,
  parseArchitecture,
  planRooms,
  readImages,
  readMatrix,
  residualArchitecture,
  rowsOf,
  sumSquaresOfImages,
  widerBorder,
  writeImages,
  writeMatrix,
} from '@kindling/core';
import { describe, expect, it } from 'vitest';

const engine = createEngine();
const conv: Layer = {
  ...{ kind: 'conv2d', filters: 4, kernel: [3, 3], stride: 1, padding: 'zero', activation: 'relu' },
};
const image = { height: 6, width: 5, channels: 3 };

/** Blocks within blocks, with a normalization, pools and both shortcuts. */
const mixed: Architecture = parseArchitecture({
  input: image,
  layers: [
    conv,
    { kind: 'residual', branch: [conv, { kind: 'batch-normalization' }], scale: 0.5, shortcut: 'identity' },
    {
      ...{ kind: 'residual', scale: { learned: 0.3 }, shortcut: 'projection' },
      branch: [
        { ...conv, stride: 2, filters: 6, padding: 'circular' },
        { kind: 'residual', branch: [{ ...conv, filters: 6 }], scale: 1, shortcut: 'identity' },
      ],
    },
    { kind: 'max-pool', window: [2, 2], stride: 1 },
    { kind: 'global-average-pool' },
    { kind: 'dense', units: 3, activation: 'linear' },
  ],
});

/** Sets every weight to something. */
function fill(network: Network): Network {
  network.parameters.forEach(({ kind, matrix, rows, columns }, index) => {
    if (kind !== 'weights') return;
    const numbers = Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(index + 1.7 * i * i));
    writeMatrix(
      engine,
      matrix,
      numbers.map((x) => x / Math.sqrt(rows)),
    );
  });
  return network;
}

const numbersOf = (batch: number) =>
  Float64Array.from({ length: batch * 90 }, (_, i) => Math.cos(0.3 * i * i));

function imagesOf(batch: number, border = 0) {
  const sides = { top: border, bottom: border, left: border, right: border };
  const images = allocateImages(engine, { ...image, batch }, { border: sides });
  writeImages(engine, images, numbersOf(batch));
  return images;
}

describe('forwardNetwork', () => {
  const network = fill(allocateNetwork(engine, mixed));
  const pass = (keeps: KeptActivations, input: Parameters<typeof forwardNetwork>[2], batch = 4) => {
    const mark = engine.arena.mark();
    const seen: [string, number, number, readonly number[]][] = [];
    const workspace = allocateWorkspace(engine, network, batch, keeps);
    const output = forwardNetwork(engine, network, input, workspace, (place, images) => {
      seen.push([place.path, place.layer, place.nested, [...readImages(engine, images)]]);
    });
    const result = { output: [...readImages(engine, output)], seen };
    engine.arena.release(mark);
    return result;
  };

  it('taps every layer, inner ones first, with its place', () => {
    expect(pass('output', imagesOf(4)).seen.map(([path, layer, nested]) => [path, layer, nested])).toEqual([
      ['layers[0]', 0, 0],
      ['layers[1].branch[0]', 1, 1],
      ['layers[1].branch[1]', 1, 1],
      ['layers[1]', 1, 0],
      ['layers[2].branch[0]', 2, 1],
      ['layers[2].branch[1].branch[0]', 2, 2],
      ['layers[2].branch[1]', 2, 1],
      ['layers[2]', 2, 0],
      ['layers[3]', 3, 0],
      ['layers[4]', 4, 0],
      ['layers[5]', 5, 0],
    ]);
  });

  it('gives the same bits with shared memory, with a border of the input’s own, and from a matrix', () => {
    const expected = pass('all', imagesOf(4));
    expect(expected.output.every(Number.isFinite)).toBe(true);
    expect(pass('output', imagesOf(4))).toEqual(expected);
    expect(pass('output', imagesOf(4, 2))).toEqual(expected);
    expect(pass('output', imagesOf(4), 9)).toEqual(expected);
    const rows = allocateMatrix(engine, 4, 90);
    writeMatrix(engine, rows, numbersOf(4));
    expect(pass('output', rows)).toEqual(expected);
  });

  it('refuses other sizes, too many images, none, and another network’s workspace', () => {
    const workspace = allocateWorkspace(engine, network, 2);
    const of = (input: Parameters<typeof forwardNetwork>[2]) => () =>
      forwardNetwork(engine, network, input, workspace);
    expect(of(imagesOf(3))).toThrow('the input is 3 of 6 × 5 × 3; expected 1 to 2 of 6 × 5 × 3');
    expect(of({ ...imagesOf(2), batch: 0 })).toThrow('the input is 0 of');
    expect(of(allocateMatrix(engine, 2, 91))).toThrow('the input is 2 of 91; expected 1 to 2 of 6 × 5 × 3');
    const other = allocateNetwork(engine, denseArchitecture({ widths: [90, 3], outputs: 0 }));
    expect(() => forwardNetwork(engine, other, imagesOf(2), workspace)).toThrow(/another network/);
    expect(() => allocateWorkspace(engine, network, 0)).toThrow(/batch is 0/);
  });
});

describe('a block', () => {
  it('is shortcut + scale · branch, by hand', () => {
    const scale = { rule: 'list', values: [0.5, 3] } as const;
    const network = allocateNetwork(
      engine,
      residualArchitecture({ module: 'relu', width: 2, modules: 2, scale, learned: true }),
    );
    const [w1, , s1, w2] = network.parameters;
    expect(s1?.name).toBe('layers.0.scale');
    if (w1 === undefined || w2 === undefined) throw new RangeError('no weights');
    writeMatrix(engine, w1.matrix, [1, 0, 0, -1]);
    const second = network.parameters[3];
    if (second !== undefined) writeMatrix(engine, second.matrix, [0, 1, 1, 0]);
    const input = allocateMatrix(engine, 1, 2);
    writeMatrix(engine, input, [4, 6]);
    const workspace = allocateWorkspace(engine, network, 1);
    // [4, 6] + 0.5 · ReLU [4, −6] = [6, 6]; + 3 · ReLU [6, 6] = [24, 24].
    const output = forwardNetwork(engine, network, input, workspace);
    expect([...readMatrix(engine, rowsOf(output))]).toEqual([24, 24]);
  });
});

describe('a net of dense layers', () => {
  it('has the bits of a DenseNetwork', () => {
    const sizes = { widths: [13, 9, 17], outputs: 5 };
    const plain = allocateDenseNetwork(engine, sizes);
    const network = fill(allocateNetwork(engine, denseArchitecture(sizes)));
    plain.layers.forEach(({ weights }, index) => {
      const source = network.parameters[2 * index]?.matrix;
      if (source !== undefined) writeMatrix(engine, weights, readMatrix(engine, source));
    });
    const input = allocateMatrix(engine, 7, 13);
    writeMatrix(
      engine,
      input,
      Float64Array.from({ length: 91 }, (_, i) => Math.cos(0.3 * i * i)),
    );
    const expected = forward(engine, plain, input, allocateForward(engine, plain, 7));
    const output = forwardNetwork(engine, network, input, allocateWorkspace(engine, network, 7));
    expect(readMatrix(engine, rowsOf(output))).toEqual(readMatrix(engine, expected));
  });
});

describe('memory', () => {
  it.each([1, 7])('is what the estimate says, to the byte, for a batch of %d', (batch) => {
    const used = (take: () => unknown) => {
      const before = engine.arena.usedBytes;
      take();
      return engine.arena.usedBytes - before;
    };
    const estimate = estimateNetworkMemory(mixed, batch);
    const network = allocateNetwork(engine, mixed);
    expect(used(() => allocateNetwork(engine, mixed))).toBe(estimate.parameters);
    expect(used(() => allocateWorkspace(engine, network, batch))).toBe(estimate.forward);
    expect(used(() => allocateWorkspace(engine, network, batch, 'all'))).toBe(estimate.keepingAll);
    expect(estimate.forward).toBeLessThan(estimate.keepingAll);
  });

  it('of a pass through 1,000 modules is that of a few layers, and their lengths can be tapped', () => {
    const of = (modules: number) =>
      residualArchitecture({ module: 'linear', width: 32, modules, scale: { rule: 'power', base: 0.5 } });
    expect(estimateNetworkMemory(of(1000), 8).forward).toBe(estimateNetworkMemory(of(3), 8).forward);
    const network = fill(allocateNetwork(engine, of(1000)));
    const input = allocateMatrix(engine, 1, 32);
    writeMatrix(engine, input, new Float64Array(32).fill(1));
    const lengths: number[] = [];
    forwardNetwork(engine, network, input, allocateWorkspace(engine, network, 1), ({ nested }, images) => {
      if (nested === 0) lengths.push(sumSquaresOfImages(engine, images));
    });
    expect(lengths).toHaveLength(1000);
    // The scales are gone after a few dozen modules: every one behind them is the identity, exactly.
    expect(new Set(lengths.slice(200)).size).toBe(1);
  });

  it('lets no two values that are needed at once share a room', () => {
    const needs: Need[] = Array.from({ length: 60 }, (_, i) => ({
      floats: 1 + ((i * 37) % 23),
      from: (i * 17) % 40,
      to: ((i * 17) % 40) + ((i * 11) % 9),
    }));
    const { rooms, roomOf } = planRooms(needs);
    needs.forEach((need, i) => {
      expect(rooms[roomOf[i] ?? -1]).toBeGreaterThanOrEqual(need.floats);
      needs.slice(0, i).forEach((other, j) => {
        const together = need.from <= other.to && other.from <= need.to;
        if (together) expect(roomOf[i]).not.toBe(roomOf[j]);
      });
    });
    expect(rooms.length).toBeLessThan(needs.length / 3);
  });
});

it('gives every value the border that its readers and its gradient need', () => {
  const { values, steps } = compileArchitecture(mixed);
  const around = { top: 1, bottom: 1, left: 1, right: 1 };
  expect(values[0]?.border).toEqual(around);
  for (const step of steps) {
    if (step.kind !== 'conv2d' || step.convolution.kernelHeight === 1) continue;
    const border = values[step.input]?.border ?? around;
    expect(widerBorder(border, { ...around, top: 0, left: 0 })).toEqual(border);
  }
});
