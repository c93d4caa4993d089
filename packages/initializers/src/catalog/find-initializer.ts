/** From a name or an expression to an initializer. */
import { InvalidArgumentError } from '@kindling/core';
import { type Initializer, needsData } from '../initializer.js';
import { checkInitializer } from '../laws/check-law.js';
import {
  catalogEntry,
  type InitializerName,
  initializerAliases,
  initializerNames,
  initializerTitle,
  isInitializerName,
} from './catalog.js';
import type { CatalogEntry, PresetOf } from './catalog-entry.js';
import { contradiction, setParameter } from './parameters.js';

/** An initializer with what people call it. Plain JSON. */
export interface NamedInitializer {
  /** The catalog's name, with the settings of the expression behind it: `he-normal:slope=0.2`. */
  readonly name: string;
  readonly title: string;
  readonly initializer: Initializer;
  /** The paper or the documentation. */
  readonly source: string;
  /** The library whose default this is. */
  readonly preset?: PresetOf;
}

/**
 * The initializer of a name (`he-normal`, `pytorch:linear`), of an alias (`kaiming-normal`, `tfjs:heNormal`) or of an
 * expression `name:key=value,key=value` (`normal:variance=0.01`, `he-normal:slope=0.2,bias-variance=0.1`).
 *
 * @throws InvalidArgumentError in one line: for an unknown name, listing all; for a key the name does not take, listing
 *   those it takes; for a value out of range; for a key that is set twice, or beside one that it contradicts
 */
export function findInitializer(expression: string): NamedInitializer {
  const { name, settings } = split(expression);
  const entry = catalogEntry(name);
  const { source, preset } = entry;
  let { initializer } = entry;
  for (const setting of settings) initializer = apply(initializer, name, entry, setting);
  checkTogether(initializer, name, settings);
  if (settings.length > 0) checkInitializer(`initializer "${expression}"`, initializer);
  const suffix = settings.join(',');
  return {
    name: suffix === '' ? name : `${name}:${suffix}`,
    title: suffix === '' ? initializerTitle(name) : `${entry.title} (${settings.join(', ')})`,
    initializer,
    source,
    ...(preset === undefined ? {} : { preset }),
  };
}

/** Names themselves hold colons; settings begin behind the last colon before the first equals sign. */
function split(expression: string): { readonly name: InitializerName; readonly settings: readonly string[] } {
  const equals = expression.indexOf('=');
  const colon = equals < 0 ? -1 : expression.lastIndexOf(':', equals);
  const typed = (colon < 0 ? expression : expression.slice(0, colon)).trim();
  const name = resolve(typed);
  if (name === null) throw unknownName(typed);
  const settings = colon < 0 ? [] : expression.slice(colon + 1).split(',');
  return { name, settings: settings.map((setting) => setting.trim()) };
}

function resolve(typed: string): InitializerName | null {
  if (isInitializerName(typed)) return typed;
  return (Object.hasOwn(initializerAliases, typed) ? initializerAliases[typed] : undefined) ?? null;
}

function apply(
  initializer: Initializer,
  name: InitializerName,
  { parameters }: CatalogEntry,
  setting: string,
): Initializer {
  const equals = setting.indexOf('=');
  const key = parameters.find((parameter) => parameter === setting.slice(0, equals).trim());
  if (equals < 0 || key === undefined) {
    const typed = equals < 0 ? setting : setting.slice(0, equals).trim();
    const takes = parameters.length === 0 ? 'nothing to set' : `${parameters.join(', ')} (as key=value)`;
    throw new InvalidArgumentError(`initializer "${name}": cannot set "${typed}"; expected ${takes}`, {
      details: { name, key: typed, known: parameters },
    });
  }
  const text = setting.slice(equals + 1).trim();
  const result = setParameter(initializer, key, text, layerwiseOf);
  if ('expected' in result) {
    throw new InvalidArgumentError(
      `initializer "${name}": ${key} is "${text}"; expected ${result.expected}`,
      { details: { name, key, value: text } },
    );
  }
  return result;
}

/** Settings that are fine one by one. */
function checkTogether(initializer: Initializer, name: InitializerName, settings: readonly string[]): void {
  const keys = settings.map((setting) => setting.slice(0, setting.indexOf('=')).trim());
  const found = contradiction(initializer, keys);
  if (found === null) return;
  throw new InvalidArgumentError(`initializer "${name}": ${found.key} is set ${found.problem}`, {
    details: { name, key: found.key },
  });
}

function layerwiseOf(typed: string) {
  const name = resolve(typed);
  if (name === null) return null;
  const { initializer } = catalogEntry(name);
  return !needsData(initializer) && initializer.kind === 'layerwise' ? initializer : null;
}

function unknownName(typed: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `findInitializer: there is no initializer "${typed}"; expected one of ${initializerNames.join(', ')}`,
    { details: { name: typed, known: initializerNames } },
  );
}
