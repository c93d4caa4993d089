/** The explorable as the tests meet it: opening it, and waiting for what it finds out. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { type OpenPage, type OpenPageOptions, openPage } from './web-page.js';

/** Small enough to be judged and measured at once. */
export const smallQuery = '?net=dense+10*12+lecun-normal&nets=10&maps=0&runs=0';

/** Opens the explorable with a query. */
export async function openExplorable(
  browser: Browser,
  options: OpenPageOptions & { readonly dark?: boolean; readonly phone?: boolean } = {},
): Promise<OpenPage> {
  const { dark = false, phone = false, ...rest } = options;
  const opened = await openPage(browser, rest);
  await opened.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  if (phone) await opened.page.setViewportSize({ width: 390, height: 844 });
  return opened;
}

/** The verdict's name, once it is about what is asked now. */
export async function verdictOf(page: Page): Promise<string> {
  await page.locator('.verdict-card[aria-busy="false"] .badge').waitFor();
  return ((await page.locator('.badge').textContent()) ?? '').trim();
}

/** Waits until all nets that were asked for are measured. */
export async function measured(page: Page, nets: number): Promise<void> {
  await page.getByText(new RegExp(`^${nets} random nets? measured`)).waitFor();
}

/** What the address asks for, by key; of nets all. */
export async function addressOf(page: Page, holds: string): Promise<URLSearchParams> {
  await page.waitForURL((url) => url.searchParams.toString().includes(new URLSearchParams(holds).toString()));
  return new URL(page.url()).searchParams;
}

/** What axe finds, of any impact, as one line each. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const require = createRequire(import.meta.url);
  await page.addScriptTag({ content: await readFile(require.resolve('axe-core/axe.min.js'), 'utf8') });
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target.join(' ')} — ${failureSummary}`),
    );
  });
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
}
