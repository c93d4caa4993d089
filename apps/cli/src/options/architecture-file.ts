/** Architectures from files: `--arch FILE.json`. */
import { type Architecture, InvalidArgumentError, parseArchitecture } from '@kindling/core';
import { UsageError } from '../usage-error.js';
import { foreignJsonKind } from './foreign-file.js';
import { findRepeatedKey, parseJsonText } from './json-syntax.js';
import { readTextFile } from './text-file.js';

const hint = '"kindling arch --help" shows how to make one';

/**
 * Reads and checks the file.
 *
 * @param path as typed
 * @param directory where relative paths start, absolute
 * @throws UsageError for a file that cannot be read, with line and column for what is no JSON, with the path in the JSON for what is
 *   no architecture, and with its name for the JSON of something else
 */
export async function readArchitectureFile(path: string, directory: string): Promise<Architecture> {
  const expected = `an architecture as JSON (${hint})`;
  const text = await readTextFile({ argument: '--arch', path, directory, expected });
  const value = parseJsonText('--arch', path, text);
  const repeated = findRepeatedKey(text);
  if (repeated !== null) {
    const { key, line, column } = repeated;
    throw new UsageError(
      `--arch ${path}:${line}:${column} has the key ${JSON.stringify(key)} again; expected it once`,
    );
  }
  const stranger = foreignJsonKind(value);
  if (stranger !== null) {
    throw new UsageError(`--arch is "${path}", which looks like ${stranger}; expected ${expected}`);
  }
  try {
    return parseArchitecture(value);
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new UsageError(`--arch ${path}: ${cause.message.replace(/^\w+: /, '').replaceAll('\n', ' ')}`);
  }
}
