/** Which file is which, by content; pickles; files and folders on disk. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  collectBytes,
  ModelFormatError,
  openModel,
  sourceFromBlob,
  sourcesOf,
  tensorOfFloats,
  UnsupportedModelError,
  writeSafetensors,
} from '@kindling/models';
import { openFileSources } from '@kindling/models/node';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJsonBytes } from '../src/formats/json/parse-json.js';
import { FilePool } from '../src/node/file-pool.js';
import { npyBytes, oneFile, safetensorsBytes, someFloats, utf8 } from './model-files.js';

const pickleLine = 'safetensors.torch.save_file(model.state_dict(), "model.safetensors")';
const model = () => collectBytes(writeSafetensors([tensorOfFloats('a.weight', [2, 3], someFloats(6))]));

describe('detection', () => {
  it('goes by content, whatever the name', async () => {
    expect((await openModel(oneFile(await model(), 'model.npz'))).format).toBe('safetensors');
    expect((await openModel(oneFile(npyBytes('<f4', '1', new Uint8Array(4)), 'model.json'))).format).toBe(
      'npy',
    );
  });

  it('is not misled by a header whose length begins like JSON', async () => {
    // 123 bytes of header: the first byte of the file is `{`.
    const bytes = await model();
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = new TextDecoder()
      .decode(bytes.subarray(8, 8 + length))
      .trimEnd()
      .padEnd(123);
    const forged = new Uint8Array(8 + header.length + 24);
    forged[0] = header.length;
    forged.set(utf8(header), 8);
    forged.set(bytes.subarray(8 + length), 8 + header.length);
    expect(forged[0]).toBe(0x7b);
    expect((await openModel(oneFile(forged))).tensors).toHaveLength(1);
  });

  // 80 02 to 80 05 begins a pickle, 50 4b 03 or 05 a zip archive; 0x04034b50 is the whole signature.
  it.each([640, 896, 1152, 1408, 640 + 65_536, 215_888, 346_960, 0x04034b50])(
    'takes a safetensors header of %i bytes for what it is',
    async (length) => {
      const header = '{"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
      const bytes = safetensorsBytes(header.padEnd(length), new Uint8Array(8));
      const { format, tensors } = await openModel(oneFile(bytes));
      expect([format, tensors[0]?.name]).toEqual(['safetensors', 'a.weight']);
    },
  );

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', utf8('hello, world')],
    ['JSON of something else', utf8('{"a": [1, 2, 3]}')],
    ['a zip archive of something else', zipSync({ 'a.txt': utf8('a') })],
  ])('refuses %s as unknown', async (_, bytes) => {
    const error = await openModel(oneFile(bytes)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelFormatError);
    expect((error as Error).message).toContain('no known format');
  });

  it.each([
    [
      'of PyTorch',
      zipSync({ 'archive/data.pkl': Uint8Array.of(0x80, 2), 'archive/data/0': new Uint8Array(4) }),
    ],
    [
      'as PyTorch wrote them before 1.6',
      Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20),
    ],
  ])('refuses pickles %s with the line that converts them', async (_, bytes) => {
    const error = await openModel(oneFile(bytes, 'model.pt')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnsupportedModelError);
    expect((error as Error).message).toContain(pickleLine);
  });
});

describe('JSON of endless values', () => {
  const many = (value: string, count: number) => `[${Array(count).fill(value).join(',')}]`;
  // Parsed, 64 MiB of this would take gigabytes.
  const bomb = many('{}', 2_100_000);

  it.each([
    ['a model.json', utf8(bomb)],
    ['a list of numbers', utf8(many('0', 2_100_000))],
    ['a safetensors header', safetensorsBytes(`{"a":${bomb}}`)],
    ['a .keras archive', zipSync({ 'config.json': utf8(bomb), 'model.weights.h5': new Uint8Array(8) })],
  ])('is refused in %s', async (_, bytes) => {
    await expect(openModel(oneFile(bytes))).rejects.toThrow('at most 2000000');
    await expect(openModel(oneFile(bytes))).rejects.toBeInstanceOf(ModelFormatError);
  });

  it('is refused in a .keras archive by its size before it is unpacked', async () => {
    const archive = zipSync({
      'config.json': new Uint8Array(2 ** 24 + 1),
      'model.weights.h5': new Uint8Array(8),
    });
    await expect(openModel(oneFile(archive))).rejects.toThrow(/16777216|16,777,216/);
  });

  it('is taken up to the limit', () => {
    expect(parseJsonBytes(utf8(many('[]', 900_000)), 'a')).toHaveLength(900_000);
    expect(() => parseJsonBytes(utf8('[{"a":{"b":[{}]},"a":1}]'), 'a')).toThrow('twice');
  });
});

describe('sources', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kindling-models-'));
    await mkdir(join(folder, 'inside/deep'), { recursive: true });
    await writeFile(join(folder, 'secret.safetensors'), await model());
    await writeFile(join(folder, 'inside/deep/shard.safetensors'), await model());
    await symlink(join(folder, 'secret.safetensors'), join(folder, 'inside/link.safetensors'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const index = async (path: string) => {
    const text = JSON.stringify({ weight_map: { 'a.weight': path } });
    await writeFile(join(folder, 'inside/model.safetensors.index.json'), text);
    const sources = await openFileSources(join(folder, 'inside'));
    try {
      const { tensors } = await openModel(sources);
      return await tensors[0]?.read();
    } finally {
      await sources.close();
    }
  };

  it('open files below the folder', async () => {
    expect(await index('deep/shard.safetensors')).toEqual(someFloats(6));
    expect(await index('./deep//shard.safetensors')).toEqual(someFloats(6));
  });

  it.each(['../secret.safetensors', 'deep/../../secret.safetensors', 'link.safetensors', 'none.safetensors'])(
    'do not open %s',
    async (path) => {
      await expect(index(path)).rejects.toThrow(ModelFormatError);
    },
  );

  it('open links to one folder where the main file is one, as in the cache of Hugging Face', async () => {
    const [blobs, snapshot] = [join(folder, 'cache/blobs'), join(folder, 'cache/snapshots/1')];
    await mkdir(blobs, { recursive: true });
    await mkdir(snapshot, { recursive: true });
    const text = JSON.stringify({ weight_map: { 'a.weight': 'shard.safetensors' } });
    await writeFile(join(blobs, 'f00'), text);
    await writeFile(join(blobs, 'ba2'), await model());
    await symlink('../../blobs/f00', join(snapshot, 'model.safetensors.index.json'));
    await symlink('../../blobs/ba2', join(snapshot, 'shard.safetensors'));
    const sources = await openFileSources(snapshot);
    expect(await (await openModel(sources)).tensors[0]?.read()).toEqual(someFloats(6));
    await sources.close();
    // A link elsewhere is still one out of the folder, and so is every link beside a main file that is none.
    await rm(join(snapshot, 'shard.safetensors'));
    await symlink(join(folder, 'secret.safetensors'), join(snapshot, 'shard.safetensors'));
    const elsewhere = await openFileSources(snapshot);
    await expect(openModel(elsewhere)).rejects.toThrow('cp -rL');
    await elsewhere.close();
  });

  it.skipIf(process.platform === 'win32')('do not take a folder or a pipe for a file', async () => {
    await mkdir(join(folder, 'inside/folder.safetensors'), { recursive: true });
    execFileSync('mkfifo', [join(folder, 'inside/pipe.safetensors')]);
    await expect(index('folder.safetensors')).rejects.toThrow('it is a folder, pipe or device');
    await expect(index('pipe.safetensors')).rejects.toBeInstanceOf(ModelFormatError);
    await expect(openFileSources(join(folder, 'inside/pipe.safetensors'))).rejects.toThrow('pipe');
  });

  it.skipIf(process.platform !== 'linux')('hold few files open, however many there are', async () => {
    const many = join(folder, 'many');
    await mkdir(many);
    const map: Record<string, string> = {};
    for (let i = 0; i < 300; i++) {
      map[`t${i}`] = `${i}.safetensors`;
      const bytes = await collectBytes(writeSafetensors([tensorOfFloats(`t${i}`, [1], Float32Array.of(i))]));
      await writeFile(join(many, `${i}.safetensors`), bytes);
    }
    await writeFile(join(many, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    const openNow = () => readdirSync('/proc/self/fd').length;
    const before = openNow();
    const sources = await openFileSources(many);
    const { tensors } = await openModel(sources);
    expect(openNow() - before).toBeLessThan(70);
    let most = 0;
    const values = await Promise.all(
      tensors.map(async (tensor) => {
        const [value] = await tensor.read();
        most = Math.max(most, openNow() - before);
        return value;
      }),
    );
    expect(most).toBeLessThan(110);
    expect(values).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(openNow() - before).toBeLessThan(70);
    await sources.close();
    expect(openNow()).toBeLessThanOrEqual(before);
    await expect(tensors[0]?.read()).rejects.toThrow('closed');
  });

  it('say when a file took the place of another', async () => {
    const path = join(folder, 'exchanged.safetensors');
    await writeFile(path, await model());
    const pool = new FilePool();
    await pool.add(path);
    for (let i = 0; i < 70; i++) {
      await writeFile(join(folder, `other${i}`), 'x');
      await pool.add(join(folder, `other${i}`));
    }
    await writeFile(path, 'another');
    await expect(pool.use(path, async () => {})).rejects.toThrow('exchanged');
    await pool.close();
  });

  it.each(['net.hdf5', 'net.npy', 'pytorch_model.bin', 'net.pt'])('find %s in a folder', async (name) => {
    const home = join(folder, `with-${name}`);
    await mkdir(home);
    await writeFile(join(home, name), Uint8Array.of(0x80, 2, 0x8a));
    const sources = await openFileSources(home);
    expect(sources.main.name).toBe(name);
    await sources.close();
  });

  it('say when there is no such file, or more than one model in a folder', async () => {
    await expect(openFileSources(join(folder, 'absent'))).rejects.toThrow('cannot be read');
    const both = join(folder, 'both');
    await mkdir(both);
    await expect(openFileSources(both)).rejects.toThrow('holds no model');
    await writeFile(join(both, 'a.safetensors'), await model());
    await writeFile(join(both, 'b.safetensors'), await model());
    await expect(openFileSources(both)).rejects.toThrow('name the file');
  });

  it('read a Blob', async () => {
    const bytes = await model();
    const blob = new File([bytes.slice()], 'model.safetensors');
    const { tensors } = await openModel(sourcesOf(sourceFromBlob(blob)));
    expect(await tensors[0]?.read()).toEqual(someFloats(6));
  });
});
