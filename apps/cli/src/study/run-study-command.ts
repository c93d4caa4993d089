/**
 * A study from its spec to its files, as a user watches it: what is asked for, how far it is, what was found, and where
 * the report lies. Findings and tables go to stdout, the way there to stderr.
 */
import type { KernelModule } from '@kindling/core';
import { type Provenance, runStudy, type StudyDefinition, type StudySpec } from '@kindling/studies';
import { openStudyDirectory, type StudyDirectory, workerThread } from '@kindling/studies/node';
import { countOf, durationText, type JsonObject } from '@kindling/studies/text';
import type { Dataset } from '@kindling/trainer';
import type { Interruption } from '../interruption.js';
import type { Output } from '../output/output.js';
import { wrapText } from '../output/wrap-text.js';
import { openProgressDisplay } from '../progress/progress-display.js';
import { progressNews, recordNews } from '../progress/trial-news.js';
import { workMeter } from '../progress/work-meter.js';
import type { Surroundings } from '../surroundings.js';
import { writeStudyFiles } from './study-files.js';
import { tellResults } from './tell-results.js';

/** A study to run, its options already checked. */
export interface StudyRun<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  readonly spec: Spec;
  readonly dataset: Dataset | null;
  /** What to tell before the start, as pairs of a label and a text. */
  readonly introduction: readonly (readonly [label: string, text: string])[];
  /** Epochs of the longest training; null where nothing is trained. */
  readonly maxEpochs: number | null;
  readonly workers: number;
  /** Absolute path of the study's directory. */
  readonly out: string;
  /** Print `summary.json` and nothing else on stdout. */
  readonly json: boolean;
  /** The kernels to run on; null for the strict build. */
  readonly kernels: KernelModule | null;
  /** What they make records as. */
  readonly provenance: Provenance;
  /** The command that makes the same numbers, for the report. */
  readonly reproduction: string;
}

/**
 * Runs it, writes its files and tells what was found.
 *
 * @throws InterruptedError (or an `AbortError`) when a signal came; what was finished is in the directory. Errors of
 *   `runStudy` and `openStudyDirectory` pass through.
 */
export async function runStudyCommand<Spec extends StudySpec, Summary extends JsonObject>(
  run: StudyRun<Spec, Summary>,
  interruption: Interruption,
  surroundings: Surroundings,
): Promise<void> {
  const { study, spec, out, reproduction, provenance } = run;
  const { stderr } = surroundings;
  const directory = await openStudyDirectory(out, study, spec, provenance);
  try {
    introduce(study.title, [...run.introduction, ['output', out]], stderr);
    if (directory.tornLine) stderr.write('The last record was torn by a crash; its trial runs again.\n');
    const summary = await runTrials(run, directory, interruption, surroundings);
    interruption.signal.throwIfAborted();
    const finished = { study, spec, summary, provenance, command: reproduction };
    const report = await writeStudyFiles(directory, finished);
    tellResults({ study, summary, report, json: run.json }, surroundings);
  } finally {
    await directory.close();
  }
}

/** Runs what is missing, and shows it. */
async function runTrials<Spec extends StudySpec, Summary extends JsonObject>(
  { study, spec, dataset, workers, maxEpochs, kernels, provenance }: StudyRun<Spec, Summary>,
  directory: StudyDirectory,
  interruption: Interruption,
  { stderr, now }: Surroundings,
): Promise<Summary> {
  const started = now();
  const display = openProgressDisplay(stderr, now);
  interruption.beforeStop(() => display.close());
  const meter = workMeter({ cells: study.cells(spec), maxEpochs, now });
  let missing: number | null = null;
  let news: string | null = null;
  try {
    const summary = await runStudy({
      study,
      spec,
      store: directory,
      spawn: workerThread(new URL('../worker.js', import.meta.url)),
      workers,
      dataset,
      kernels: kernels ?? undefined,
      signal: interruption.signal,
      provenance,
      onRecords: (records) => {
        meter.records(records);
        const latest = records.at(-1);
        if (missing !== null && latest !== undefined) news = recordNews(latest);
      },
      onProgress: (progress) => {
        meter.progress(progress);
        if (missing === null) {
          missing = progress.totalTrials - progress.doneTrials;
          stderr.write(workText(progress.resumedTrials, missing, workers));
        }
        if (missing > 0) display.update(meter.state(), news);
      },
      onTrialProgress: (progress) => {
        meter.trial(progress);
        display.update(meter.state(), progressNews(progress));
      },
    });
    display.close();
    const run = missing ?? 0;
    if (run > 0) {
      stderr.write(`Finished ${countOf(run, 'trial')} in ${durationText((now() - started) / 1000)}.\n`);
    }
    return summary;
  } finally {
    display.close();
  }
}

function introduce(
  title: string,
  lines: readonly (readonly [label: string, text: string])[],
  { write, colors, columns }: Output,
): void {
  const width = Math.max(...lines.map(([label]) => label.length));
  const indent = ' '.repeat(width + 4);
  write(`${colors.bold(wrapText(title, columns() ?? Number.POSITIVE_INFINITY))}\n`);
  for (const [label, text] of lines) {
    // A terminal would break a long path anywhere and start the rest at its edge.
    const wrapped = wrapText(text, columns() ?? Number.POSITIVE_INFINITY, indent).slice(indent.length);
    write(`  ${colors.dim(label.padEnd(width))}  ${wrapped}\n`);
  }
}

function workText(resumed: number, missing: number, workers: number): string {
  if (missing === 0) {
    return `Nothing is missing: all ${countOf(resumed, 'trial')} were finished before. The files are written anew.\n`;
  }
  const work = `unning ${countOf(missing, 'trial')} on ${countOf(Math.min(workers, missing), 'worker')}.\n`;
  return resumed === 0 ? `R${work}` : `${countOf(resumed, 'trial')} were finished before; r${work}`;
}
