/** What the explorable asks of a host: static files, below any folder, with or without headers; and how many bytes it is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measured, openExplorable, smallQuery, verdictOf } from './explorable-page.js';
import { launchChromium, webFolder } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

describe('a host', () => {
  it.each([
    { isolated: false, prefix: '/' },
    { isolated: false, prefix: '/some/folder/' },
    { isolated: true, prefix: '/some/folder/' },
  ])('may serve the page anywhere, with headers or without: %o', async (options) => {
    const { page, server, close } = await openExplorable(browser, { ...options, query: smallQuery });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(options.isolated);
    expect(await verdictOf(page)).toBe('The signal vanishes');
    await measured(page, 10);
    const words = options.isolated ? 'share one copy' : 'its own copy';
    expect(await page.getByRole('contentinfo').textContent()).toContain(words);
    expect(server.notFound).toEqual([]);
    expect(await close()).toEqual([]);
  });

  it('that sends no headers has an isolated page at the second visit, and the first one is left in peace', async () => {
    const { page, close } = await openExplorable(browser, { prefix: '/some/folder/', query: smallQuery });
    let visits = 1;
    page.on('load', () => {
      visits += 1;
    });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await measured(page, 10);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(visits).toBe(1);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await verdictOf(page)).toBe('The signal vanishes');
    await measured(page, 10);
    expect(visits).toBe(2);
    expect(await close()).toEqual([]);
  });

  it('without the worker’s file has a page that says so', async () => {
    const { page, close } = await openExplorable(browser, { query: smallQuery, missing: /explore-worker/ });
    await page
      .getByRole('alert')
      .getByText(/a worker of the page ended/)
      .first()
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Depth' }).inputValue()).toBe('12');
    const others = (await close()).filter((text) => !/404|explore-worker-[^/]*\.js failed$/.test(text));
    expect(others).toEqual([]);
  });
});

describe('the first visit', () => {
  it('takes less than 300 kB, compressed, before data', async () => {
    const { page, server, close } = await openExplorable(browser, { query: smallQuery });
    // A second visit in the same browser asks for all the files again, and none is under way that it would cut off.
    await verdictOf(page);
    await measured(page, 10);
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).pathname));
    await page.goto(`${server.url}${smallQuery}`);
    await verdictOf(page);
    await measured(page, 10);
    const files = new Map<string, number>();
    for (const path of asked) {
      if (path.endsWith('.gz')) continue;
      const file = join(webFolder, path === '/' ? 'index.html' : path);
      files.set(path, gzipSync(await readFile(file)).length);
    }
    const names = [...files.keys()].join(' ');
    // A sum that misses the large parts proves nothing.
    for (const part of [/index-[^ ]*\.js/, /index-[^ ]*\.css/, /explore-worker-[^ ]*\.js/])
      expect(names).toMatch(part);
    const total = [...files.values()].reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(100_000);

    expect(total).toBeLessThan(300_000);
    expect(await close()).toEqual([]);
  });
});
