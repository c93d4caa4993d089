/**
 * What is taken away from the explorable: the records of the page are those of the very command and the very program it offers,
 * byte for byte, and so are summary, spec and report; drawings and tables are files that stand by themselves.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainEnvironment } from '../documentation/run-command.js';
import { accessibilityProblems, measured, openExplorable, verdictOf } from './explorable-page.js';
import { download, launchChromium } from './web-page.js';

const run = promisify(execFile);
const kindlingBin = fileURLToPath(new URL('../../apps/cli/bin/kindling.js', import.meta.url));

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  // Inside the workspace, where a program finds the library.
  folder = await mkdtemp(fileURLToPath(new URL('../node_modules/.taken-', import.meta.url)));
});
afterAll(async () => {
  await browser?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const panelOf = (page: Page) => page.getByRole('region', { name: 'Take it away' });
const query =
  '?net=dense+9*4+lecun-normal&net=residual+8*3+scale=1/L+he-normal&seed=4&images=150&nets=5&maps=1&runs=1&epochs=2&verdict=1';

/** Runs the whole study, and gives its files. */
async function wholeStudy(page: Page): Promise<ReadonlyMap<string, string>> {
  await panelOf(page).getByRole('button', { name: 'Run all of it and download the records' }).click();
  await panelOf(page).getByRole('status').filter({ hasText: 'Done.' }).waitFor();
  const names = ['records.jsonl', 'summary.json', 'spec.json', 'report.html'];
  const files = new Map<string, string>();
  for (const name of names) files.set(name, await download(page, name));
  return files;
}

/** What a button saves. */
async function saved(page: Page, button: Locator): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return await readFile(await file.path());
}

const linesOf = (text = '') => text.split('\n');
const sorted = (lines: string) => lines.trimEnd().split('\n').sort();

describe('the whole study', () => {
  it('has the bytes of the command and of the program that the page offers', async () => {
    const { page, close } = await openExplorable(browser, { query });
    const files = await wholeStudy(page);
    const command = await panelOf(page).getByRole('region', { name: 'Command' }).textContent();
    await panelOf(page).getByText('As a program, with the library').click();
    const program = await panelOf(page).getByRole('region', { name: 'Program' }).textContent();
    expect(await close()).toEqual([]);

    const out = join(folder, 'out');
    const script = `kindling() { "${process.execPath}" "${kindlingBin}" "$@"; }\n${command} --out '${out}'\n`;
    await run('sh', ['-c', script], { cwd: folder, env: plainEnvironment() });
    const written = async (name: string) => await readFile(join(out, name), 'utf8');
    // On disk records stand in the order in which two workers finished them.
    expect(sorted(files.get('records.jsonl') ?? '')).toEqual(sorted(await written('records.jsonl')));
    // Two verdicts, five nets, a map and a training, of two configurations.
    expect(sorted(files.get('records.jsonl') ?? '')).toHaveLength(2 * (1 + 5 + 1 + 1));
    for (const name of ['summary.json', 'spec.json', 'report.html']) {
      expect(linesOf(files.get(name)), name).toEqual(linesOf(await written(name)));
    }

    const file = join(folder, 'program.mjs');
    await writeFile(file, program ?? '');
    const { stdout } = await run(process.execPath, [file], { cwd: folder, env: plainEnvironment() });
    expect(sorted(stdout)).toEqual(sorted(files.get('records.jsonl') ?? ''));
  });

  it('with another seed is another study', async () => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+9*4+lecun-normal&nets=3&maps=0&runs=0&verdict=0',
    });
    const first = await wholeStudy(page);
    await page.getByRole('textbox', { name: 'Seed', exact: true }).fill('2');
    await panelOf(page).getByRole('link', { name: 'records.jsonl' }).waitFor({ state: 'detached' });
    const second = await wholeStudy(page);
    expect(second.get('records.jsonl')).not.toBe(first.get('records.jsonl'));
    expect(await close()).toEqual([]);
  });

  it('is stopped at once, and the page lives on', async () => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+100*30+he-normal&nets=2000&maps=0&runs=8&epochs=200',
    });
    const panel = panelOf(page);
    await panel.getByRole('button', { name: 'Run all of it and download the records' }).click();
    await panel.getByText(/\d of 2,009 trials/).waitFor();
    await panel.getByRole('button', { name: 'Stop the run' }).click();
    await panel.getByRole('status').filter({ hasText: 'Stopped' }).waitFor({ timeout: 1000 });
    expect(await panel.getByRole('link').count()).toBe(0);
    expect(await verdictOf(page)).not.toBe('');
    expect(await close()).toEqual([]);
  });
});

describe('links, drawings and tables', () => {
  it('the address follows the question, is copied, and opens the same', async () => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+9*4+lecun-normal&nets=3&maps=0&runs=0',
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('textbox', { name: 'Depth', exact: true }).fill('7');
    const field = panelOf(page).getByRole('textbox', { name: 'Address of this page' });
    await expect.poll(() => field.inputValue()).toContain('net=dense+9*7+lecun-normal');
    await panelOf(page).getByRole('button', { name: 'Copy link' }).click();
    await panelOf(page).getByText('Copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await field.inputValue());
    await measured(page, 3);
    await page.goto(copied);
    expect(await page.getByRole('textbox', { name: 'Depth', exact: true }).inputValue()).toBe('7');
    await measured(page, 3);
    expect(await close()).toEqual([]);
  });

  it.each([false, true])('the drawing is a file by itself, as SVG and PNG (dark: %s)', async (dark) => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+9*6+lecun-normal&nets=20&maps=0&runs=0',
      dark,
    });
    await verdictOf(page);
    await measured(page, 20);
    const svg = (await saved(page, panelOf(page).getByRole('button', { name: 'Lengths, SVG' }))).toString(
      'utf8',
    );
    // Nothing of the page is needed: no classes, variables, mixed or inherited colors.
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/class=|var\(|color-mix|oklab|currentcolor/i);
    expect(svg).toContain(`fill="${dark ? '#14181d' : '#ffffff'}"`);
    const png = await saved(page, panelOf(page).getByRole('button', { name: 'Lengths, PNG' }));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // The file, opened on an empty page, looks as the drawing did: as many different colors, not one black sheet.
    const colors = await page.evaluate(
      async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        const counts = new Map<number, number>();
        for (let i = 0; i < data.length; i += 4) {
          const color = ((data[i] ?? 0) << 16) + ((data[i + 1] ?? 0) << 8) + (data[i + 2] ?? 0);
          counts.set(color, (counts.get(color) ?? 0) + 1);
        }
        const [[ground = -1, share = 0] = []] = [...counts].sort((a, b) => b[1] - a[1]);
        return { ground, share: (4 * share) / data.length, different: counts.size };
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
    expect(colors.ground).toBe(dark ? 0x14181d : 0xffffff);
    expect(colors.share).toBeGreaterThan(0.5);
    expect(colors.share).toBeLessThan(0.99);
    expect(colors.different).toBeGreaterThan(50);
    expect(await close()).toEqual([]);
  });

  it('the numbers are tables with a line a layer, and a line an epoch', async () => {
    const { page, close } = await openExplorable(browser, {
      query:
        '?net=dense+9*4+lecun-normal&net=dense+9*6+he-normal&images=100&nets=10&maps=0&runs=1&epochs=2&verdict=0',
    });
    await measured(page, 10);
    const lengths = panelOf(page).getByRole('button', { name: 'Lengths by layer, CSV' });
    await expect
      .poll(
        async () =>
          (await saved(page, lengths))
            .toString('utf8')
            .split('\r\n')
            .filter((line) => /,\d[\d.]*$/.test(line)).length,
      )
      .toBe(4 + 6);
    const training = panelOf(page).getByRole('button', { name: 'Training by epoch, CSV' });
    expect(await training.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor();
    const epochs = (await saved(page, training)).toString('utf8').trimEnd().split('\r\n');
    expect(epochs[0]).toBe('series,configuration,epoch,loss,test_accuracy,dead_neurons');
    expect(epochs).toHaveLength(1 + 2 * 3);
    expect(await close()).toEqual([]);
  });

  it('has nothing that axe finds, with the program open', async () => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+9*4+lecun-normal&nets=3&maps=0&runs=0',
    });
    await verdictOf(page);
    await panelOf(page).getByText('As a program, with the library').click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await close();
  });
});
