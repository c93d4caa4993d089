/**
 * Opens the built page in a real Chromium and listens to it: everything it prints as an error, every exception nobody
 * caught and every request that failed is kept, and `close` hands it over.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/ensure-chromium.mjs';
import { type StaticServer, type StaticServerOptions, startStaticServer } from './static-server.js';

/** The built page. */
export const webFolder = fileURLToPath(new URL('../../apps/web/dist', import.meta.url));

/** Starts the system's Chromium, headless. */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(join(webFolder, 'index.html'))) {
    throw new Error(
      'web page: apps/web/dist has no index.html; expected a built page — run "pnpm build" first',
    );
  }
  return await chromium.launch({
    executablePath: ensureChromium(),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of a site of its own. */
export interface OpenPage {
  readonly page: Page;
  readonly server: StaticServer;
  /** What the page has complained of so far. */
  readonly complaints: readonly string[];
  /** Closes page and server; gives every complaint. */
  close(): Promise<readonly string[]>;
}

/** How to open the page; what is left out is an ordinary site: no special headers, at the root. */
export interface OpenPageOptions extends Partial<Omit<StaticServerOptions, 'folder'>> {
  /** The query, such as `?seed=7`. Default: none. */
  readonly query?: string;
  /** Which page of the site: `study.html` is that of figure 1. Default: the explorable, which is the site's index. */
  readonly file?: string;
  /** Runs in the page before its own scripts; nothing around it goes with it. */
  readonly script?: () => void;
}

/** Serves the built page and opens it. */
export async function openPage(browser: Browser, options: OpenPageOptions = {}): Promise<OpenPage> {
  const { query = '', isolated = false, prefix = '/', file = '', missing, script } = options;
  const server = await startStaticServer({
    folder: webFolder,
    isolated,
    prefix,
    ...(missing === undefined ? {} : { missing }),
  });
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  if (script !== undefined) await page.addInitScript(script);
  await page.goto(`${server.url}${file}${query}`);
  return {
    page,
    server,
    complaints,
    close: async () => {
      await context.close();
      await server.close();
      return complaints;
    },
  };
}

/** The same of the page of figure 1. */
export async function openStudyPage(browser: Browser, options: OpenPageOptions = {}): Promise<OpenPage> {
  return await openPage(browser, { ...options, file: 'study.html' });
}

/** Waits until the run of the page of figure 1 is done. */
export async function waitUntilDone(page: Page): Promise<void> {
  await page.getByRole('status').filter({ hasText: /^Done/ }).waitFor();
}

/** The file behind a download link of the page, fetched as a person does: by clicking it. */
export async function download(page: Page, name: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name, exact: true }).click(),
  ]);
  return await readFile(await file.path(), 'utf8');
}
