/**
 * Runs the study of a question with the pool of the library and makes its files. In a worker of its own, with workers of
 * its own: planning, summing up and drawing the report take the page's thread nothing, and the first visit does without their code.
 * The document is the one the command draws its reports with.
 */
import {
  type ExploreSpec,
  explore,
  hashSpec,
  type JsonObject,
  memoryStore,
  runStudy,
  type SpawnWorker,
  type StudyProgress,
  studyReport,
  type TrialRecord,
} from '@kindling/studies';
import type { Dataset } from '@kindling/trainer';
import { parseHTML } from 'linkedom/worker';
import { type ResultFile, resultFiles } from '../../../study/run/result-files.js';
import { throttle } from '../../../study/run/throttle.js';
import { type RunProgress, readProgress } from '../../../study/run/time-left.js';

/** What to run. */
export interface WholeStudy {
  readonly spec: ExploreSpec;
  /** The images the spec names; null for a function. */
  readonly dataset: Dataset | null;
  /** The command that makes the same, for the report. */
  readonly command: string;
  /** Workers for the trials, 1 or more. */
  readonly workers: number;
}

/** Milliseconds between two tellings of progress. */
const redrawInterval = 250;

/** Runs it to its files: records, summary, spec and report, each with the bytes the command writes. Errors of `runStudy` pass through. */
export async function runWholeStudy(
  { dataset, command, workers, ...wanted }: WholeStudy,
  spawn: SpawnWorker,
  onProgress: (progress: RunProgress) => void,
): Promise<readonly ResultFile[]> {
  // As the command reads it: the report prints its keys in that order.
  const spec = explore.parseSpec(wanted.spec);
  const records: TrialRecord[] = [];
  const began = performance.now();
  let told: StudyProgress | null = null;
  const view = throttle(
    () => told !== null && onProgress(readProgress(told, 0, (performance.now() - began) / 1000)),
    { interval: redrawInterval },
  );
  const summary = await runStudy({
    study: explore,
    ...{ spec, store: memoryStore(), spawn, workers, dataset },
    onRecords: (written) => records.push(...written),
    onProgress: (news) => {
      told = news;
      view.touch();
    },
  });
  view.flush();
  const { kernels, version } = summary;
  const data = explore.dataset(spec);
  const more = data === null ? [] : [['data', `${data.name}, SHA-256 ${data.digest}`] as const];
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const report = studyReport({
    study: explore,
    // Every spec is plain JSON; an interface cannot say so.
    spec: spec as ExploreSpec & JsonObject,
    ...{ summary, command, document },
    provenance: { specHash: hashSpec(spec), kernels, version, more },
  });
  const files = resultFiles({
    ...{ study: explore, spec, records, summary },
    summaryTitle: 'what they come to',
  });
  return [
    ...files,
    { name: 'report.html', title: 'to read and to keep', mediaType: 'text/html', text: report },
  ];
}
