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

/** What was heard since the last test, in a process that may run many files: it listens once. */
const heard = listen();

function listen(): string[] {
  const place = globalThis as { kindlingHeardNoise?: string[] };
  if (place.kindlingHeardNoise !== undefined) return place.kindlingHeardNoise;
  const noise: string[] = [];
  place.kindlingHeardNoise = noise;
  for (const method of methods) {
    const original = console[method].bind(console) as (...args: unknown[]) => void;
    console[method] = (...args: unknown[]) => {
      noise.push(`console.${method}: ${formatWithOptions({ colors: false }, ...args)}`);
      original(...args);
    };
  }
  process.on('warning', (warning) => noise.push(`Node's warning: ${warning.name}: ${warning.message}`));
  return noise;
}

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
