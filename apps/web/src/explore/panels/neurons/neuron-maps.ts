/** Maps of neurons as trials of the study find them: measured when the question rests, kept by what decides them. */
import type { ExploreNeuronsResult, ExploreSpec, TrialRecord } from '@kindling/studies';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ExploreState } from '../../explore-state.js';
import type { ExploreJobs } from '../../jobs/explore-jobs.js';
import type { PlannedCell } from '../../jobs/explore-server.js';
import { numbersKey } from '../../jobs/findings.js';
import { createKeeper } from '../../jobs/keeper.js';
import { watch } from '../../jobs/watch.js';

/** The maps of the configuration that is looked at. */
export interface NeuronMaps {
  /** One a net, in order; null before the first is known. */
  readonly maps: ReadonlySignal<readonly ExploreNeuronsResult[] | null>;
  /** Seconds that mapping would take, when that is so long that it waits to be asked for; else null. */
  readonly waiting: ReadonlySignal<number | null>;
  /** Why there is no map, in words. */
  readonly failure: ReadonlySignal<string | null>;
  /** Maps although it takes long. */
  measure(): void;
}

/** Milliseconds a question must rest: a map costs a pass of a thousand images, and a slider on its way needs none. */
const rest = 220;
/** Operations a second that one net's pass is taken to do, the scale of `Cell.cost`. */
const speed = 1.5e9;
/** Seconds of mapping that nobody is asked about. */
const unasked = 6;

interface Wanted {
  readonly spec: ExploreSpec;
  readonly cell: PlannedCell;
  readonly key: string;
}

/** Starts mapping, now and whenever the question or the choice changes. */
export function createNeuronMaps(state: ExploreState, jobs: ExploreJobs): NeuronMaps {
  const kept = createKeeper<readonly ExploreNeuronsResult[]>();
  const failure = signal<string | null>(null);
  const insisted = signal<string | null>(null);
  const wanted = computed((): Wanted | null => {
    const spec = state.spec.value;
    const index = state.selected.value;
    const cell = jobs.cells.value?.find((each) => each.part === 'neurons' && each.index === index);
    if (spec === null || cell === undefined) return null;
    return { spec, cell, key: `${cell.trials} ${numbersKey(spec, index)}` };
  });
  const seconds = computed(() => {
    const { cell = null } = wanted.value ?? {};
    return cell === null ? 0 : (cell.cost * cell.trials) / speed;
  });
  const waiting = computed(() =>
    seconds.value > unasked && insisted.value !== wanted.value?.key ? seconds.value : null,
  );

  watch(
    computed(() => (waiting.value === null ? wanted.value : null)),
    async (current, stop) => {
      failure.value = null;
      if (current === null || kept.peek(current.key) !== null) return;
      await resting(stop);
      const { spec, cell, key } = current;
      const dataset = spec.data.kind === 'function' ? null : await state.datasets.load(state.question.peek());
      const found: ExploreNeuronsResult[] = [];
      await jobs.pool.run({
        ...{ spec, cells: [cell], dataset, signal: stop },
        onRecords: (records: readonly TrialRecord[]) => {
          for (const { trial, result } of records) found[trial] = result as ExploreNeuronsResult;
        },
      });
      kept.keep(key, found);
    },
    (error) => {
      failure.value = error instanceof Error ? error.message : String(error);
    },
  );

  return {
    maps: computed(() => (wanted.value === null ? null : kept.get(wanted.value.key))),
    waiting,
    failure,
    measure() {
      insisted.value = wanted.peek()?.key ?? null;
    },
  };
}

/** Resolves after a while; rejects with the signal's reason when that comes first. */
function resting(stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, rest);
    stop.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(stop.reason);
      },
      { once: true },
    );
  });
}
