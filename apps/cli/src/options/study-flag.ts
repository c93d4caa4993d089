/**
 * Flags of a study's own as data: how each is written, what it means, how its text is read, and how its value is written
 * again in the command that reproduces a study.
 */
import { UsageError } from '../usage-error.js';
import { suggestion } from './nearest-names.js';
import { parseRealNumber, type RealBounds } from './real-number.js';
import { type NumberBounds, parseWholeNumber } from './whole-number.js';

/** One flag. */
export interface StudyFlag<Value> {
  /** As the help shows it, such as `--widths <list>`. */
  readonly syntax: string;
  /** One line for the help, defaults included. */
  readonly meaning: string;
  /** Reads the text; throws `UsageError` naming the flag. */
  parse(text: string): Value;
  /** Writes the value so that `parse` reads the same one. */
  print(value: Value): string;
}

/** `--widths` of `--widths <list>`. */
function nameOf(syntax: string): string {
  return syntax.split(' ', 1)[0] ?? syntax;
}

/** A whole number within bounds. */
export function wholeNumberFlag(syntax: string, meaning: string, bounds: NumberBounds): StudyFlag<number> {
  return {
    syntax,
    meaning,
    parse: (text) => parseWholeNumber(nameOf(syntax), text, bounds),
    print: String,
  };
}

/** Whole numbers separated by commas; ascending and each once, so that one wish has one spec. */
export function wholeNumbersFlag(
  syntax: string,
  meaning: string,
  bounds: NumberBounds,
): StudyFlag<readonly number[]> {
  return numbersFlag(syntax, meaning, (name, items) => {
    const values = items.map((item) => parseWholeNumber(name, item, bounds));
    return [...new Set(values)].sort((a, b) => a - b);
  });
}

/**
 * Real numbers separated by commas, in the order given: curves are drawn in it. A number given twice is refused: where order
 * counts, dropping either changes what was asked for.
 */
export function realNumbersFlag(
  syntax: string,
  meaning: string,
  bounds: RealBounds,
): StudyFlag<readonly number[]> {
  return numbersFlag(syntax, meaning, (name, items) => {
    const values = items.map((item) => parseRealNumber(name, item, bounds));
    const twice = values.find((value, i) => values.indexOf(value) < i);
    if (twice === undefined) return values;
    throw new UsageError(`${nameOf(syntax)} has ${twice} more than once; expected distinct numbers`);
  });
}

/** Numbers separated by commas. @param read takes what an error calls one of them, and their texts */
function numbersFlag(
  syntax: string,
  meaning: string,
  read: (name: string, items: readonly string[]) => readonly number[],
): StudyFlag<readonly number[]> {
  return {
    syntax,
    meaning,
    parse: (text) => {
      const items = text.split(',').map((item) => item.trim());
      return read(`a number of ${nameOf(syntax)}`, items);
    },
    print: (values) => values.join(','),
  };
}

/** One of some names. */
export function nameFlag<Name extends string>(
  syntax: string,
  meaning: string,
  known: readonly Name[],
): StudyFlag<Name> {
  return { syntax, meaning, parse: (text) => findName(nameOf(syntax), text.trim(), known), print: String };
}

/** Names separated by commas; in the order of `known` and each once, so that one wish has one spec. */
export function namesFlag<Name extends string>(
  syntax: string,
  meaning: string,
  known: readonly Name[],
): StudyFlag<readonly Name[]> {
  return {
    syntax,
    meaning,
    parse: (text) => {
      const chosen = new Set(text.split(',').map((item) => findName(nameOf(syntax), item.trim(), known)));
      return known.filter((name) => chosen.has(name));
    },
    print: (names) => names.join(','),
  };
}

function findName<Name extends string>(flag: string, text: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`${flag}: there is no "${text}"; ${suggestion(text, known)}`);
}
