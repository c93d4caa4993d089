/** Command lines to print, which a POSIX shell reads back as they are. */

/** `words` as one line, quoted where a shell would take a character for something else. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
