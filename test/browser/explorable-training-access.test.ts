/** Trainings and maps for everybody: what axe finds while they go on and after, the keyboard alone, what is told. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, openExplorable, verdictOf } from './explorable-page.js';
import { launchChromium } from './web-page.js';

/** Two small nets with everything that can be asked; trainings that end only when they are stopped. */
const query =
  '?net=dense+10*6+lecun-normal&net=dense+10*6+he-normal&nets=10&maps=3&images=100&runs=2&epochs=90000';
const patient = { timeout: 30_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

const button = (page: Page, name: string) =>
  page.locator('#training').getByRole('button', { name, exact: true });

describe('axe', () => {
  it.each([
    { dark: false, phone: false },
    { dark: true, phone: false },
    { dark: false, phone: true },
    { dark: true, phone: true },
  ])('finds nothing while nets are trained, and after: %o', async (options) => {
    const { page, close } = await openExplorable(browser, { ...options, query });
    await verdictOf(page);
    await page.getByText('The counts: 6 layers').click();
    await page.locator('.training-settings summary').click();
    await button(page, 'Train').click();
    await expect
      .poll(() => page.locator('.standing .words').first().textContent(), patient)
      .toContain('right');
    expect(await accessibilityProblems(page)).toEqual([]);
    await button(page, 'Stop').click();
    await page.getByRole('slider', { name: 'Layer to read in the map' }).focus();
    await page.keyboard.press('Home');
    expect(await accessibilityProblems(page)).toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width).toBeLessThanOrEqual(0);
    expect(await close()).toEqual([]);
  });
});

describe('the keyboard alone', () => {
  it('trains, pauses, steps, stops and resets, and the focus is never lost', async () => {
    const { page, close } = await openExplorable(browser, { query });
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await button(page, 'Train').focus();
    await page.keyboard.press('Enter');
    await button(page, 'Pause').waitFor();
    expect(await focused()).toBe('Pause');
    await expect
      .poll(() => page.locator('.standing .words').first().textContent(), patient)
      .toContain('right');
    await page.keyboard.press('Enter');
    await button(page, 'Go on').waitFor();
    expect(await focused()).toBe('Go on');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('One epoch');
    await page.keyboard.press('Enter');
    await button(page, 'Go on').waitFor();
    // The button that was pressed is not usable while the epoch is under way, and has the focus all the same.
    expect(await focused()).toBe('One epoch');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Stop');
    await page.keyboard.press('Enter');
    await button(page, 'Train again').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Reset');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.standing .words').first().textContent()).toBe('not trained yet');
    expect(await close()).toEqual([]);
  });

  it('reads the map layer by layer, and what is read is the slider’s value; chooses another net', async () => {
    const { page, close } = await openExplorable(browser, { query });
    const map = page.getByRole('slider', { name: 'Layer to read in the map' });
    await map.focus();
    await page.keyboard.press('Home');
    await page
      .locator('#neurons .reading')
      .getByText(/^Layer 1: of 10 neurons, /)
      .waitFor();
    expect(await map.getAttribute('aria-valuetext')).toMatch(/^Layer 1: of 10 neurons, \d+ active/);
    await page.keyboard.press('ArrowRight');
    await page
      .locator('#neurons .reading')
      .getByText(/^Layer 2: /)
      .waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await map.getAttribute('aria-valuenow')).toBe('1');
    await page.keyboard.press('End');
    expect(await map.getAttribute('aria-valuenow')).toBe('6');
    const picture = () =>
      map.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const first = await picture();
    const net = page.getByRole('spinbutton', { name: 'Net' });
    await net.focus();
    await page.keyboard.press('ArrowUp');
    expect(await net.inputValue()).toBe('2');
    await expect.poll(picture).not.toBe(first);
    expect(await close()).toEqual([]);
  });

  it('sees where it is: everything that has the focus shows it', async () => {
    const { page, close } = await openExplorable(browser, { query });
    await verdictOf(page);
    await page.getByText('The counts: 6 layers').waitFor();
    const bare: string[] = [];
    const seen = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const { activeElement: element } = document;
        if (element === null || element === document.body) return null;
        // What is drawn for a control may be its label.
        const drawn = [element, element.nextElementSibling, element.parentElement];
        const visible = drawn.some((each) => {
          if (each === null) return false;
          const { outlineStyle, outlineWidth } = getComputedStyle(each);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
        });
        return { name: element.outerHTML.slice(0, 140), visible };
      });
      if (at === null || seen.has(at.name)) break;
      seen.add(at.name);
      if (!at.visible) bare.push(at.name);
    }
    expect(seen.size).toBeGreaterThan(25);
    expect(bare).toEqual([]);
    await close();
  });
});
