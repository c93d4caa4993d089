/** The explorable for everybody: what axe finds, the keyboard alone, a phone, what a screen reader is told. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, measured, openExplorable, smallQuery, verdictOf } from './explorable-page.js';
import { launchChromium } from './web-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

describe('axe', () => {
  it.each([
    { dark: false, phone: false },
    { dark: true, phone: false },
    { dark: false, phone: true },
    { dark: true, phone: true },
  ])('finds nothing: %o', async (options) => {
    const { page, close } = await openExplorable(browser, { ...options, query: smallQuery });
    await verdictOf(page);
    await measured(page, 10);
    // Everything that folds away is part of the page, too.
    if (options.phone) await page.getByRole('button', { name: /Change/ }).click();
    await page.getByRole('button', { name: '+ Compare' }).click();
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await close()).toEqual([]);
  });

  it('would find what is wrong', async () => {
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<button></button><p style="color:#ddd">pale</p>');
    });
    const problems = await accessibilityProblems(page);
    expect(problems.some((text) => text.includes('button-name'))).toBe(true);
    expect(problems.some((text) => text.includes('color-contrast'))).toBe(true);
    await close();
  });
});

describe('the keyboard alone', () => {
  it('changes the depth, reads a layer, fixes the net and takes it back', async () => {
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    expect(await verdictOf(page)).toBe('The signal vanishes');
    const slider = page.getByRole('slider', { name: 'Depth, slider' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/net=dense\+10\*13\+lecun-normal/);
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/net=dense\+10\*12\+lecun-normal/);

    await measured(page, 10);
    await page.getByRole('slider', { name: 'Layer to read' }).focus();
    await page.keyboard.press('Home');
    await page.getByText('Input: length 1, by definition.').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^Layer 1 · theory: mean 0\.500, typical/).waitFor();
    await page.keyboard.press('End');
    await page.getByText(/^Layer 12 · /).waitFor();

    await page.getByRole('button', { name: 'Fix it' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'It starts' }).waitFor();
    // The button is gone, and the focus is where it was: what comes next is the card's next control.
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('verdict-card');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Undo the fix');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'The signal vanishes' }).waitFor();
    expect(await close()).toEqual([]);
  });

  it('goes through every control in the order of the page, and never gets stuck', async () => {
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await verdictOf(page);
    const seen: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const { activeElement: element } = document;
        return element === null || element === document.body ? '' : element.outerHTML.slice(0, 160);
      });
      // Behind the last one is the browser itself, or the first one again.
      if (at === '' || at === seen[0]) break;
      seen.push(at);
    }
    expect(seen.length).toBeGreaterThan(15);
    expect(seen.length).toBeLessThan(60);
    expect(seen.filter((at, i) => seen.indexOf(at) !== i)).toEqual([]);
    await close();
  });
});

describe('a phone', () => {
  it('has no sideways scrolling, before and after everything is opened', async () => {
    const { page, close } = await openExplorable(browser, { phone: true, query: smallQuery });
    await verdictOf(page);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(390);
    await page.getByRole('button', { name: /Change/ }).click();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.getByRole('button', { name: 'Fix it' }).click();
    await page.getByText('Before and after the fix').waitFor();
    expect(await width()).toBe(390);
    expect(await close()).toEqual([]);
  });
});

describe('a screen reader', () => {
  it('is told the verdict when it changes, and what the drawing shows', async () => {
    const { page, close } = await openExplorable(browser, { query: smallQuery });
    await measured(page, 10);
    const drawing = page.getByRole('img', { name: /^Length of the signal by layer on a logarithmic axis/ });
    expect(await drawing.getAttribute('aria-label')).toMatch(
      /12 layers\. By theory the mean length at the last layer is 2\.44 × 10⁻⁴ times/,
    );
    await page.getByText('The numbers of A: 12 layers').click();
    const rows = page.getByRole('region', { name: 'Lengths by layer' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(13);
    expect(await page.getByRole('status').first().textContent()).toContain('The signal vanishes');
    expect(await close()).toEqual([]);
  });
});
