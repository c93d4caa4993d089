/**
 * The state behind the explorable: one question, which is always one that can be asked, and what follows from it. A change
 * that cannot be is refused in words and leaves all as it was; so the page lives whatever is typed or stands in the
 * address. It knows the browser only through what it is given.
 */
import {
  type ExploreConfiguration,
  type ExploreQuestion,
  type ExploreSpec,
  type ExploreTheory,
  type ExploreVerdictResult,
  exploreConfigurationText,
  exploreFunctionNames,
  exploreQuery,
  exploreSpec,
  parseExploreConfiguration,
  parseExploreEntries,
} from '@kindling/studies';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Datasets } from './data/datasets.js';
import { type Preset, presets } from './presets.js';
import { readAddress } from './read-address.js';

/** A configuration as it was before a fix, for showing beside what it has become. */
export interface Before {
  /** Which configuration was changed, from 0. */
  readonly index: number;
  readonly question: ExploreQuestion;
  readonly configuration: ExploreConfiguration;
  /** What was known of it then. */
  readonly known: Known;
}

/** What is known of a configuration when it is fixed. */
export interface Known {
  readonly verdict: ExploreVerdictResult | null;
  readonly theory: ExploreTheory | null;
}

/** The state and what may be done to it. */
export interface ExploreState {
  readonly question: ReadonlySignal<ExploreQuestion>;
  /** Null only while images are on their way that the spec must name. */
  readonly spec: ReadonlySignal<ExploreSpec | null>;
  /** The configuration that is looked at and edited, from 0. */
  readonly selected: ReadonlySignal<number>;
  /** What was last fixed; null when nothing was, or it has been changed since. */
  readonly before: ReadonlySignal<Before | null>;
  /** The preset the question is, or was before it was changed. */
  readonly preset: ReadonlySignal<Preset | null>;
  /** What must be told aloud. */
  readonly notices: ReadonlySignal<readonly string[]>;
  readonly datasets: Datasets;
  /** True when the page may share memory with its workers. */
  readonly isolated: boolean;
  /** Changes the question. @returns why it cannot be, in words; null when it is done */
  change(patch: Partial<ExploreQuestion>): string | null;
  /** Asks for other data, with trainings as they are usual there. */
  changeData(data: string): string | null;
  /** Puts another configuration, or the text of one, in the place of number `index`. */
  changeConfiguration(index: number, configuration: ExploreConfiguration | string): string | null;
  /** Adds a configuration behind the others, and selects it. */
  addConfiguration(configuration: ExploreConfiguration): string | null;
  removeConfiguration(index: number): void;
  select(index: number): void;
  /** Changes number `index` to the configuration of a remedy, and keeps what it was. */
  fix(index: number, configuration: string, known: Known): string | null;
  /** Takes the last fix back. */
  undo(): void;
  openPreset(preset: Preset): void;
  /** Tells of something that failed where nobody expected it. */
  report(message: string): void;
  dismissNotices(): void;
}

/** What the state needs of the browser. */
export interface ExploreStateOptions {
  /** The part of the address after `?`. */
  readonly search: string;
  readonly datasets: Datasets;
  readonly isolated: boolean;
  /** Takes the new query, with its `?`, whenever the question has changed. */
  readonly onAddress: (query: string) => void;
}

/** The state of a page just opened. */
export function createExploreState(options: ExploreStateOptions): ExploreState {
  const { search, datasets, isolated, onAddress } = options;
  const address = readAddress(search);
  const question = signal(address.question);
  const notices = signal<readonly string[]>(address.problems);
  const selected = signal(0);
  const before = signal<Before | null>(null);
  const preset = signal<Preset | null>(presetOf(address.question));

  /** The spec of a question, null while its images are not known; throws what the study refuses. */
  function specOf(asked: ExploreQuestion): ExploreSpec | null {
    if (isFunction(asked.data)) return exploreSpec(asked, null);
    const identity = datasets.identity(asked);
    return identity === null ? null : exploreSpec(asked, identity);
  }

  const read = computed(() => {
    try {
      return { spec: specOf(question.value), problem: null };
    } catch (error) {
      return { spec: null, problem: messageOf(error) };
    }
  });
  // An address can ask for what only its data show to be impossible: convolutions of a function.
  if (read.peek().problem !== null) {
    notices.value = [...notices.peek(), `the address: ${read.peek().problem}`];
    question.value = readAddress('').question;
    preset.value = presetOf(question.peek());
  }

  function attempt(next: ExploreQuestion): string | null {
    try {
      specOf(next);
    } catch (error) {
      return messageOf(error);
    }
    question.value = next;
    if (selected.peek() >= next.configurations.length) selected.value = next.configurations.length - 1;
    notices.value = [];
    onAddress(`?${exploreQuery(next)}`);
    return null;
  }

  function change(patch: Partial<ExploreQuestion>): string | null {
    const refusal = attempt({ ...question.peek(), ...patch });
    if (refusal === null) before.value = null;
    return refusal;
  }

  function place(
    index: number,
    configuration: ExploreConfiguration | string,
  ): readonly ExploreConfiguration[] {
    // Through its text, whoever made it: what controls put together is checked and spelled as what is typed.
    const text = typeof configuration === 'string' ? configuration : exploreConfigurationText(configuration);
    const made = parseExploreConfiguration(text);
    return question.peek().configurations.map((old, i) => (i === index ? made : old));
  }

  // Images whose identity is not known must be fetched before the spec can name them.
  effect(() => {
    const asked = question.value;
    if (read.value.spec !== null || isFunction(asked.data)) return;
    datasets.load(asked).then(
      (dataset) => {
        if (dataset !== null || question.peek() !== asked) return;
        notices.value = [
          `“${asked.data}” is not on this page: drop its idx files here, or choose other data`,
        ];
        question.value = { ...asked, ...usualOf('embedded'), data: 'embedded', images: null };
      },
      (error: unknown) => {
        notices.value = [messageOf(error)];
      },
    );
  });

  return {
    question,
    spec: computed(() => read.value.spec),
    selected,
    before,
    preset,
    notices,
    datasets,
    isolated,
    change,
    changeData: (data) => change({ ...usualOf(data), data, images: null }),
    changeConfiguration: (index, configuration) =>
      refusable(() => change({ configurations: place(index, configuration) })),
    addConfiguration(configuration) {
      const { configurations } = question.peek();
      const refusal = change({ configurations: [...configurations, configuration] });
      if (refusal === null) selected.value = configurations.length;
      return refusal;
    },
    removeConfiguration(index) {
      const { configurations } = question.peek();
      if (configurations.length > 1) change({ configurations: configurations.filter((_, i) => i !== index) });
    },
    select(index) {
      if (index < question.peek().configurations.length) selected.value = index;
    },
    fix: (index, text, known) =>
      refusable(() => {
        const old = question.peek();
        const configuration = old.configurations[index];
        const refusal = attempt({ ...old, configurations: place(index, text) });
        if (refusal === null && configuration !== undefined) {
          before.value = { index, question: old, configuration, known };
        }
        return refusal;
      }),
    undo() {
      const last = before.peek();
      if (last !== null) change(last.question);
    },
    openPreset(chosen) {
      selected.value = 0;
      before.value = null;
      if (attempt(chosen.question) === null) preset.value = chosen;
    },
    report(message) {
      notices.value = [...notices.peek(), message];
    },
    dismissNotices() {
      notices.value = [];
    },
  };
}

function isFunction(data: string): boolean {
  return exploreFunctionNames.includes(data);
}

/** How trainings go on these data where nothing is said: as the study's own reader has it. */
function usualOf(data: string): Partial<ExploreQuestion> {
  const { question } = parseExploreEntries([
    ['net', 'dense 1 he-normal'],
    ['data', data],
  ]);
  if (question === null) return {};
  const { epochs, optimizer, rate, batch, target, look } = question;
  return { epochs, optimizer, rate, batch, target, look };
}

function presetOf(question: ExploreQuestion): Preset | null {
  const query = exploreQuery(question);
  return presets.find((preset) => exploreQuery(preset.question) === query) ?? null;
}

function refusable(job: () => string | null): string | null {
  try {
    return job();
  } catch (error) {
    return messageOf(error);
  }
}

/** What went wrong, without the name of the function that says so. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^explore: /, '');
}
