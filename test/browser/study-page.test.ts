/**
 * The page as a person meets it: what a screen reader finds, what is said of wrong settings and of failures, and that
 * it lives on after each. Numbers are the business of the parity test beside it.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openStudyPage, waitUntilDone, webFolder } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

const small = 'depths=5&inits=he-normal&trials=20&runs=1&maxEpochs=3&workers=1';
const alertOf = (page: Page) => page.getByRole('alert');

describe('the page of figure 1', () => {
  it('has a worker with the trials in it', async () => {
    // A bundler that believes in the absence of side effects makes an empty worker without a warning.
    // The page names it: files of an earlier build may lie beside it.
    const scripts = [
      ...(await readFile(join(webFolder, 'study.html'), 'utf8')).matchAll(/src="([^"]+\.js)"/g),
    ];
    const sources = await Promise.all(
      scripts.map(([, script = '']) => readFile(join(webFolder, script), 'utf8')),
    );
    const workers = new Set(sources.join('').match(/worker-[\w-]+\.js/g));
    expect([...workers]).toHaveLength(1);
    expect((await stat(join(webFolder, 'assets', [...workers][0] ?? ''))).size).toBeGreaterThan(10_000);
  });

  it('can be used by name and role, and by keyboard alone', async () => {
    const { page, close } = await openStudyPage(browser, { query: `?${small}` });
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.getByRole('textbox', { name: 'Depths' }).inputValue()).toBe('5');
    for (const name of ['Seed', 'Nets a point', 'Trainings a point', 'Epochs at most', 'Workers']) {
      expect(await page.getByRole('textbox', { name }).count(), name).toBe(1);
    }
    const choice = page.getByRole('group', { name: 'Initializations' });
    expect(await choice.getByRole('checkbox').count()).toBe(9);
    expect(await choice.getByRole('checkbox', { name: 'He normal', exact: true }).isChecked()).toBe(true);
    expect(await choice.getByRole('checkbox', { name: 'LeCun uniform' }).isChecked()).toBe(false);
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);

    await page.getByRole('checkbox', { name: 'LeCun uniform' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('textbox', { name: 'Seed' }).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('3');
    await page.waitForURL(/[?&]seed=3&.*inits=he-normal,lecun-uniform$/);
    await page.keyboard.press('Enter');
    await waitUntilDone(page);
    expect(await page.getByRole('progressbar', { name: 'Progress of the run' }).getAttribute('value')).toBe(
      '100',
    );
    await page.getByRole('img', { name: /Mean length of the last hidden layer/ }).waitFor();
    await page.getByRole('img', { name: /Epochs to 20 % test accuracy/ }).waitFor();
    await page.getByRole('heading', { name: 'What this run found' }).waitFor();
    await page.getByText('42 of 42 trials').waitFor();
    expect(await close()).toEqual([]);
  });

  it('fits a phone', async () => {
    const { page, close } = await openStudyPage(browser, { query: `?${small}&run=1` });
    await page.setViewportSize({ width: 390, height: 844 });
    await waitUntilDone(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await close()).toEqual([]);
  });
});

describe('wrong settings in the address', () => {
  it.each([
    ['seed=abc', 'Seed: expected a whole number from 0 to 9007199254740991, got “abc”'],
    ['seed=1e3', 'Seed: expected a whole number'],
    ['depths=5,0', 'Depths: expected whole numbers from 1 to 1000, got “0”'],
    ['depths=5,5', 'Depths: expected each depth once, got 5 twice'],
    [
      'inits=he-norml',
      'Initializations: nothing is called “he-norml”; expected some of he-normal, he-uniform',
    ],
    ['inits=', 'Initializations: expected at least one'],
    ['trials=0&runs=0', 'nothing to do'],
    ['maxEpochs=0', 'Epochs at most: expected a whole number from 1 to 100000, got “0”'],
    ['sede=3', 'the address has a parameter “sede”'],
    ['run=yes', 'run=yes; expected 1'],
  ])('%s is told in words, and nothing starts', async (query, message) => {
    const { page, close } = await openStudyPage(browser, {
      query: `?${query}${query.startsWith('run') ? '' : '&run=1'}`,
    });
    await alertOf(page).getByText(message).waitFor();
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
    expect(await close()).toEqual([]);
  });

  it('can be corrected on the page', async () => {
    const { page, close } = await openStudyPage(browser, { query: `?${small}&seed=-1&run=1` });
    const seed = page.getByRole('textbox', { name: 'Seed' });
    expect(await seed.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await alertOf(page).getByText('Seed: expected a whole number').waitFor();
    await seed.fill('5');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await waitUntilDone(page);
    expect(await alertOf(page).textContent()).toBe('');
    expect(await close()).toEqual([]);
  });
});

describe('failures', () => {
  // Chromium itself tells of every file that does not arrive; nothing else may be told.
  const beyondMissingFiles = (complaints: readonly string[]) =>
    complaints.filter((text) => !/Failed to load resource.*404|\/worker-[^/]*\.js failed$/.test(text));

  it('tells that the workers cannot be loaded, and lives on', async () => {
    const { page, server, close } = await openStudyPage(browser, {
      query: `?${small}&run=1`,
      missing: /worker-/,
    });
    await alertOf(page).getByText('workers died one after the other').waitFor();
    await page.getByRole('status').filter({ hasText: 'failed' }).waitFor();
    expect(server.notFound.length).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isEnabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Seed' }).fill('2');
    await page.waitForURL(/[?&]seed=2&/);
    expect(beyondMissingFiles(await close())).toEqual([]);
  });

  it('tells that the images cannot be loaded, and runs what needs none', async () => {
    const { page, close } = await openStudyPage(browser, {
      query: `?${small}&run=1`,
      missing: /t10k-images/,
    });
    await alertOf(page)
      .getByText(/the images did not arrive.*t10k-images.*404/)
      .waitFor();
    await page.getByRole('textbox', { name: 'Trainings a point' }).fill('0');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await waitUntilDone(page);
    expect(await alertOf(page).textContent()).toBe('');
    expect(beyondMissingFiles(await close())).toEqual([]);
  });
});
