/** Trainings on the explorable as the tests meet them, and an ear at its workers. */
import type { TrialRecord } from '@kindling/studies';
import type { Page } from 'playwright-core';

/** What the page's workers were seen to do. */
export interface RecordedGlobal {
  readonly kindlingWorkers: {
    messages: number;
    ended: number;
    readonly records: TrialRecord[];
  };
}

/** Begins training. */
export async function train(page: Page): Promise<void> {
  await page
    .locator('#training')
    .getByRole('button', { name: /^Train/ })
    .click();
}

/** Waits until every training has ended by itself. */
export async function trained(page: Page): Promise<void> {
  await page.locator('#training').getByRole('button', { name: 'Train again' }).waitFor({ timeout: 120_000 });
}

/** How every training stands, in words. */
export async function standing(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('.standing li').allTextContents();
  return texts.map((text) => text.replace(/\s+/g, ' ').trim());
}

/** Runs in the page before it: hears what each worker answers, and which are ended. Nothing around it goes with it. */
export function hearWorkers(): void {
  const kindlingWorkers: RecordedGlobal['kindlingWorkers'] = { messages: 0, ended: 0, records: [] };
  class HeardWorker extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }) => {
        kindlingWorkers.messages += 1;
        // An answer by comlink: one record of a training, or a list of records, or something else.
        const { ok = false, value = null } = data?.value ?? {};
        if (ok !== true) return;
        for (const each of [value].flat()) {
          if (each?.cell !== undefined && each.trial !== undefined) kindlingWorkers.records.push(each);
        }
      });
    }
    override terminate(): void {
      kindlingWorkers.ended += 1;
      super.terminate();
    }
  }
  Object.assign(globalThis, { Worker: HeardWorker, kindlingWorkers });
}
