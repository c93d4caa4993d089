/** Errors as a user reads them. */
import { KindlingError, printableText } from '@kindling/core';

/** What the message of an error becomes on stderr; ends in a newline. With `KINDLING_DEBUG` set, the stack follows. */
export function errorText(error: unknown, env: Readonly<Record<string, string | undefined>>): string {
  const debug = !['', '0', undefined].includes(env['KINDLING_DEBUG']);
  // Names of files and of what is in them may hold what clears a screen.
  const lines = errorMessage(error).split('\n').map(printableText);
  const message = `kindling: ${lines.join('\n')}\n`;
  return debug ? `${message}${stackOf(error)}\n` : message;
}

/** The message without the name of the function that threw it. */
export function errorMessage(error: unknown): string {
  if (KindlingError.isInstance(error)) {
    // `loadDataset: …` says where in the code it was thrown, which a user of the command does not ask.
    return error.message.replace(/^[a-z][A-Za-z0-9]*: (?=.)/, '');
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${text}\nThis looks like a defect of kindling itself; KINDLING_DEBUG=1 shows where it happened.`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`;
}
