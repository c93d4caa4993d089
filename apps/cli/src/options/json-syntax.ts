/** JSON of files; where a text stops being JSON is told by line and column, which engines tell in words of their own or not at all. */
import { UsageError } from '../usage-error.js';

/** The first thing that is wrong. */
export interface JsonSyntaxError {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly expected: string;
  /** What stands there instead, such as `"}"` or `the end of the file`. */
  readonly found: string;
}

/** A token of JSON; blanks are passed over before it. */
const token =
  /[ \t\n\r]*([[\]{}:,]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))/y;

type State = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

const expectations: Readonly<Record<State, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  ':': 'a colon',
  ', or ]': 'a comma or ]',
  ', or }': 'a comma or }',
  end: 'nothing more',
};

/**
 * Reads the JSON of a file.
 *
 * @param argument how messages call the argument that names the file, such as `--arch`
 * @param path of the file, as typed
 * @throws UsageError with line and column of what is no JSON
 */
export function parseJsonText(argument: string, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const error = findJsonError(text);
    // Both know the same grammar; the engine's own words stand in should they ever differ.
    if (error === null)
      throw new UsageError(`${argument} ${path} is no JSON: ${String(cause).replaceAll(/\s+/g, ' ')}`);
    const { line, column, expected, found } = error;
    throw new UsageError(
      `${argument} ${path}:${line}:${column} is no JSON: expected ${expected}, got ${found}`,
    );
  }
}

/**
 * Finds the first place where `text` is not JSON.
 *
 * @returns null when all of it is
 */
export function findJsonError(text: string): JsonSyntaxError | null {
  const open: ('[' | '{')[] = [];
  let state: State = 'value';
  token.lastIndex = 0;
  for (let at = 0; ; ) {
    const matched = token.exec(text);
    if (matched === null) {
      const rest = at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0);
      return rest === text.length && state === 'end' ? null : describe(text, rest, state);
    }
    const [whole, word = ''] = matched;
    const next = follow(state, word, open);
    if (next === null) return describe(text, at + whole.length - word.length, state);
    state = next;
    at = token.lastIndex;
  }
}

/** A key that an object has twice, where it stands for the second time. */
export interface RepeatedKey {
  readonly key: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/**
 * Finds the first key that its object has already: `JSON.parse` takes the last one without a word.
 *
 * @param text JSON
 */
export function findRepeatedKey(text: string): RepeatedKey | null {
  const open: (Set<string> | null)[] = [];
  let expectsKey = false;
  token.lastIndex = 0;
  for (let matched = token.exec(text); matched !== null; matched = token.exec(text)) {
    const [, word = ''] = matched;
    const keys = open.at(-1) ?? null;
    if (expectsKey && word.startsWith('"') && keys !== null) {
      const key = JSON.parse(word) as string;
      if (keys.has(key)) return { key, ...placeOf(text, token.lastIndex - word.length) };
      keys.add(key);
    }
    if (word === '{') open.push(new Set());
    else if (word === '[') open.push(null);
    else if (word === '}' || word === ']') open.pop();
    expectsKey = word === '{' || (word === ',' && open.at(-1) != null);
  }
  return null;
}

/** The state behind a token; null where it cannot stand. */
function follow(state: State, word: string, open: ('[' | '{')[]): State | null {
  const closed = (): State => (open.at(-1) === undefined ? 'end' : open.at(-1) === '[' ? ', or ]' : ', or }');
  switch (state) {
    case 'value':
    case 'value or ]':
      if (word === '[' || word === '{') {
        open.push(word);
        return word === '[' ? 'value or ]' : 'key or }';
      }
      if (word === ']' && state === 'value or ]') break;
      return /^[\]}:,]$/.test(word) ? null : closed();
    case 'key':
    case 'key or }':
      if (word === '}' && state === 'key or }') break;
      return word.startsWith('"') ? ':' : null;
    case ':':
      return word === ':' ? 'value' : null;
    case ', or ]':
      if (word === ']') break;
      return word === ',' ? 'value' : null;
    case ', or }':
      if (word === '}') break;
      return word === ',' ? 'key' : null;
    case 'end':
      return null;
  }
  open.pop();
  return closed();
}

function describe(text: string, at: number, state: State): JsonSyntaxError {
  return {
    ...placeOf(text, at),
    expected: expectations[state],
    found: at >= text.length ? 'the end of the file' : JSON.stringify(wordAt(text, at)),
  };
}

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
}

/** What a person would call the thing at this place: a word, or one character. */
function wordAt(text: string, at: number): string {
  const word = /^("[^"\n]{0,20}|[\w.+-]{1,20})/.exec(text.slice(at, at + 24))?.[0];
  return word ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
}
