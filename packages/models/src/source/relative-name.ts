import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName, quotedName } from '../errors/printable-name.js';

/**
 * A name that stays inside the folder, in one spelling: `./a//b` becomes `a/b`.
 *
 * @param from the file that holds the name, for the message
 * @throws ModelFormatError for a name that is empty, absolute, a URL, or leaves the folder; `\` counts as `/`
 */
export function relativeName(name: string, from: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  const outside = /^[/\\]/.test(name) || /^[A-Za-z][A-Za-z\d+.-]*:/.test(name) || parts.includes('..');
  if (parts.length === 0 || outside || name.includes('\0')) {
    throw new ModelFormatError(
      `openModel: ${from} names the file ${quotedName(name)}; expected one in its own folder or below`,
      { details: { file: from, expected: 'a name inside the folder', got: printableName(name) } },
    );
  }
  return parts.join('/');
}
