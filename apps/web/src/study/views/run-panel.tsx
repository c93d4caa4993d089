/** Starting and stopping, how far it is, and what the trainings are doing right now. */
import { countOf, countText, durationText, timeLeftText } from '@kindling/studies';
import type { ReadonlySignal } from '@preact/signals';
import type { StudyRun } from '../run/study-run.js';
import { workloadOf } from '../run/study-run.js';
import type { RunProgress } from '../run/time-left.js';
import type { Settings } from '../settings/read-settings.js';
import { TrialLine } from './trial-line.js';

/** What the panel needs. */
export interface RunPanelProps {
  readonly run: StudyRun;
  /** Null while a field is wrong. */
  readonly settings: ReadonlySignal<Settings | null>;
}

/** The panel. The status line is announced when it changes; the numbers that tick are not. */
export function RunPanel({ run, settings }: RunPanelProps) {
  const busy = run.busy.value;
  const chosen = settings.value;
  const resuming = chosen !== null && run.canResume(chosen);
  const progress = run.progress.value;
  const percent = Math.floor((progress?.fraction ?? 0) * 100);
  const started = run.phase.value !== 'idle';
  return (
    <section class="run" aria-label="Run">
      <div class="buttons">
        <button type="submit" class="primary" disabled={busy}>
          {resuming ? 'Go on' : 'Run'}
        </button>
        <button type="button" disabled={!busy} onClick={run.stop}>
          Stop
        </button>
        <p class="status" role="status">
          {statusText(run, chosen, resuming)}
        </p>
      </div>
      <div class="progress" hidden={!started}>
        <progress aria-label="Progress of the run" max={100} value={percent}>
          {percent} %
        </progress>
        <p class="numbers">{progress === null ? ' ' : progressText(progress, busy)}</p>
      </div>
      {run.running.value.length === 0 ? (
        <p class="work">{chosen === null ? '' : workText(chosen)}</p>
      ) : (
        <ul class="board" aria-label="Trainings under way">
          {run.running.value.map((line) => (
            <TrialLine key={line.name} line={line} />
          ))}
        </ul>
      )}
    </section>
  );
}

function statusText(run: StudyRun, settings: Settings | null, resuming: boolean): string {
  const elapsed = run.progress.value?.secondsElapsed;
  switch (run.phase.value) {
    case 'loading':
      return 'Fetching the images…';
    case 'running':
      return 'Running on your own processor.';
    case 'stopped':
      return resuming ? 'Stopped. What was finished is kept: go on whenever you like.' : 'Stopped.';
    case 'failed':
      return 'The run failed; the message above says why.';
    case 'done':
      return elapsed === undefined ? 'Done.' : `Done in ${durationText(elapsed)}.`;
    case 'idle':
      return settings === null ? 'A field needs correcting first.' : 'Ready.';
  }
}

function workText(settings: Settings): string {
  const { nets, trainings } = workloadOf(settings);
  const parts = [
    ...(nets > 0 ? [countOf(nets, 'random net')] : []),
    ...(trainings > 0 ? [countOf(trainings, 'training')] : []),
  ];
  return `These settings make ${parts.join(' and ')}.`;
}

function progressText({ doneTrials, totalTrials, secondsLeft }: RunProgress, busy: boolean): string {
  const done = `${countText(doneTrials)} of ${countOf(totalTrials, 'trial')}`;
  if (!busy) return done;
  return `${done} · ${secondsLeft === null ? 'estimating the time left' : timeLeftText(secondsLeft)}`;
}
