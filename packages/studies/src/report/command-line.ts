/** Command lines to print, which a POSIX shell reads back as they are. */
import { printableText } from '@kindling/core';

/** `words` as one line, quoted where a shell would take a character for something else; what would rewrite a terminal becomes `?`. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => quoted(printableText(word))).join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
