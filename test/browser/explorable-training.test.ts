/**
 * Trainings and maps on the page, as a person sees them: a net that fails stands still and its repair learns, everything
 * can be held and stopped, the page stays free meanwhile, and what was found is what the command finds, byte for byte.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ExploreNeuronsResult,
  type ExploreQuestion,
  type ExploreTrainingResult,
  encodeRecordLine,
  exploreCommand,
  parseExploreText,
  percentText,
  type TrialRecord,
} from '@kindling/studies';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDirectory, kindlingBin, requireBuild } from '../cli/run-kindling.js';
import { openExplorable, verdictOf } from './explorable-page.js';
import { hearWorkers, type RecordedGlobal, standing, train, trained } from './explorable-training.js';
import { launchChromium } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

/** Other processes can make anything late. */
const patient = { timeout: 30_000 };

const button = (page: Page, name: string) =>
  page.locator('#training').getByRole('button', { name, exact: true });

describe('training', () => {
  it('stands still as the page opens; its repair reaches 20 %, and both stand there', async () => {
    const { page, close } = await openExplorable(browser);
    expect(await verdictOf(page)).toBe('The signal vanishes');
    await train(page);
    await trained(page);
    expect(await standing(page)).toEqual([expect.stringContaining('has not reached 20 % in 6 epochs')]);

    await page.getByRole('button', { name: 'Fix it' }).click();
    // Before anything of the new net is known: the click is not lost.
    await train(page);
    await trained(page);
    const [now, before] = await standing(page);
    expect(now).toMatch(/20 % after [1-6] epochs?; /);
    expect(before).toContain('before the fix has not reached 20 %');
    expect(await verdictOf(page)).toBe('It starts');
    expect(await close()).toEqual([]);
  });

  it('of He weights reaches 20 % beside one of Glorot weights that does not', async () => {
    const { page, close } = await openExplorable(browser);
    await page.getByRole('button', { name: 'Figure 1' }).click();
    await train(page);
    await trained(page);
    const [glorot, he] = await standing(page);
    expect(glorot).toMatch(/has not reached 20 %|can never move/);
    expect(he).toMatch(/20 % after [1-6] epochs?; /);
    expect(await page.locator('.line-chart .median').count()).toBe(6);
    expect(await close()).toEqual([]);
  });

  it('that diverges is told and drawn as NaN', async () => {
    const { page, close } = await openExplorable(browser);
    await page.getByRole('button', { name: 'Figure 2' }).click();
    await train(page);
    await trained(page);
    expect((await standing(page))[0]).toContain('diverged in epoch 1');
    await page.locator('.line-chart').getByText('NaN').first().waitFor();
    expect(await close()).toEqual([]);
  });

  it('is paused, makes one epoch, goes on, is reset; and none is made that was not asked for', async () => {
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+10*4+he-normal&nets=0&maps=0&verdict=0&images=100&epochs=90000',
    });
    const epoch = async () => Number(/(?:after|in) (\d+)(?: epochs?)?$/.exec((await words(page)) ?? '')?.[1]);
    await button(page, 'One epoch').click();
    await expect.poll(() => words(page), patient).toContain('before the first step');
    await button(page, 'One epoch').click();
    await expect.poll(epoch, patient).toBe(1);
    await button(page, 'Go on').click();
    await expect.poll(epoch, patient).toBeGreaterThan(20);
    await button(page, 'Pause').click();
    await button(page, 'Go on').waitFor();
    const paused = await epoch();
    await button(page, 'One epoch').click();
    await expect.poll(epoch, patient).toBe(paused + 1);
    await page.waitForTimeout(300);
    expect(await epoch()).toBe(paused + 1);
    await button(page, 'Stop').click();
    await button(page, 'Train again').waitFor();
    expect(await epoch()).toBe(paused + 1);
    await button(page, 'Reset').click();
    await expect.poll(() => words(page), patient).toBe('not trained yet');
    await button(page, 'Train').waitFor();
    expect(await close()).toEqual([]);
  });

  it('stops within 200 ms in the midst of an epoch, and its worker is gone', async () => {
    // An epoch of this net takes many seconds.
    const { page, close } = await openExplorable(browser, {
      query: '?net=dense+500*40+he-normal&nets=0&maps=0&verdict=0',
      script: hearWorkers,
    });
    await train(page);
    await expect.poll(() => words(page), patient).toContain('before the first step');
    await page.waitForTimeout(500);
    const found = await page.evaluate(async () => {
      const { kindlingWorkers } = globalThis as unknown as RecordedGlobal;
      const stop = [...document.querySelectorAll<HTMLButtonElement>('#training button')].find(
        ({ textContent }) => textContent === 'Stop',
      );
      const ended = kindlingWorkers.ended;
      const start = performance.now();
      stop?.click();
      while (stop?.ariaDisabled !== 'true' && performance.now() - start < 5000) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const milliseconds = performance.now() - start;
      const { messages } = kindlingWorkers;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return {
        milliseconds,
        ended: kindlingWorkers.ended - ended,
        later: kindlingWorkers.messages - messages,
      };
    });
    expect(found.milliseconds).toBeLessThan(200);
    expect([found.ended, found.later]).toEqual([1, 0]);
    await button(page, 'Train again').waitFor();
    expect(await close()).toEqual([]);
  });

  it.each([
    [
      'images, four nets at a time',
      '?net=dense+30*10+he-normal&net=dense+30*10+lecun-normal&net=residual+20*10+scale=1/L+he-normal&net=conv+3/2*2,3*4+he-normal&nets=0&maps=0&verdict=0&images=300&epochs=12',
    ],
    [
      'a small function, in thousands of epochs',
      '?net=dense+4*3+he-normal&data=absolute&nets=0&maps=0&verdict=0&epochs=4000&seed=4',
    ],
  ])('leaves the page free: no task over 100 ms with %s', { retry: 2 }, async (_, query) => {
    // Other processes can make a task late, as the browser counts time, not work; what is long by itself is long every time.
    const { page, close } = await openExplorable(browser, { query });
    await button(page, 'Train').waitFor();
    await page.waitForTimeout(500);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { longTasks: seen });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration);
      }).observe({ type: 'longtask' });
    });
    await train(page);
    await trained(page);
    const { longTasks } = await page.evaluate(() => ({
      longTasks: (globalThis as unknown as { readonly longTasks: readonly number[] }).longTasks,
    }));
    expect(Math.max(0, ...longTasks)).toBeLessThan(100);
    expect(await close()).toEqual([]);
  });
});

describe('the numbers of an address', () => {
  const query =
    '?net=dense+12*8+tfjs:dense&net=conv+3/2*2,4*2+he-normal&nets=6&maps=2&images=200&epochs=2&seed=3';
  let folder = '';
  let command: readonly string[] = [];

  beforeAll(async () => {
    requireBuild();
    folder = await emptyDirectory();
    const question = parseExploreText(query).question as ExploreQuestion;
    const line = `${exploreCommand(question)} --workers 1 --out records`;
    const script = `kindling() { "${process.execPath}" "${kindlingBin}" "$@"; }\n${line}\n`;
    await promisify(execFile)('sh', ['-c', script], { cwd: folder });
    const text = await readFile(join(folder, 'records', 'records.jsonl'), 'utf8');
    command = text.trimEnd().split('\n').sort();
  });
  afterAll(async () => {
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  it('are the command’s: every record, byte for byte; and what is shown is what they say', async () => {
    const { page, close } = await openExplorable(browser, { query, script: hearWorkers });
    await page.getByText('The counts: 8 layers').waitFor();
    const mapped = await page.locator('#neurons table').evaluate(cellsOf);
    const pixels = await mapPixels(page);
    await page.getByRole('radio', { name: 'Configuration B' }).check({ force: true });
    await page.getByText('The counts: 4 layers').waitFor();
    expect(await mapPixels(page)).not.toBe(pixels);
    await train(page);
    await trained(page);
    const lines = async () => {
      const { records } = await page.evaluate(
        () => (globalThis as unknown as RecordedGlobal).kindlingWorkers,
      );
      return [...new Set(records.map((record) => encodeRecordLine(record)))].sort();
    };
    await expect.poll(async () => (await lines()).length, patient).toBe(command.length);
    expect(await lines()).toEqual(command);

    const records = command.map((line) => JSON.parse(line) as TrialRecord);
    const resultOf = <Result>(cell: string) => {
      const found = records.find((each) => each.cell.startsWith(cell) && each.trial === 0);
      if (found === undefined) throw new Error(`no ${cell}`);
      return found.result as unknown as Result;
    };
    const map = resultOf<ExploreNeuronsResult>('neurons/784-10/dense');
    const counts = map.layers.map(({ layer, states }) => [
      layer,
      ...['0', '1', '2'].map((digit) => [...states].filter((state) => state === digit).length),
    ]);
    expect(mapped).toEqual(counts.map((row) => row.map(String)));
    const told = await standing(page);
    for (const [index, kind] of ['dense', 'conv'].entries()) {
      const { testAccuracy } = resultOf<ExploreTrainingResult>(`training/784-10/${kind}`);
      const last = Math.round(Number(testAccuracy?.at(-1)) * 1000) / 1000;
      expect(told[index]).toContain(`${percentText(last)} of the test images right after 2`);
    }
    expect(await close()).toEqual([]);
  });
});

/** How the first configuration stands. */
async function words(page: Page): Promise<string | null> {
  return await page.locator('.standing .words').first().textContent();
}

function cellsOf(table: Element): readonly (readonly string[])[] {
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
  );
}

async function mapPixels(page: Page): Promise<string> {
  return await page
    .locator('.neuron-map canvas')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}
