/**
 * A finished run as files, byte for byte those that the command line writes for the same spec (its `records.jsonl`
 * holds the same lines in the order in which they were finished; here they stand in the order of the plan).
 */
import {
  encodeRecordLine,
  type Figure1Spec,
  type Figure1Summary,
  figure1,
  hashSpec,
  plan,
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

/** The files of a finished run. */
export function resultFiles(
  spec: Figure1Spec,
  records: readonly TrialRecord[],
  summary: Figure1Summary,
): readonly ResultFile[] {
  const { kernels, version } = summary;
  const origin = { spec: { ...spec }, specHash: hashSpec(spec), provenance: { kernels, version } };
  return [
    {
      name: 'records.jsonl',
      title: 'every trial, a line each',
      mediaType: 'application/jsonl',
      text: recordsText(spec, records),
    },
    {
      name: 'summary.json',
      title: 'every point of both figures',
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
function recordsText(spec: Figure1Spec, records: readonly TrialRecord[]): string {
  const byName = new Map(records.map((record) => [trialName(record), record]));
  const lines = plan(figure1, spec).flatMap((key) => {
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
