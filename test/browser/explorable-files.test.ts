/**
 * Files that are dropped on the explorable: a model as TensorFlow.js saves it gets the command's own verdict and opens as a network of the
 * page, idx files become data of the page with the command's own name for them, and what cannot be read is told in words.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { datasetName, idxFileNames } from '@kindling/trainer';
import { loadDataset } from '@kindling/trainer/node';
import * as tf from '@tensorflow/tfjs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainEnvironment } from '../documentation/run-command.js';
import {
  accessibilityProblems,
  addressOf,
  openExplorable,
  smallQuery,
  verdictOf,
} from './explorable-page.js';
import { launchChromium } from './web-page.js';

const run = promisify(execFile);
const kindlingBin = fileURLToPath(new URL('../../apps/cli/bin/kindling.js', import.meta.url));

interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'kindling-files-'));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const panelOf = (page: Page) => page.getByRole('region', { name: 'A file of yours' });

/** Drops files as a person does: over the page first, then anywhere on it. */
async function drop(page: Page, files: readonly NamedBytes[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }));
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const target = document.querySelector('main') ?? document.body;
    for (const type of ['dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, sent);
}

/** A network as TensorFlow.js makes and saves it. */
async function savedByTensorflow(): Promise<readonly NamedBytes[]> {
  // Silent: it would recommend itself for Node.
  tf.enableProdMode();
  const model = tf.sequential();
  const initializer = tf.initializers.heUniform({ seed: 3 });
  for (let layer = 0; layer < 6; layer++) {
    model.add(
      tf.layers.dense({
        units: 30,
        activation: 'relu',
        // Far less than He's variance in the third layer and those behind it.
        kernelInitializer:
          layer < 2 ? initializer : tf.initializers.randomNormal({ stddev: 0.005, seed: 5 + layer }),
        ...(layer === 0 ? { inputShape: [784] } : {}),
      }),
    );
  }
  model.add(tf.layers.dense({ units: 10, kernelInitializer: initializer }));
  const files: NamedBytes[] = [];
  await model.save(
    tf.io.withSaveHandler(async ({ weightData, weightSpecs, modelTopology, format, generatedBy }) => {
      const weights = [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }];
      const json = { format, generatedBy, convertedBy: null, modelTopology, weightsManifest: weights };
      files.push(
        { name: 'group1-shard1of1.bin', bytes: new Uint8Array(weightData as ArrayBuffer) },
        { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) },
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return files;
}

describe('a model', () => {
  it('of TensorFlow.js has the verdict of the command, its tensors, and opens as a network', async () => {
    const files = await savedByTensorflow();
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
    const told = await run(
      process.execPath,
      [kindlingBin, 'diagnose', join(folder, 'model.json'), '--json'],
      {
        env: plainEnvironment(),
      },
    );
    const { headline } = JSON.parse(told.stdout) as { readonly headline: string };

    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await drop(page, files);
    const panel = panelOf(page);
    await panel.getByText('TensorFlow.js LayersModel, by TensorFlow.js tfjs-layers').waitFor();
    expect(await panel.locator('.headline').textContent()).toBe(headline);
    expect(headline).toMatch(/vanish/i);
    expect(await panel.getByRole('row').count()).toBe(1 + 14);
    // He's uniform law was drawn: its name is told, and that it has variance 2 a unit of fan-in.
    const first = panel.getByRole('row').nth(1);
    expect(await first.textContent()).toMatch(/kernel784 × 30f32(2\.0|1\.9)\d*.*-?1\.[12].*he-uniform/i);

    await panel.getByRole('button', { name: 'Open its network on the page' }).click();
    const asked = await addressOf(page, 'net=dense 30*6 he-normal times=');
    expect(asked.getAll('net')).toHaveLength(2);
    await panel.getByText('It is configuration B now.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await close()).toEqual([]);
  });

  it('as a network package publishes it is read, chosen by the button for files', async () => {
    const require = createRequire(new URL('../../packages/models/package.json', import.meta.url));
    const onnx = join(dirname(require.resolve('@ricky0123/vad-web')), 'silero_vad_v5.onnx');
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await page.locator('input[data-chooser="files"]').setInputFiles(onnx);
    const panel = panelOf(page);
    await panel.getByText('silero_vad_v5.onnx ONNX').waitFor();
    expect(await panel.getByText(/As a plain ReLU chain|There is no verdict/).count()).toBe(1);
    await panel.getByRole('button', { name: 'Close it' }).click();
    await panel.getByText('silero_vad_v5.onnx').waitFor({ state: 'detached' });
    expect(await close()).toEqual([]);
  });
});

describe('what cannot be read', () => {
  it.each<readonly [string, readonly NamedBytes[], RegExp]>([
    [
      'no model',
      [{ name: 'notes.txt', bytes: new TextEncoder().encode('Nothing to see here.') }],
      /notes\.txt is of no known format; expected/,
    ],
    [
      'an empty file',
      [{ name: 'model.safetensors', bytes: new Uint8Array(0) }],
      /model\.safetensors is of no known format/,
    ],
    [
      'a model without its shard',
      [
        {
          name: 'model.json',
          bytes: new TextEncoder().encode(
            JSON.stringify({
              weightsManifest: [{ paths: ['a.bin'], weights: [{ name: 'k', shape: [2], dtype: 'float32' }] }],
            }),
          ),
        },
      ],
      /needs the file a\.bin/,
    ],
    [
      'idx files that end too early',
      [{ name: 'a', bytes: Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 9) }],
      /truncated|shorter/,
    ],
    [
      'images without labels',
      [{ name: 'images', bytes: Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7) }],
      /1 files? of images and 0 of labels/,
    ],
  ])('%s is told, and the page lives on', async (_, files, message) => {
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    const before = await verdictOf(page);
    await drop(page, files);
    const alert = panelOf(page).getByRole('alert').filter({ hasText: message });
    await alert.waitFor();
    expect(await verdictOf(page)).toBe(before);
    await page.getByRole('textbox', { name: 'Depth', exact: true }).fill('12');
    await addressOf(page, 'net=dense 10*12 lecun-normal');
    expect(await close()).toEqual([]);
  });
});

describe('idx files', () => {
  const embedded = fileURLToPath(new URL('../../packages/trainer/embedded/', import.meta.url));

  /** Files of the embedded images, with one label changed: data of their own. */
  async function four(): Promise<readonly NamedBytes[]> {
    const { gunzipSync, gzipSync } = await import('node:zlib');
    const files: NamedBytes[] = [];
    for (const name of Object.values(idxFileNames)) {
      const bytes = gunzipSync(await readFile(join(embedded, `${name}.gz`)));
      if (name === idxFileNames.testLabels) bytes[8] = (bytes[8] ?? 0) === 0 ? 1 : 0;
      files.push({ name: `${name}.gz`, bytes: gzipSync(bytes) });
    }
    return files;
  }

  it('of training and test become the data of the page, under the name the command has for them', async () => {
    const files = await four();
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
    const { dataset } = await loadDataset(folder, {});
    expect(dataset.name).toBe(datasetName(dataset.digest));
    const { page, close } = await openExplorable(browser, { query: `${smallQuery}&images=60` });
    await verdictOf(page);
    await drop(page, [...files].reverse());
    await panelOf(page).getByText('1,500 images to train with and 500 to test with, 28 × 28.').waitFor();
    await addressOf(page, `data=${dataset.name}`);
    expect(await page.getByRole('combobox', { name: 'Data' }).inputValue()).toBe(dataset.name);
    expect(await verdictOf(page)).toBe('The signal vanishes');
    // The command names the folder, which only its owner knows.
    await page.getByText(`path/to/${dataset.name}`, { exact: true }).waitFor();
    expect(await close()).toEqual([]);
  });

  it('of one pair are split; what is saved as four files is the same data', async () => {
    const [images, labels] = await four();
    if (images === undefined || labels === undefined) throw new Error('there are four files');
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await verdictOf(page);
    await drop(page, [labels, images]);
    await panelOf(page).getByText('1,286 images to train with and 214 to test with').waitFor();
    const name = await page.getByRole('combobox', { name: 'Data' }).inputValue();
    const saved: { readonly name: string; readonly bytes: Uint8Array }[] = [];
    page.on('download', async (file) => {
      saved.push({ name: file.suggestedFilename(), bytes: await readFile(await file.path()) });
    });
    await panelOf(page).getByRole('button', { name: 'save these as four' }).click();
    await expect.poll(() => saved.length).toBe(4);
    expect(saved.map((file) => file.name).sort()).toEqual(Object.values(idxFileNames).sort());
    const place = await mkdtemp(join(tmpdir(), 'kindling-idx-'));
    for (const file of saved) await writeFile(join(place, file.name), file.bytes);
    expect((await loadDataset(place, {})).dataset.name).toBe(name);
    await rm(place, { recursive: true });
    expect(await close()).toEqual([]);
  });
});
