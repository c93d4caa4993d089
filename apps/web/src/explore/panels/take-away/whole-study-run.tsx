/** Running the whole study: its button, how far it is, and its files. */
import { countOf, countText, durationText, exploreCommand } from '@kindling/studies';
import { useMemo } from 'preact/hooks';
import { Download } from '../../../download.js';
import type { PanelProps } from '../../panels.js';
import { dataArgument } from './data-argument.js';
import { spawnStudyWorker, wholeStudyStarter } from './start-whole-study.js';
import { createWholeRun, type WholeRun } from './whole-run.js';

/** Workers beside those that measure; one core is the page's own. */
const workers = Math.min(8, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));

/** The button and what becomes of it. */
export function WholeStudyRun({ state }: Pick<PanelProps, 'state'>) {
  const run = useMemo(
    () =>
      createWholeRun({
        state,
        begin: wholeStudyStarter(spawnStudyWorker),
        workers,
        command: (question) => exploreCommand(question, dataArgument(question)),
      }),
    [state],
  );
  const { configurations, verdict, nets, maps, runs } = state.question.value;
  const count = configurations.length;
  const trials = count * (Number(verdict) + nets + maps + runs);
  return (
    <>
      <p class="hint">
        The study behind this page, from the beginning: {countOf(trials, 'trial')}. Its records, summary, spec
        and report have the bytes that the command writes.
      </p>
      <div class="buttons">
        <button
          type="button"
          disabled={run.busy.value || trials === 0 || state.spec.value === null}
          onClick={() => void run.start()}
        >
          Run all of it and download the records
        </button>
        {run.busy.value && (
          <button type="button" onClick={run.stop}>
            Stop the run
          </button>
        )}
      </div>
      <Standing run={run} />
      {run.files.value.length > 0 && (
        <ul class="downloads">
          {run.files.value.map((file) => (
            <li key={file.name}>
              <Download file={file} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Standing({ run }: { readonly run: WholeRun }) {
  const phase = run.phase.value;
  const progress = run.progress.value;
  return (
    <>
      {phase === 'running' && (
        <div class="going">
          <progress max={1} value={progress?.fraction ?? 0} aria-label="How much of the study is done" />
          <span>
            {progress === null
              ? 'Starting.'
              : `${countText(progress.doneTrials)} of ${countOf(progress.totalTrials, 'trial')}${progress.secondsLeft === null ? '' : `, about ${durationText(progress.secondsLeft)} left`}`}
          </span>
        </div>
      )}
      <p class={phase === 'failed' ? 'problem' : 'measured'} role="status">
        {standingText(run)}
      </p>
    </>
  );
}

/** Told when something changes, not at every trial. */
function standingText({ phase, failure }: WholeRun): string {
  switch (phase.value) {
    case 'idle':
      return '';
    case 'loading':
      return 'Loading the images.';
    case 'running':
      return 'Running the whole study.';
    case 'stopped':
      return 'Stopped; nothing of it is kept.';
    case 'failed':
      return failure.value ?? 'It failed.';
    case 'done':
      return 'Done. The files are ready:';
  }
}
