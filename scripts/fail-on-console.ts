/**
 * Vitest setup file: a test that prints to the console, or makes Node print a warning, fails. Noise hides the message
 * that matters, and a library has no business printing. A test that expects a message replaces the method with
 * `vi.spyOn(console, 'warn').mockImplementation(...)` and checks it; that is not noise.
 *
 * Writes straight to `process.stdout` are not seen.
 */
import { formatWithOptions } from 'node:util';
import { afterAll, afterEach } from 'vitest';

const methods = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const;
const heard: string[] = [];

for (const method of methods) {
  const original = console[method].bind(console) as (...args: unknown[]) => void;
  console[method] = (...args: unknown[]) => {
    heard.push(`console.${method}: ${formatWithOptions({ colors: false }, ...args)}`);
    original(...args);
  };
}
process.on('warning', (warning) => heard.push(`Node's warning: ${warning.name}: ${warning.message}`));

function refuseNoise(): void {
  const noise = heard.splice(0);
  if (noise.length > 0) {
    throw new Error(
      `fail-on-console: ${noise.length} message(s) on the console; expected silence — expect the message with vi.spyOn, or stop printing it\n${noise.join('\n')}`,
    );
  }
}

afterEach(refuseNoise);
// Catches what a module printed while it was loaded in a file whose tests were all skipped, and late messages.
afterAll(refuseNoise);
