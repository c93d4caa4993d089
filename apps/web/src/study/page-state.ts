/**
 * The state behind the page: what stands in the fields, what is wrong with it, the address that says the same, and
 * the run. It knows the browser only through what it is given.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { StudyRun } from './run/study-run.js';
import type { Draft } from './settings/draft.js';
import { readAddress, writeAddress } from './settings/query.js';
import { fieldTitles, type Problem, readSettings, type Settings } from './settings/read-settings.js';

/** The state and what may be done to it. */
export interface PageState {
  readonly draft: ReadonlySignal<Draft>;
  /** Null while a field is wrong. */
  readonly settings: ReadonlySignal<Settings | null>;
  /** What is wrong with the fields, for showing beside them. */
  readonly problems: ReadonlySignal<readonly Problem[]>;
  /** What must be told aloud. */
  readonly alerts: ReadonlySignal<readonly string[]>;
  readonly run: StudyRun;
  /** True when the page may share memory with its workers. */
  readonly isolated: boolean;
  edit(change: Partial<Draft>): void;
  /** Runs the study of the fields, or tells what is wrong with them. */
  requestRun(): void;
  /** Tells of something that failed where nobody expected it. */
  report(message: string): void;
}

/** What the state needs of the browser. */
export interface PageStateOptions {
  readonly run: StudyRun;
  /** The part of the address after `?`. */
  readonly search: string;
  readonly defaults: Draft;
  readonly isolated: boolean;
  /** Takes the new query (with its `?`, or empty) whenever the fields have changed. */
  readonly onAddress: (query: string) => void;
}

/** The state of a page just opened. Starts the run when the address asks for it and nothing is wrong. */
export function createPageState({ run, search, defaults, isolated, onAddress }: PageStateOptions): PageState {
  const address = readAddress(search, defaults);
  const draft = signal(address.draft);
  const remarks = signal(address.problems);
  // Problems are told aloud when they came with the address or stand in the way of a run, not at every keystroke.
  const tellFields = signal(true);
  const read = computed(() => readSettings(draft.value));
  const settings = computed(() => read.value.settings);
  const problems = computed(() => read.value.problems);
  const alerts = computed(() => [
    ...remarks.value,
    ...(tellFields.value ? problems.value.map(problemText) : []),
    ...(run.failure.value === null ? [] : [run.failure.value]),
  ]);

  function requestRun(): void {
    const chosen = settings.peek();
    tellFields.value = chosen === null;
    if (chosen === null || run.busy.peek()) return;
    remarks.value = [];
    void run.start(chosen);
  }

  if (address.run && address.problems.length === 0 && settings.peek() !== null) requestRun();

  return {
    draft,
    settings,
    problems,
    alerts,
    run,
    isolated,
    requestRun,
    edit(change) {
      draft.value = { ...draft.peek(), ...change };
      if (problems.peek().length === 0) tellFields.value = false;
      onAddress(writeAddress(draft.peek(), defaults));
    },
    report(message) {
      remarks.value = [...remarks.peek(), message];
    },
  };
}

function problemText({ field, message }: Problem): string {
  return `${fieldTitles[field]}: ${message}`;
}
