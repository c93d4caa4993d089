/**
 * A spec run in a real Chromium and in Node gives the same bytes: on a page that is cross-origin isolated and on one
 * that is not, at the root of a site and below a folder, in one go and after a stop.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NodeRun, runInNode } from './study-in-node.js';
import { download, launchChromium, openStudyPage, waitUntilDone } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

describe('figure 1 in the page and in Node', () => {
  // He starts, the truncated one is slow, 2× He diverges at depth, LeCun does not get there: every kind of record.
  const query =
    '?seed=7&depths=5,10,20&inits=he-normal,he-truncated-normal-uncorrected,he-normal-2x,lecun-normal' +
    '&trials=40&runs=2&maxEpochs=5&workers=2&run=1';
  let node: NodeRun;
  beforeAll(async () => {
    node = await runInNode({
      seed: 7,
      depths: [5, 10, 20],
      initializers: ['he-normal', 'he-truncated-normal-uncorrected', 'he-normal-2x', 'lecun-normal'],
      trials: 40,
      runs: 2,
      maxEpochs: 5,
    });
  });

  it('has something to compare: both parts, and trainings that end in different ways', () => {
    const lines = node.records.trimEnd().split('\n');
    expect(lines).toHaveLength(4 * 3 * (40 + 2));
    const outcomes = new Set(lines.flatMap((line) => /"outcome":"([a-z-]+)"/.exec(line)?.[1] ?? []));
    expect(outcomes).toContain('reached');
    expect(outcomes).toContain('diverged');
    expect(outcomes.size).toBeGreaterThan(2);
  });

  it.each([
    { where: 'without isolation, at the root', isolated: false, prefix: '/' },
    { where: 'without isolation, below a folder', isolated: false, prefix: '/some/folder/' },
    { where: 'with isolation, below a folder', isolated: true, prefix: '/some/folder/' },
  ])('are the same bytes $where', async ({ isolated, prefix }) => {
    const { page, close } = await openStudyPage(browser, { query, isolated, prefix });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    await waitUntilDone(page);
    expect(await download(page, 'records.jsonl')).toBe(node.records);
    expect(await download(page, 'summary.json')).toBe(node.summary);
    const { spec, specHash } = JSON.parse(await download(page, 'spec.json'));
    expect({ spec, specHash }).toEqual({
      spec: JSON.parse(node.summary).spec,
      specHash: JSON.parse(node.summary).specHash,
    });
    expect(await close()).toEqual([]);
  });
});

describe('a run that was stopped', () => {
  it('stops at the button, goes on, and ends with the same bytes', async () => {
    // A few seconds of work: LeCun's weights at these depths take all their epochs.
    const node = await runInNode({
      seed: 11,
      depths: [10, 16],
      initializers: ['he-normal', 'lecun-normal'],
      trials: 500,
      runs: 20,
      maxEpochs: 60,
    });
    const query =
      '?seed=11&depths=10,16&inits=he-normal,lecun-normal&trials=500&runs=20&maxEpochs=60&workers=2&run=1';
    const { page, close } = await openStudyPage(browser, { query });
    await page.getByText(/^[1-9][\d,]* of 2,080 trials/).waitFor();
    const stop = page.getByRole('button', { name: 'Stop' });
    await stop.click();
    // At once, that is: on a busy machine within seconds, long before the study would be done.
    await page.getByRole('status').filter({ hasText: 'Stopped' }).waitFor({ timeout: 5000 });
    expect(await stop.isDisabled()).toBe(true);
    expect(await page.getByRole('list', { name: 'Trainings under way' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Go on' }).click();
    await waitUntilDone(page);
    expect(await download(page, 'records.jsonl')).toBe(node.records);
    expect(await download(page, 'summary.json')).toBe(node.summary);

    // Another study on the same page, with no training in it.
    await page.getByRole('textbox', { name: 'Trainings a point' }).fill('0');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('2,000 of 2,000 trials').waitFor();
    await waitUntilDone(page);
    expect(await page.getByRole('link', { name: 'summary.json' }).count()).toBe(1);
    expect(await close()).toEqual([]);
  });
});
