/**
 * The shape every study has: a spec that says everything, a plan of pure trials, a summary that depends on nothing
 * but the spec, and figures drawn from the summary. `catalog/` holds one folder a study; the pool, the store and
 * the apps know studies only through these types.
 */
import type { Engine } from '@kindling/core';
import type { Dataset } from '@kindling/trainer';
import type { ReportSection } from './report/report-section.js';
import type { JsonObject } from './spec/canonical-json.js';

/** What every spec says beside its study's own fields. Plain JSON. */
export interface StudySpec {
  /** Name in the catalog, such as `figure-1`. */
  readonly study: string;
  /** Version of the spec's meaning; a reader refuses one it does not know. */
  readonly version: number;
  /** The user's seed, an integer in 0 … 2^53 − 1. Every random number of the study derives from it. */
  readonly seed: number;
}

/** Names the data a spec was made for; the digest makes the spec's hash depend on the very bytes. */
export interface DatasetIdentity {
  readonly name: string;
  /** SHA-256 of the data set, as `Dataset.digest`. */
  readonly digest: string;
  readonly trainCount: number;
  readonly testCount: number;
  /** Pixels an image. */
  readonly features: number;
  readonly classes: number;
}

/** One grid point of a study. `id` is unique in the study and readable, such as `lengths/he-normal/depth=10`. */
export interface Cell {
  readonly id: string;
  /** How many trials the cell has; they are numbered 0 … trials − 1. */
  readonly trials: number;
  /** Rough expected cost of one trial in floating-point operations: for sharing out work and the time left only. */
  readonly cost: number;
}

/** One random draw of one cell. */
export interface TrialKey {
  readonly cell: string;
  readonly trial: number;
}

/** One line of `records.jsonl`. The same spec, kernels and key give the same bytes, wherever it runs. */
export interface TrialRecord extends TrialKey {
  /** First 16 hex digits of the spec's hash. */
  readonly spec: string;
  /** Kernel build and first 16 hex digits of the module's hash, such as `strict-0123456789abcdef`. */
  readonly kernels: string;
  /** Version of @kindling/studies that ran the trial. */
  readonly version: string;
  /** What the trial found. Non-finite numbers are the strings "NaN", "Infinity", "-Infinity". */
  readonly result: JsonObject;
}

/** What a trial may use: nothing else, no clock and no global state. */
export interface TrialContext {
  readonly engine: Engine;
  /** Present when the spec names data. */
  readonly dataset: Dataset | null;
  /**
   * Called at natural pauses of a long trial; for showing progress only. A trial that can be held waits for the promise that comes back;
   * others go on.
   */
  readonly onProgress?: (progress: TrialProgress) => unknown;
}

/** A long trial on its way. Never part of a record. */
export interface TrialProgress extends TrialKey {
  /** Completed share of the course that `Cell.cost` expects, 0 … 1; rests at 1 while the trial goes on beyond it. */
  readonly fraction: number;
  /** For the live page: named numbers such as `epoch`, `testAccuracy`, `meanLoss`. */
  readonly values: Readonly<Record<string, number>>;
  /** What else there is to show, in a form of the study's own. */
  readonly detail?: JsonObject;
}

/** A figure as data: `render` draws it with the given DOM document and returns one `<svg>` element. */
export interface Figure {
  /** File name without ending, such as `figure-1a`. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences under the figure: what is drawn, counts included. */
  readonly caption: string;
  render(document: Document): SVGSVGElement;
}

/** A table as data, for the terminal and the report. Cells are ready to print. */
export interface SummaryTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A study of the catalog. */
export interface StudyDefinition<Spec extends StudySpec, Summary extends JsonObject> {
  readonly name: string;
  readonly title: string;
  /** The question it answers, one sentence. */
  readonly question: string;
  /** Checks unknown JSON; throws `InvalidArgumentError` naming the field. */
  parseSpec(value: unknown): Spec;
  /** Identity of the data the spec needs, or null. */
  dataset(spec: Spec): DatasetIdentity | null;
  /** Every grid point, in the order of the summary. */
  cells(spec: Spec): readonly Cell[];
  /** Pure: the same spec, key and kernels give the same result. */
  runTrial(context: TrialContext, spec: Spec, key: TrialKey): Promise<JsonObject>;
  /** Pure. Takes the records in any order; refuses missing ones. */
  summarize(spec: Spec, records: readonly TrialRecord[]): Summary;
  /** What has been found, in plain words, most important first. */
  findings(summary: Summary): readonly string[];
  /** The study's own text for the report: what theory says beside the numbers. */
  sections(summary: Summary): readonly ReportSection[];
  figures(summary: Summary): readonly Figure[];
  tables(summary: Summary): readonly SummaryTable[];
}
