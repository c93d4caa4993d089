/** Names out of files, fit for messages and tables. */
import { printableText } from '@kindling/core';

/** Longest name in a message. */
const mostCharacters = 80;

/**
 * A name out of a file, fit for a message or a table: at most 80 characters, of longer ones the beginning and the end, and nothing that
 * could rewrite what a terminal shows (`printableText`).
 */
export function printableName(name: string): string {
  if (name.length <= mostCharacters) return printableText(name);
  const half = mostCharacters / 2;
  // The end tells layers of one name apart: `…/dense_17/kernel`.
  return printableText(`${name.slice(0, half - 1)}…${name.slice(-half)}`);
}

/** The same in quotation marks, with those inside escaped. */
export function quotedName(name: string): string {
  return JSON.stringify(printableName(name));
}
