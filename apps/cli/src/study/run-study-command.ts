/**
 * A study from its spec to its files, as a user watches it: what is asked for, how far it is, what was found, and where
 * the report lies. Findings and tables go to stdout, the way there to stderr.
 */
import { createEngine } from '@kindling/core';
import {
  InterruptedError,
  type JsonObject,
  provenanceOf,
  runStudy,
  type StudyDefinition,
  type StudySpec,
  summaryText,
} from '@kindling/studies';
import { openStudyDirectory, workerThread } from '@kindling/studies/node';
import type { Dataset } from '@kindling/trainer';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { listenForInterruption } from '../interruption.js';
import { findingsText } from '../output/findings-text.js';
import { countOf, countText } from '../output/number-text.js';
import type { Output } from '../output/output.js';
import { tableText } from '../output/table-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { durationText } from '../progress/duration-text.js';
import { openProgressDisplay } from '../progress/progress-display.js';
import { progressNews, recordNews } from '../progress/trial-news.js';
import { workMeter } from '../progress/work-meter.js';
import type { Surroundings } from '../surroundings.js';
import { writeStudyFiles } from './study-files.js';

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
  /** The command that makes the same numbers, for the report. */
  readonly reproduction: string;
  /** The command as it was typed, to go on after an interruption. */
  readonly typed: string;
}

/** Runs it; gives the exit code. Errors of the study are thrown on. */
export async function runStudyCommand<Spec extends StudySpec, Summary extends JsonObject>(
  run: StudyRun<Spec, Summary>,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { study, spec, workers } = run;
  const { stdout, stderr } = surroundings;
  const now = () => performance.now();
  const started = now();
  const display = openProgressDisplay(stderr, now);
  const interruption = listenForInterruption({
    onFirst: () => {
      display.close();
      stderr.write('Stopping; what is finished is kept. (Ctrl-C again ends at once.)\n');
    },
    onSecond: () => display.close(),
  });
  try {
    const provenance = provenanceOf(createEngine());
    introduce(run, stderr);
    const directory = await openStudyDirectory(run.out, study, spec, provenance);
    try {
      if (directory.tornLine) {
        stderr.write('The last record was torn by a crash; its trial runs again.\n');
      }
      const meter = workMeter({ cells: study.cells(spec), maxEpochs: run.maxEpochs, now });
      let resumed = 0;
      let missing = 0;
      let first = true;
      const summary = await runStudy({
        study,
        spec,
        store: directory,
        spawn: workerThread(new URL('../worker.js', import.meta.url)),
        workers,
        dataset: run.dataset,
        signal: interruption.signal,
        provenance,
        onRecords: (records) => {
          meter.records(records);
          const latest = records.at(-1);
          if (!first && latest !== undefined) display.update(meter.state(), recordNews(latest));
        },
        onProgress: (progress) => {
          meter.progress(progress);
          if (!first) return;
          first = false;
          resumed = progress.resumedTrials;
          missing = progress.totalTrials - progress.doneTrials;
          stderr.write(workText(resumed, missing, workers));
          if (missing > 0) display.update(meter.state(), null);
        },
        onTrialProgress: (progress) => {
          meter.trial(progress);
          display.update(meter.state(), progressNews(progress));
        },
      });
      display.close();
      interruption.signal.throwIfAborted();
      const report = await writeStudyFiles(directory, {
        study,
        spec,
        summary,
        provenance,
        command: run.reproduction,
      });
      const time = missing === 0 ? '' : ` in ${durationText((now() - started) / 1000)}`;
      stderr.write(missing === 0 ? '' : `Finished ${countOf(missing, 'trial')}${time}.\n`);
      tell(run, summary, report, surroundings);
      return exitCodes.done;
    } finally {
      display.close();
      await directory.close();
    }
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    const done = error instanceof InterruptedError ? error.details : {};
    const { doneTrials, totalTrials } = done;
    const count =
      typeof doneTrials === 'number' && typeof totalTrials === 'number'
        ? ` after ${countText(doneTrials)} of ${countOf(totalTrials, 'trial')}`
        : '';
    stderr.write(`Interrupted${count}. To go on from there, run the same command again:\n  ${run.typed}\n`);
    return interruption.exitCode();
  } finally {
    interruption.dispose();
  }
}

function introduce(
  { study, introduction, out }: Pick<StudyRun<StudySpec, JsonObject>, 'introduction' | 'out'> & {
    readonly study: { readonly title: string };
  },
  { write, colors }: Output,
): void {
  const lines = [...introduction, ['output', out] as const];
  const width = Math.max(...lines.map(([label]) => label.length));
  write(`${colors.bold(study.title)}\n`);
  for (const [label, text] of lines) write(`  ${colors.dim(label.padEnd(width))}  ${text}\n`);
}

function workText(resumed: number, missing: number, workers: number): string {
  if (missing === 0) {
    return `Nothing is missing: all ${countOf(resumed, 'trial')} were finished before. The files are written anew.\n`;
  }
  const before = resumed === 0 ? '' : `${countText(resumed)} were finished before; `;
  const used = Math.min(workers, missing);
  return `${before}running ${countOf(missing, 'trial')} on ${countOf(used, 'worker')}\n`.replace(/^r/, 'R');
}

/** Findings, tables, and where the report lies; or the summary alone. */
function tell<Spec extends StudySpec, Summary extends JsonObject>(
  { study, json }: StudyRun<Spec, Summary>,
  summary: Summary,
  report: string,
  { stdout, stderr }: Surroundings,
): void {
  const output = json ? stderr : stdout;
  const columns = output.columns();
  const { colors } = output;
  output.write(`\n${findingsText(study.findings(summary), proseColumns(columns), colors)}`);
  if (!json) {
    const room = columns ?? Number.POSITIVE_INFINITY;
    for (const table of study.tables(summary)) output.write(`\n${tableText(table, room, colors)}`);
  }
  output.write(`\nReport: ${colors.cyan(report)}\n`);
  if (json) stdout.write(summaryText(summary));
}
