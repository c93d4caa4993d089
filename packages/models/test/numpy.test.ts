/** npy and npz: every type and order, and archives that lie. */
import { ModelFormatError, openModel, UnsupportedModelError } from '@kindling/models';
import { type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesOfArray, npyBytes, oneFile, someFloats } from './model-files.js';

const values = someFloats(6, 2);

async function readOnly(bytes: Uint8Array) {
  const { tensors } = await openModel(oneFile(bytes, 'a.npy'));
  const [tensor] = tensors;
  return { shape: tensor?.shape, values: await tensor?.read() };
}

describe('npy', () => {
  it.each([
    ['<f4', bytesOfArray(values), values],
    ['<f8', bytesOfArray(Float64Array.from(values)), Float64Array.from(values)],
    ['<i4', bytesOfArray(Int32Array.of(1, -2, 3, 4, 5, 6)), Float64Array.of(1, -2, 3, 4, 5, 6)],
    ['|u1', Uint8Array.of(0, 1, 2, 253, 254, 255), Float32Array.of(0, 1, 2, 253, 254, 255)],
    ['|b1', Uint8Array.of(0, 1, 0, 1, 1, 0), Float32Array.of(0, 1, 0, 1, 1, 0)],
    [
      '<f2',
      bytesOfArray(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x8000, 0x3555)),
      Float32Array.of(1, -2, 2 ** -24, Number.POSITIVE_INFINITY, -0, 0.333251953125),
    ],
  ])('reads numbers of type %s', async (descr, data, expected) => {
    expect(await readOnly(npyBytes(descr, '2, 3', data))).toEqual({ shape: [2, 3], values: expected });
  });

  it('puts Fortran order in order, for any number of axes', async () => {
    // a[i][j][k] = 100 i + 10 j + k, the first axis fastest.
    const [m, n, l] = [2, 3, 4];
    const fortran = new Float32Array(m * n * l);
    const expected = new Float32Array(m * n * l);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < l; k++) {
          fortran[i + m * (j + n * k)] = 100 * i + 10 * j + k;
          expected[(i * n + j) * l + k] = 100 * i + 10 * j + k;
        }
      }
    }
    const read = await readOnly(npyBytes('<f4', '2, 3, 4', bytesOfArray(fortran), true));
    expect(read).toEqual({ shape: [2, 3, 4], values: expected });
  });

  it('reads scalars and empty arrays', async () => {
    expect(await readOnly(npyBytes('<f4', '', bytesOfArray(Float32Array.of(5))))).toEqual({
      shape: [],
      values: Float32Array.of(5),
    });
    expect(await readOnly(npyBytes('<f4', '0, 7', new Uint8Array(0)))).toEqual({
      shape: [0, 7],
      values: new Float32Array(0),
    });
  });

  it.each([
    ['bytes that are missing', npyBytes('<f4', '2, 3', new Uint8Array(23)), ModelFormatError],
    ['bytes that are too many', npyBytes('<f4', '2, 3', new Uint8Array(25)), ModelFormatError],
    ['a header beyond the end', npyBytes('<f4', '6', bytesOfArray(values)).with(9, 0xff), ModelFormatError],
    ['an unknown version', npyBytes('<f4', '6', bytesOfArray(values)).with(6, 9), ModelFormatError],
    ['a shape that is none', npyBytes('<f4', '-6', bytesOfArray(values)), ModelFormatError],
    [
      'an extent beyond 2^53',
      npyBytes('<f4', '99999999999999999999', bytesOfArray(values)),
      ModelFormatError,
    ],
    ['Python objects', npyBytes('|O', '6', bytesOfArray(values)), UnsupportedModelError],
    ['big-endian numbers', npyBytes('>f4', '6', bytesOfArray(values)), UnsupportedModelError],
  ])('refuses %s', async (_, bytes, type) => {
    const error = await openModel(oneFile(bytes, 'a.npy')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(type);
  });
});

describe('npz', () => {
  const archive = (entries: Zippable) => zipSync(entries, { mtime: '2020-01-01' });
  const kernel = npyBytes('<f4', '300, 20', bytesOfArray(someFloats(6000, 4)));

  it.each([
    ['stored', 0],
    ['deflated', 9],
  ] as const)('reads arrays that are %s, whole and in pieces of any size', async (_, level) => {
    const bytes = archive({
      'dense/kernel.npy': [kernel, { level }],
      'dense/bias.npy': [npyBytes('<f4', '20', new Uint8Array(80)), { level }],
    });
    const { tensors, format } = await openModel(oneFile(bytes, 'weights.npz'));
    expect(format).toBe('npz');
    const [tensor, bias] = tensors;
    expect(tensor).toMatchObject({
      name: 'dense/kernel',
      role: 'dense-kernel',
      fans: { fanIn: 300, fanOut: 20 },
    });
    expect(await tensor?.read()).toEqual(someFloats(6000, 4));
    const pieces: Float32Array[] = [];
    for await (const piece of tensor?.chunks(77) ?? []) pieces.push(Float32Array.from(piece));
    expect(pieces.map(({ length }) => length)).toEqual([...new Array(77).fill(77), 71]);
    expect(pieces.flatMap((piece) => [...piece])).toEqual([...someFloats(6000, 4)]);
    expect(await bias?.read()).toEqual(new Float32Array(20));
  });

  it.each([0, 6] as const)('reads pieces of any length asked for, packed at level %i', async (level) => {
    const array = npyBytes('<f4', '4,', bytesOfArray(Float32Array.of(1, 2, 3, 4)));
    const [tensor] = (await openModel(oneFile(zipSync({ 'a.npy': array }, { level })))).tensors;
    const pieces: number[][] = [];
    for await (const piece of tensor?.chunks(1e10) ?? []) pieces.push([...piece]);
    expect(pieces).toEqual([[1, 2, 3, 4]]);
  });

  it('reads pieces that are larger than what is unpacked at once', async () => {
    const many = new Float32Array(3_000_000).fill(0.5);
    const bytes = archive({ 'a.npy': npyBytes('<f4', '3000000', bytesOfArray(many)) });
    const { tensors } = await openModel(oneFile(bytes, 'a.npz'));
    const sizes: number[] = [];
    for await (const piece of tensors[0]?.chunks(2_500_000) ?? []) {
      sizes.push(piece.length);
      expect(piece.every((value) => value === 0.5)).toBe(true);
    }
    expect(sizes).toEqual([2_500_000, 500_000]);
  });

  const patched = (change: (view: DataView, central: number) => void) => {
    const bytes = archive({ 'a.npy': [kernel, { level: 9 }] }).slice();
    const view = new DataView(bytes.buffer);
    change(view, view.getUint32(bytes.length - 22 + 16, true));
    return bytes;
  };

  it.each([
    [
      'a size below what comes out',
      patched((view, central) => view.setUint32(central + 24, kernel.length - 4, true)),
    ],
    [
      'a size above what comes out',
      patched((view, central) => view.setUint32(central + 24, kernel.length + 4, true)),
    ],
    [
      'a size that deflate cannot give',
      patched((view, central) => view.setUint32(central + 24, 0x7fffffff, true)),
    ],
    ['another checksum', patched((view, central) => view.setUint32(central + 16, 1, true))],
    ['an offset behind the end', patched((view, central) => view.setUint32(central + 42, 0x7fffffff, true))],
    ['more entries than there are', patched((view) => view.setUint16(view.byteLength - 22 + 10, 7, true))],
    [
      'a directory behind the end',
      patched((view) => view.setUint32(view.byteLength - 22 + 16, 0x7fffffff, true)),
    ],
    ['a broken stream', patched((view) => view.setUint8(60, view.getUint8(60) ^ 0xff))],
    ['a cut', archive({ 'a.npy': kernel }).slice(0, -30)],
  ])('refuses %s', async (_, bytes) => {
    const error = await openModel(oneFile(bytes, 'a.npz'))
      .then(({ tensors }) => tensors[0]?.read())
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelFormatError);
  });

  it('refuses entries that share their bytes, as those of a zip bomb do', async () => {
    const bytes = archive({ 'a.npy': [kernel, { level: 9 }], 'b.npy': [kernel, { level: 9 }] }).slice();
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(bytes.length - 22 + 16, true);
    const second = first + 46 + view.getUint16(first + 28, true);
    view.setUint32(second + 42, view.getUint32(first + 42, true), true);
    await expect(openModel(oneFile(bytes, 'bomb.npz'))).rejects.toThrow('one after another');
  });
});
