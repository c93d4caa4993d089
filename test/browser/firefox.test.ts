/** The explorable in a real Firefox, where the machine has one: it judges, and its records are the bytes of Node. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine } from '@kindling/core';
import {
  draftExploreSpec,
  type ExploreQuestion,
  encodeRecordLine,
  exploreCells,
  exploreTrials,
  openTrials,
  parseExploreText,
  type TrialRecord,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { hearWorkers } from './explorable-training.js';
import { startStaticServer } from './static-server.js';
import { webFolder } from './web-page.js';

const firefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));

/** A function needs no images: verdict, lengths and map are measured without a click. */
const query =
  '?net=dense+6*5+he-normal+bias=0.1&net=residual+5*4+he-uniform&data=folded&nets=9&maps=2&runs=1&epochs=20&seed=3';

/** Null until all is measured; then what the page says and every record. It trains as soon as there is a button for it. */
const expression = `(() => {
  const { records } = globalThis.kindlingWorkers;
  const train = [...document.querySelectorAll('#training button')].find((each) => each.textContent === 'Train');
  const second = [...document.querySelectorAll('input[type="radio"]')].find((each) => each.closest('label')?.textContent.includes('Configuration B'));
  if (train !== undefined && !globalThis.trains) { globalThis.trains = true; train.click(); }
  if (records.filter(({ cell }) => cell.startsWith('neurons/')).length >= 2 && second && !second.checked) second.click();
  const names = new Set(records.map(({ cell, trial }) => cell + ' ' + trial));
  if (names.size < EXPECTED || document.querySelector('.verdict-card').ariaBusy === 'true') return null;
  return JSON.stringify({ badge: document.querySelector('.badge').textContent, records });
})()`;

describe.skipIf(firefox === undefined)('Firefox', () => {
  it('judges, maps and trains, and its records are those of Node, byte for byte', async () => {
    const question = parseExploreText(query).question as ExploreQuestion;
    const spec = draftExploreSpec(question, null);
    const run = openTrials(exploreTrials, spec, { engine: createEngine(), dataset: null });
    const here: TrialRecord[] = [];
    for (const { id, trials } of exploreCells(spec)) {
      for (let trial = 0; trial < trials; trial++) here.push(await run({ cell: id, trial }));
    }
    const server = await startStaticServer({ folder: webFolder, isolated: false, prefix: '/' });
    try {
      const script = fileURLToPath(new URL('./firefox-page.mjs', import.meta.url));
      const { NODE_OPTIONS: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          '--experimental-websocket',
          script,
          firefox ?? '',
          `${server.url}${query}`,
          hearWorkers.toString(),
          expression.replace('EXPECTED', String(here.length)),
        ],
        { env, maxBuffer: 64 * 1024 * 1024, timeout: 150_000 },
      );
      const found = JSON.parse(stdout) as {
        readonly badge: string;
        readonly records: readonly TrialRecord[];
      };
      expect(found.badge).toMatch(/^[AB]: \S/);
      const lines = (records: readonly TrialRecord[]) => [...new Set(records.map(encodeRecordLine))].sort();
      expect(lines(found.records)).toEqual(lines(here));
    } finally {
      await server.close();
    }
  });
});
