/**
 * The studies that the page does not offer, in its worker: a real Chromium makes the same records as Node, to the byte.
 * The page's own worker file is asked, in the language of the pool (comlink).
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createEngine } from '@kindling/core';
import {
  type AnyStudy,
  dataDependent,
  dataDependentSpec,
  dyingRelu,
  dyingReluSpec,
  encodeRecordLine,
  figure4,
  figure4Spec,
  hashSpec,
  lengthVariance,
  lengthVarianceSpec,
  plan,
  provenanceOf,
  type StudySpec,
  type TrialKey,
  type TrialRecord,
  trainability,
  trainabilitySpec,
} from '@kindling/studies';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPage, webFolder } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

/** Every function, initializer and optimizer, convolutional and residual nets; short trainings, as a bit once astray stays so. */
const studies: readonly (readonly [AnyStudy, StudySpec])[] = [
  [trainability, trainabilitySpec({ widths: [3, 9], runs: 3, maxSteps: 400, seed: 5 })],
  [trainability, trainabilitySpec({ widths: [6], runs: 2, maxSteps: 400, optimizer: 'momentum' })],
  [
    dyingRelu,
    dyingReluSpec({ runs: 4, maxSteps: 200, initializers: ['he-normal', 'he-normal-biases', 'rai'] }),
  ],
  [dataDependent, dataDependentSpec({ runs: 2, epochs: 100 })],
  // Convolutions of every padding, and residual nets.
  [figure4, figure4Spec({ quick: true, trials: 2 })],
  [figure4, figure4Spec({ padding: 'zero', size: 9, depths: [4, 20], trials: 3 })],
  [figure4, figure4Spec({ padding: 'valid', size: 9, depths: [4], trials: 3 })],
  [lengthVariance, lengthVarianceSpec({ depths: [2, 20], nets: 20, residualNets: 5 })],
];

/** What the worker answers. */
type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

/** The worker's side of the pool, as this test needs it. */
interface PageServer {
  prepare(request: unknown, onProgress: null): Promise<Reply<unknown>>;
  run(keys: readonly TrialKey[]): Promise<Reply<readonly TrialRecord[]>>;
}

/** The records as the worker threads of Node would write them. */
async function recordsInNode(study: AnyStudy, spec: StudySpec): Promise<readonly string[]> {
  const engine = createEngine();
  const stamp = { ...provenanceOf(engine), spec: hashSpec(spec).slice(0, 16) };
  const lines: string[] = [];
  for (const key of plan(study, spec)) {
    const result = await study.runTrial({ engine, dataset: null }, spec, key);
    lines.push(encodeRecordLine({ ...key, ...stamp, result }));
  }
  return lines;
}

describe('studies without a page', () => {
  it.each(studies.map(([study, spec], i) => [study.name, i, study, spec] as const))(
    '%s (%d): Chromium’s records are Node’s',
    async (name, _, study, spec) => {
      const worker = (await readdir(join(webFolder, 'assets'))).find((file) => /^worker-.*\.js$/.test(file));
      const require = createRequire(new URL('../../packages/studies/package.json', import.meta.url));
      const comlink = await readFile(require.resolve('comlink/dist/umd/comlink.js'), 'utf8');
      const { page, close } = await openPage(browser);
      await page.addScriptTag({ content: comlink });
      const records = await page.evaluate(
        async ([file, study, spec, keys]) => {
          const { Comlink } = globalThis as unknown as {
            readonly Comlink: { wrap(worker: Worker): PageServer };
          };
          const worker = new Worker(new URL(`assets/${file}`, document.baseURI), { type: 'module' });
          const server = Comlink.wrap(worker);
          const prepared = await server.prepare({ study, spec, dataset: null }, null);
          if (!prepared.ok) throw new Error(JSON.stringify(prepared.error));
          const reply = await server.run(keys);
          worker.terminate();
          if (!reply.ok) throw new Error(JSON.stringify(reply.error));
          return reply.value;
        },
        [worker ?? '', name, spec, plan(study, spec)] as const,
      );
      expect(records.map(encodeRecordLine)).toEqual(await recordsInNode(study, spec));
      expect(await close()).toEqual([]);
    },
  );
});
