/** What a finished study leaves, as files with the bytes the command line writes. */
import {
  encodeRecordLine,
  hashSpec,
  type JsonObject,
  plan,
  type StudyDefinition,
  type StudySpec,
  summaryText,
  type TrialRecord,
  trialName,
} from '@kindling/studies';
import type { Settings } from '../settings/read-settings.js';

/** A file to download. */
export interface ResultFile {
  readonly name: string;
  /** What is in it, for people. */
  readonly title: string;
  readonly mediaType: string;
  readonly text: string;
}

/** A finished run of any study. */
export interface FinishedRun<Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  readonly spec: Spec;
  readonly records: readonly TrialRecord[];
  /** Says which kernels and which version made it. */
  readonly summary: Summary & { readonly kernels: string; readonly version: string };
  /** What the summary is, for people. */
  readonly summaryTitle: string;
}

/** The files of a finished run. */
export function resultFiles<Spec extends StudySpec, Summary extends JsonObject>({
  study,
  spec,
  records,
  summary,
  summaryTitle,
}: FinishedRun<Spec, Summary>): readonly ResultFile[] {
  const { kernels, version } = summary;
  const origin = { spec: { ...spec }, specHash: hashSpec(spec), provenance: { kernels, version } };
  return [
    {
      name: 'records.jsonl',
      title: 'every trial, a line each',
      mediaType: 'application/jsonl',
      text: recordsText(study, spec, records),
    },
    {
      name: 'summary.json',
      title: summaryTitle,
      mediaType: 'application/json',
      text: summaryText(summary),
    },
    {
      name: 'spec.json',
      title: 'all that decides the numbers',
      mediaType: 'application/json',
      text: summaryText(JSON.parse(JSON.stringify(origin))),
    },
  ];
}

/** The records as lines, in the order of the plan; what has no record is left out. */
function recordsText<Spec extends StudySpec, Summary extends JsonObject>(
  study: StudyDefinition<Spec, Summary>,
  spec: Spec,
  records: readonly TrialRecord[],
): string {
  const byName = new Map(records.map((record) => [trialName(record), record]));
  const lines = plan(study, spec).flatMap((key) => {
    const record = byName.get(trialName(key));
    return record === undefined ? [] : [`${encodeRecordLine(record)}\n`];
  });
  return lines.join('');
}

/** The command that runs the same study, to the same bytes, on the command line. */
export function replayCommand({ seed, depths, initializers, trials, runs, maxEpochs }: Settings): string {
  return (
    `kindling study figure-1 --data embedded --seed ${seed} --depths ${depths.join(',')} ` +
    `--inits ${initializers.join(',')} --trials ${trials} --runs ${runs} --max-epochs ${maxEpochs}`
  );
}
