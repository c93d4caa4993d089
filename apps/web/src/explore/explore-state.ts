/**
 * The state behind the explorable: one question, which is always one that can be asked, and what follows from it. A change
 * that cannot be is refused in words and leaves all as it was; so the page lives whatever is typed or stands in the
 * address. It knows the browser only through what it is given.
 */
import {
  draftExploreSpec,
  type ExploreConfiguration,
  type ExplorePart,
  type ExploreQuestion,
  type ExploreSpec,
  type ExploreTheory,
  type ExploreVerdictResult,
  exploreArchitectureOf,
  exploreConfigurationText,
  exploreEnds,
  exploreFunctionNames,
  exploreQuery,
  parseExploreConfiguration,
  parseExploreEntries,
  parseExploreText,
} from '@kindling/studies';
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
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
  /**
   * Leaves out parts that do not fit into memory, until the network is another one. @returns whether there was anything to leave out
   */
  leaveOut(parts: readonly ExplorePart[]): boolean;
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
  /** Runs and maps that were asked for and do not fit into memory. */
  let tooLarge: Partial<Pick<ExploreQuestion, 'maps' | 'runs'>> = {};
  const preset = signal<Preset | null>(presetOf(address.question));

  const spec = computed(() => specOf(question.value, datasets));
  // An address can ask for what only its data show to be impossible: convolutions of a function.
  const misfit = misfitOf(question.peek(), datasets);
  if (misfit !== null) {
    notices.value = [...notices.peek(), `the address: ${misfit}`];
    question.value = readAddress('').question;
    preset.value = presetOf(question.peek());
  }

  function attempt(next: ExploreQuestion): string | null {
    // What was left out for want of memory is asked for again: it may fit now.
    const { question: asked, problems } = parseExploreText(exploreQuery({ ...next, ...leftOut(next) }));
    if (asked === null) return problems.map(({ message }) => message).join('; ');
    const refusal = misfitOf(asked, datasets);
    if (refusal !== null) return refusal;
    batch(() => {
      question.value = asked;
      if (selected.peek() >= asked.configurations.length) selected.value = asked.configurations.length - 1;
      notices.value = [];
    });
    onAddress(`?${exploreQuery(asked)}`);
    return null;
  }

  /** Parts that did not fit into memory, unless `next` says something else of them. */
  function leftOut(next: ExploreQuestion): Partial<ExploreQuestion> {
    const again = Object.entries(tooLarge).filter(([key]) => next[key as keyof typeof tooLarge] === 0);
    tooLarge = {};
    return Object.fromEntries(again);
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
    if (spec.value !== null) return;
    datasets.load(asked).then(
      (dataset) => {
        if (dataset !== null || question.peek() !== asked) return;
        question.value = { ...asked, ...usualOf('embedded'), data: 'embedded', images: null };
        notices.value = [
          `“${asked.data}” is not on this page: drop its idx files here, or choose other data`,
        ];
      },
      (error: unknown) => {
        notices.value = [messageOf(error)];
      },
    );
  });

  return {
    question,
    spec,
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
    leaveOut(parts) {
      const patch: { maps?: number; runs?: number } = {};
      for (const part of parts) {
        const key = part === 'training' ? 'runs' : part === 'neurons' ? 'maps' : null;
        if (key === null) continue;
        patch[key] = 0;
        tooLarge = { ...tooLarge, [key]: question.peek()[key] };
      }
      if (Object.keys(patch).length === 0) return false;
      question.value = { ...question.peek(), ...patch };
      onAddress(`?${exploreQuery(question.peek())}`);
      const names = parts
        .map((part) => (part === 'training' ? 'training' : 'the map of neurons'))
        .join(' and ');
      notices.value = [`this network is too large for ${names} in memory, so that is left out`];
      return true;
    },
    report(message) {
      notices.value = [...notices.peek(), message];
    },
    dismissNotices() {
      notices.value = [];
    },
  };
}

/** The spec of a question; null while its images are not known. */
function specOf(asked: ExploreQuestion, datasets: Datasets): ExploreSpec | null {
  if (isFunction(asked.data)) return draftExploreSpec(asked, null);
  const identity = datasets.identity(asked);
  return identity === null ? null : draftExploreSpec(asked, identity);
}

/** Configurations that are known to fit their data: a slider asks of the same ones again and again. */
const fitting = new Set<string>();
const mostFitting = 500;

/** Why a configuration does not fit the data, in words; null when all fit, or the data are not here yet. */
function misfitOf(asked: ExploreQuestion, datasets: Datasets): string | null {
  const spec = specOf(asked, datasets);
  if (spec === null) return null;
  const ends = exploreEnds(spec.data);
  for (const configuration of asked.configurations) {
    const key = `${JSON.stringify(ends)} ${exploreConfigurationText(configuration)}`;
    if (fitting.has(key)) continue;
    try {
      exploreArchitectureOf(configuration, ends);
    } catch (error) {
      return messageOf(error);
    }
    if (fitting.size >= mostFitting) fitting.clear();
    fitting.add(key);
  }
  return null;
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
  return message.replace(/^\w+: /, '');
}
