/** One initializer: a name of the catalog, a preset of another library, or a name with settings. */
import { InvalidArgumentError } from '@kindling/core';
import {
  findInitializer,
  initializerAliases,
  initializerNames,
  type NamedInitializer,
} from '@kindling/initializers';
import { UsageError } from '../usage-error.js';
import { nearestNames, orText } from './nearest-names.js';

/** For the help of options that take an initializer. */
export const initializerHelp =
  'a name of "kindling initializers", with settings if wished: he-normal, normal:variance=0.01, pytorch:linear';

/**
 * Reads the name or expression.
 *
 * @param argument how messages call it, such as `--init`
 * @throws UsageError for an unknown name, with the nearest ones, and for settings that cannot be
 */
export function parseInitializer(argument: string, text: string): NamedInitializer {
  try {
    return findInitializer(text.trim());
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const { name, key } = error.details;
    if (typeof name === 'string' && key === undefined) throw unknownName(argument, name);
    // What is said before the colon, the function or the name, is in the argument already.
    const reason = error.message.replace(/^(initializer "[^"]*"|\w+): /, '').replaceAll('\n', ' ');
    throw new UsageError(`${argument} is "${text}": ${reason}`);
  }
}

function unknownName(argument: string, name: string): UsageError {
  const near = nearestNames(name, [...initializerNames, ...Object.keys(initializerAliases)]);
  const hint = near.length === 0 ? 'expected a name of the catalog' : `did you mean ${orText(near)}?`;
  return new UsageError(
    `${argument}: there is no initializer "${name}"; ${hint} ("kindling initializers" shows all)`,
  );
}
