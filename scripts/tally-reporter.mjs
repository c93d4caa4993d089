/**
 * Vitest reporter that writes what `scripts/test.mjs` counts to the JSON file named by KINDLING_TALLY: tests passed and
 * failed, and every skipped test with its reason. A test file that does not load, and an error outside any test, count as
 * one failure each, so that nothing can fail without being counted.
 */
import { writeFileSync } from 'node:fs';

export class TallyReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} testModules
   * @param {ReadonlyArray<{ message?: string }>} unhandledErrors
   */
  onTestRunEnd(testModules, unhandledErrors) {
    const file = process.env['KINDLING_TALLY'];
    if (file === undefined) return;
    /** @type {Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const testModule of testModules) {
      const failedBefore = tally.failed.length;
      for (const test of testModule.children.allTests()) {
        const name = `${testModule.relativeModuleId} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') tally.passed += 1;
        else if (result.state === 'failed') tally.failed.push(name);
        else if (result.state === 'skipped') tally.skipped.push({ name, reason: result.note ?? '' });
        else tally.failed.push(`${name} (never finished)`);
      }
      if (
        testModule.state() !== 'passed' &&
        testModule.state() !== 'skipped' &&
        tally.failed.length === failedBefore
      ) {
        tally.failed.push(`${testModule.relativeModuleId} (the file)`);
      }
    }
    for (const error of unhandledErrors)
      tally.failed.push(`error outside any test: ${error.message ?? 'unknown'}`);
    writeFileSync(file, JSON.stringify(tally));
  }
}

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {string[]} failed names
 * @property {{ name: string, reason: string }[]} skipped
 */

// Vitest loads a reporter given by path through its default export.
// biome-ignore lint/style/noDefaultExport: the loader asks for it
export default TallyReporter;
