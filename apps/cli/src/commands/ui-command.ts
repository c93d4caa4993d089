/** `kindling ui`: the explorable page, from this machine. */
import { Command } from 'commander';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface UiFlags {
  readonly port?: string;
  readonly host: string;
}

/** Where the page is looked for first. */
const defaultPort = 4173;

/** The command. */
export function uiCommand({ stdout, stderr }: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('ui')
    .summary('the explorable page, in your browser')
    .description(
      'Serves the page on which a deep ReLU network fails to start before your eyes, and is fixed. Everything is computed in the ' +
        'browser, by the code of this command; nothing leaves this machine. Runs until Ctrl-C.',
    )
    .option('--port <port>', `default: ${defaultPort}, or the next one that is free; 0: any`)
    .option('--host <address>', 'who may come in: 127.0.0.1 this machine, 0.0.0.0 its network', '127.0.0.1')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling ui
  $ kindling ui --port 8080

${exitCodesHelp}`,
    )
    .action(async ({ port, host }: UiFlags) => {
      const { servePage } = await import('../page-server.js');
      const server = await servePage({ host, port: readPort(port), orNext: port === undefined });
      const interruption = listenForInterruption(() => stderr.write('Stopped.\n'));
      try {
        stdout.write(`Kindling is at ${server.url}\n`);
        stderr.write('Ctrl-C stops it.\n');
        await new Promise<void>((resolve) => {
          interruption.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        finish(interruption.exitCode());
      } finally {
        interruption.dispose();
        await server.close();
      }
    });
}

function readPort(text: string | undefined): number {
  if (text === undefined) return defaultPort;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port is "${text}"; expected a whole number from 0 to 65535`);
}
