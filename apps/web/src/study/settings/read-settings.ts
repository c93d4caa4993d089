/**
 * From what stands in the fields to what the study takes. Every problem is told in words, all at once, each with the
 * field it belongs to. The limits are the study's own.
 */
import {
  type Figure1InitializerName,
  figure1InitializerNames,
  figure1Limits,
  isFigure1InitializerName,
} from '@kindling/studies';
import type { Draft, FieldName } from './draft.js';

/** Checked settings of a run. */
export interface Settings {
  readonly seed: number;
  /** Ascending. */
  readonly depths: readonly number[];
  /** In the order of the study. */
  readonly initializers: readonly Figure1InitializerName[];
  /** Nets a point of 1a; 0 leaves it out. */
  readonly trials: number;
  /** Trainings a point of 1b; 0 leaves it out. */
  readonly runs: number;
  readonly maxEpochs: number;
  /** Workers at a time; decides how long it takes, never what comes out. */
  readonly workers: number;
}

/** What is wrong with a field, in words, for the person who typed it. */
export interface Problem {
  readonly field: FieldName | 'inits';
  readonly message: string;
}

/** Either settings, or what is wrong. */
export type ReadSettings =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: null; readonly problems: readonly Problem[] };

/** Each field's name on the page. */
export const fieldTitles: Readonly<Record<FieldName | 'inits', string>> = {
  seed: 'Seed',
  depths: 'Depths',
  trials: 'Nets a point',
  runs: 'Trainings a point',
  maxEpochs: 'Epochs at most',
  workers: 'Workers',
  inits: 'Initializations',
};

/** The most workers the page starts: each holds the kernels and may hold a copy of the data. */
export const mostWorkers = 64;

const ranges = {
  seed: [0, Number.MAX_SAFE_INTEGER],
  trials: [0, figure1Limits.trials],
  runs: [0, figure1Limits.runs],
  maxEpochs: [1, figure1Limits.maxEpochs],
  workers: [1, mostWorkers],
} as const satisfies Partial<Record<FieldName, readonly [number, number]>>;

/** Checks the fields. */
export function readSettings(draft: Draft): ReadSettings {
  const problems: Problem[] = [];
  const number = (field: keyof typeof ranges): number => {
    const value = integerIn(draft[field]);
    const [least, most] = ranges[field];
    if (value !== null && value >= least && value <= most) return value;
    problems.push({
      field,
      message: `expected a whole number from ${least} to ${most}, got ${quoted(draft[field])}`,
    });
    return least;
  };
  const settings: Settings = {
    seed: number('seed'),
    depths: readDepths(draft.depths, problems),
    initializers: readInitializers(draft.inits, problems),
    trials: number('trials'),
    runs: number('runs'),
    maxEpochs: number('maxEpochs'),
    workers: number('workers'),
  };
  if (problems.length === 0 && settings.trials === 0 && settings.runs === 0) {
    const message = `expected 1 or more here or in “${fieldTitles.trials}”, got 0 in both: nothing to do`;
    problems.push({ field: 'runs', message });
  }
  return problems.length === 0 ? { settings, problems: [] } : { settings: null, problems };
}

function readDepths(text: string, problems: Problem[]): readonly number[] {
  const refuse = (message: string) => problems.push({ field: 'depths', message });
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const depths: number[] = [];
  if (words.length === 0) refuse('expected depths such as 5, 10, 20, got none');
  for (const word of words) {
    const depth = integerIn(word);
    if (depth === null || depth < 1 || depth > figure1Limits.depth) {
      refuse(`expected whole numbers from 1 to ${figure1Limits.depth}, got ${quoted(word)}`);
      break;
    }
    if (depths.includes(depth)) {
      refuse(`expected each depth once, got ${depth} twice`);
      break;
    }
    depths.push(depth);
  }
  // The command line sorts as well: one wish has one spec, however it was typed.
  return depths.sort((a, b) => a - b);
}

function readInitializers(names: readonly string[], problems: Problem[]): readonly Figure1InitializerName[] {
  const unknown = names.filter((name) => !isFigure1InitializerName(name));
  if (unknown.length > 0) {
    const message = `nothing is called ${unknown.map(quoted).join(', ')}; expected some of ${figure1InitializerNames.join(', ')}`;
    problems.push({ field: 'inits', message });
  } else if (names.length === 0) {
    problems.push({ field: 'inits', message: 'expected at least one, got none' });
  }
  return figure1InitializerNames.filter((name) => names.includes(name));
}

/** Decimal digits only: `1e3`, `0x10` and `1.0` are likelier slips than wishes. */
function integerIn(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,16}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? value : null;
}

function quoted(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
