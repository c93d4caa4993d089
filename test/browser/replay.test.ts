/** The command that the page shows leaves the files that the page offers: the same bytes, records in any order. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, launchChromium, openStudyPage, waitUntilDone } from './web-page.js';

const cli = fileURLToPath(new URL('../../apps/cli/bin/kindling.js', import.meta.url));

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'kindling-replay-'));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

function sortedLines(text: string): readonly string[] {
  return text.split('\n').sort();
}

describe('the command on the page', () => {
  it.each([
    [
      'both parts',
      '?seed=5&depths=12,5&inits=he-uniform,he-truncated-normal&trials=30&runs=2&maxEpochs=4&run=1',
    ],
    ['lengths alone', '?depths=5,10&inits=he-normal-2x&trials=50&runs=0&run=1'],
    ['trainings alone', '?depths=5&inits=he-normal&trials=0&runs=2&maxEpochs=3&run=1'],
  ])('repeats the study: %s', async (name, query) => {
    const { page, close } = await openStudyPage(browser, { query });
    await waitUntilDone(page);
    const command = (await page.getByText(/^kindling study figure-1 /).textContent()) ?? '';
    const out = join(folder, name.replace(' ', '-'));
    const { NODE_OPTIONS: _, ...env } = process.env;
    const [, ...args] = command.split(' ');
    await promisify(execFile)(process.execPath, [cli, ...args, '--out', out], { env });

    const ours = await Promise.all(
      ['records.jsonl', 'summary.json', 'spec.json'].map((file) => readFile(join(out, file), 'utf8')),
    );
    const [records = '', summary, spec] = ours;
    expect(sortedLines(await download(page, 'records.jsonl'))).toEqual(sortedLines(records));
    expect(await download(page, 'summary.json')).toBe(summary);
    expect(await download(page, 'spec.json')).toBe(spec);
    expect(await close()).toEqual([]);
  });
});
