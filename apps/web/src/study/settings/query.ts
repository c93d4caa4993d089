/**
 * The page's state in its address: `?depths=5,10&seed=7&inits=he-normal&trials=200&runs=3&maxEpochs=20&workers=2`, and
 * `run=1` to start at once. What is left out has its default; values are taken as they stand and checked with the
 * fields, so a wrong one is shown where it can be corrected.
 */
import { type Draft, type FieldName, fieldNames } from './draft.js';

/** What an address says. */
export interface AddressState {
  readonly draft: Draft;
  /** True for `run=1`. */
  readonly run: boolean;
  /** What in the address cannot be understood at all, in words. */
  readonly problems: readonly string[];
}

const known: readonly string[] = [...fieldNames, 'inits', 'run'];

/**
 * Reads the part of an address after `?`.
 *
 * @param search with or without the question mark
 * @param defaults for what is left out
 */
export function readAddress(search: string, defaults: Draft): AddressState {
  const parameters = new URLSearchParams(search);
  const problems: string[] = [];
  for (const name of new Set(parameters.keys())) {
    if (!known.includes(name)) {
      problems.push(
        `the address has a parameter “${name}”; expected only ${known.join(', ')}, so it is ignored`,
      );
    } else if (parameters.getAll(name).length > 1) {
      problems.push(`the address says “${name}” more than once; the first one counts`);
    }
  }
  const text = (name: FieldName) => parameters.get(name) ?? defaults[name];
  const inits = parameters.get('inits');
  const run = parameters.get('run');
  if (run !== null && run !== '0' && run !== '1') {
    problems.push(`the address says run=${run}; expected 1 (start at once) or 0, so nothing was started`);
  }
  return {
    draft: {
      seed: text('seed'),
      depths: text('depths').split(',').join(', ').replace(/ {2,}/g, ' '),
      trials: text('trials'),
      runs: text('runs'),
      maxEpochs: text('maxEpochs'),
      workers: text('workers'),
      inits: inits === null ? defaults.inits : splitNames(inits),
    },
    run: run === '1',
    problems,
  };
}

/** The query that says how `draft` differs from `defaults`, with its `?`; empty when it does not. */
export function writeAddress(draft: Draft, defaults: Draft): string {
  const parts: string[] = [];
  for (const name of fieldNames) {
    const [value, usual] = [draft[name], defaults[name]].map((text) => compact(name, text));
    if (value !== usual) parts.push(`${name}=${encode(value ?? '')}`);
  }
  const inits = draft.inits.join(',');
  if (inits !== defaults.inits.join(',')) parts.push(`inits=${encode(inits)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function compact(name: FieldName, text: string): string {
  return name === 'depths' ? splitNames(text).join(',') : text.trim();
}

/** Commas may stand in a query as they are, and an address with them can be read. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',');
}

function splitNames(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}
