/** The flags of a study as data, together: their options, and from what commander hands over to values and words. */
import { Option } from 'commander';
import type { StudyFlag } from './study-flag.js';

/** A flag for each of a study's values, in the order of the help, under the names that the spec's maker knows. */
export type StudyFlagsOf<Values extends object> = {
  readonly [Name in keyof Values]: StudyFlag<Values[Name]>;
};

/** What commander hands over. */
export type GivenFlags = { readonly [name: string]: unknown };

/** What was given. */
export interface ReadFlags<Values extends object> {
  /** Lacks what was not given. */
  readonly values: Partial<Values>;
  /** The flags and their values as they are written again. */
  readonly words: readonly string[];
}

/** The flags as commander's options. */
export function flagOptions<Values extends object>(flags: StudyFlagsOf<Values>): readonly Option[] {
  return namesOf(flags).map((name) => optionOf(flags[name]));
}

/**
 * Reads the flags that were given.
 *
 * @throws UsageError naming the flag that cannot be obeyed
 */
export function readFlags<Values extends object>(
  flags: StudyFlagsOf<Values>,
  given: GivenFlags,
): ReadFlags<Values> {
  const values: Partial<Values> = {};
  const words: string[] = [];
  for (const name of namesOf(flags)) {
    const flag = flags[name];
    const option = optionOf(flag);
    const text = given[option.attributeName()];
    if (typeof text !== 'string') continue;
    const value = flag.parse(text);
    values[name] = value;
    words.push(option.long ?? '', flag.print(value));
  }
  return { values, words };
}

function namesOf<Values extends object>(flags: StudyFlagsOf<Values>): readonly (keyof Values & string)[] {
  return Object.keys(flags) as (keyof Values & string)[];
}

function optionOf({ syntax, meaning }: Pick<StudyFlag<unknown>, 'syntax' | 'meaning'>): Option {
  return new Option(syntax, meaning);
}
