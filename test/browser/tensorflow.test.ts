/**
 * `@kindling/tfjs` in a real Chromium, bundled as an app would bundle it, with the WebAssembly binaries of the npm package served beside
 * it: the same diagnosis, repair and numbers as in Node.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindlingInitializer } from '@kindling/tfjs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StaticServer, startStaticServer } from './static-server.js';
import { launchChromium } from './web-page.js';

interface Answer {
  readonly backend: string;
  readonly verdict: string;
  readonly lengthFactor: number;
  readonly lengths: readonly number[];
  readonly gradients: string | null;
  readonly leaked: readonly number[];
  readonly repaired: string;
  readonly log10Length: number;
  readonly drawn: readonly number[];
  readonly heNormal: number;
}

let folder = '';
let browser: Browser | null = null;
let server: StaticServer | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindling-tensorflow-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('tensorflow-page.mjs', import.meta.url)),
        formats: ['es'],
        fileName: () => 'page.js',
      },
    },
  });
  await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>');
  const require = createRequire(import.meta.url);
  const binaries = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  await cp(binaries, join(folder, 'wasm'), {
    recursive: true,
    filter: (source) => source === binaries || source.endsWith('.wasm'),
  });
  server = await startStaticServer({ folder, isolated: false, prefix: '/' });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('in Chromium, on tfjs-backend-wasm', () => {
  it('a stock net is diagnosed and repaired, nothing leaks, and numbers are those of Node', async () => {
    if (browser === null || server === null) throw new Error('there is a browser');
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(server.url);
    await page.waitForFunction('typeof globalThis.answer === "function"');
    const found = (await page.evaluate('globalThis.answer()')) as Answer;
    expect(errors).toEqual([]);
    // The icon is what a browser asks for by itself.
    expect(server.notFound.filter((path) => path !== '/favicon.ico')).toEqual([]);
    expect(found.backend).toBe('wasm');
    expect(found.verdict).toBe('fm1-vanishing');
    expect(found.lengthFactor).toBeCloseTo(0.7737413, 6);
    expect(found.lengths).toHaveLength(51);
    expect(found.gradients).toBeNull();
    expect(found.leaked).toEqual([0, 0]);
    expect(found.repaired).toBe('starts');
    expect(found.log10Length).toBeGreaterThan(-3);
    expect(Math.abs(found.heNormal - 0.7737413)).toBeLessThan(0.012);
    expect(await tf.setBackend('wasm')).toBe(true);
    const drawn = kindlingInitializer('he-laplace', { seed: 9, layer: 2 }).apply([3, 3, 2, 4]);
    expect(found.drawn).toEqual(Array.from(drawn.dataSync()));
  });
});
