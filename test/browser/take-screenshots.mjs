/**
 * Takes the pictures of the explorable that stand in the README: every preset at the width of a desk and of a phone, from the built page
 * that `kindling ui` serves, once lengths, verdict and the map of neurons have arrived.
 *
 *     pnpm build && node test/browser/take-screenshots.mjs
 *
 * WebP, because such a picture is a third of its PNG; the script fails when one is larger than a README should carry.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { explorePresets } from '@kindling/studies';
import { chromium } from 'playwright-core';
import { ensureChromium } from '../../scripts/ensure-chromium.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const kindling = fileURLToPath(new URL('../../apps/cli/bin/kindling.js', import.meta.url));
/** In pixels of the page; a phone has two dots a pixel. */
const screens = {
  desktop: { width: 1440, height: 1000, dots: 1 },
  phone: { width: 390, height: 844, dots: 2 },
};
const mostBytes = 150_000;
const quality = 82;

/** Starts the page's server. @returns {Promise<{address: string, stop: () => void}>} */
async function serve() {
  const server = spawn(process.execPath, [kindling, 'ui', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    let told = '';
    server.stdout.setEncoding('utf8').on('data', (text) => {
      told += text;
      const found = /https?:\/\/[^\s]+/.exec(told);
      if (found !== null) resolve(found[0]);
    });
    server.once('exit', (code) =>
      reject(new Error(`take-screenshots: kindling ui ended with ${code}; it said ${told}`)),
    );
  });
  return { address, stop: () => server.kill('SIGINT') };
}

/** Waits until nothing on the page will change by itself any more. */
async function settled(page) {
  await page.locator('.verdict-card[aria-busy="false"] .badge').waitFor();
  await page.getByText(/^[\d,]+ random nets? measured/).waitFor();
  await page
    .locator('#neurons')
    .getByText(/^This net is /)
    .waitFor();
  await page.evaluate(() => document.fonts.ready);
}

const { address, stop } = await serve();
const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] });
try {
  await mkdir(folder, { recursive: true });
  for (const { name, query } of explorePresets) {
    for (const [screen, { width, height, dots }] of Object.entries(screens)) {
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: dots,
        colorScheme: 'light',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(240_000);
      await page.goto(`${address.replace(/\?.*$/, '')}?${query.replace(/^\?/, '')}`);
      await settled(page);
      const session = await context.newCDPSession(page);
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
      const bytes = Buffer.from(data, 'base64');
      const file = `${name}-${screen}.webp`;
      if (bytes.length > mostBytes) {
        throw new Error(`take-screenshots: ${file} has ${bytes.length} bytes; expected at most ${mostBytes}`);
      }
      await writeFile(`${folder}${file}`, bytes);
      console.log(`${file}  ${bytes.length} bytes`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  stop();
}
