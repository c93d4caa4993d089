/** The records of a study, from a page's worker and from Node: studies of the catalog without anything of the page around them. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createEngine } from '@kindling/core';
import {
  type AnyStudy,
  encodeRecordLine,
  hashSpec,
  plan,
  provenanceOf,
  type StudySpec,
  type TrialKey,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset, LabelledImages } from '@kindling/trainer';
import type { Browser } from 'playwright-core';
import { openPage, webFolder } from './web-page.js';

/** What the worker answers. */
type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

/** The worker's side of the pool, as these tests need it. */
interface PageServer {
  prepare(request: unknown, onProgress: null): Promise<Reply<unknown>>;
  run(keys: readonly TrialKey[]): Promise<Reply<readonly TrialRecord[]>>;
}

/** The lines of the records as the worker threads of Node would write them. */
export async function recordsInNode(
  study: AnyStudy,
  spec: StudySpec,
  dataset: Dataset | null,
): Promise<readonly string[]> {
  const engine = createEngine();
  const stamp = { ...provenanceOf(engine), spec: hashSpec(spec).slice(0, 16) };
  const lines: string[] = [];
  for (const key of plan(study, spec)) {
    const result = await study.runTrial({ engine, dataset }, spec, key);
    lines.push(encodeRecordLine({ ...key, ...stamp, result }));
  }
  return lines;
}

/** The lines of the records from a worker of the built page, and what the page complained of. */
export async function recordsInChromium(
  browser: Browser,
  study: AnyStudy,
  spec: StudySpec,
  dataset: Dataset | null,
): Promise<{ readonly records: readonly string[]; readonly complaints: readonly string[] }> {
  const worker = (await readdir(join(webFolder, 'assets'))).find((file) => /^worker-.*\.js$/.test(file));
  const require = createRequire(new URL('../../packages/studies/package.json', import.meta.url));
  const comlink = await readFile(require.resolve('comlink/dist/umd/comlink.js'), 'utf8');
  const { page, close } = await openPage(browser);
  await page.addScriptTag({ content: comlink });
  const records = await page.evaluate(
    async ([file, name, spec, keys, packed]) => {
      const { Comlink } = globalThis as unknown as {
        readonly Comlink: { wrap(worker: Worker): PageServer };
      };
      const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const unpack = (part: { readonly images: string; readonly labels: string }) => ({
        ...part,
        images: bytes(part.images),
        labels: bytes(part.labels),
      });
      const dataset = packed && { ...packed, train: unpack(packed.train), test: unpack(packed.test) };
      const worker = new Worker(new URL(`assets/${file}`, document.baseURI), { type: 'module' });
      const server = Comlink.wrap(worker);
      const prepared = await server.prepare({ study: name, spec, dataset }, null);
      if (!prepared.ok) throw new Error(JSON.stringify(prepared.error));
      const reply = await server.run(keys);
      worker.terminate();
      if (!reply.ok) throw new Error(JSON.stringify(reply.error));
      return reply.value;
    },
    [worker ?? '', study.name, spec, plan(study, spec), dataset && packed(dataset)] as const,
  );
  return { records: records.map(encodeRecordLine), complaints: await close() };
}

/** Bytes do not cross to a page, text does. */
function packed({ train, test, ...rest }: Dataset) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const pack = (part: LabelledImages) => ({ ...part, images: text(part.images), labels: text(part.labels) });
  return { ...rest, train: pack(train), test: pack(test) };
}
