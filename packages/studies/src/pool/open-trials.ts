/** Trials of one study that come out as finished records: whoever runs them, in a pool or alone, they are the same. */
import type { TrialStudy } from '../catalog/trial-catalog.js';
import { provenanceOf } from '../provenance.js';
import { shortSpecHash } from '../spec/hash-spec.js';
import { decodeRecordLine, encodeRecordLine } from '../store/record-line.js';
import type { StudySpec, TrialContext, TrialKey, TrialRecord } from '../study.js';

/**
 * What runs single trials of `study` in this thread.
 *
 * @param value the spec, as JSON; checked by the study
 * @returns runs one trial and gives its record, the very one that `runStudy` stores
 * @throws InvalidArgumentError for a spec that the study refuses
 */
export function openTrials(
  study: TrialStudy,
  value: unknown,
  context: TrialContext,
): (key: TrialKey) => Promise<TrialRecord> {
  const spec: StudySpec = study.parseSpec(value);
  const stamp = { ...provenanceOf(context.engine), spec: shortSpecHash(spec) };
  return async ({ cell, trial }) => {
    const result = await study.runTrial(context, spec, { cell, trial });
    // Through its line and back: a fresh record is then the very one a store gives back (−0 becomes 0, keys are
    // sorted), and a resumed study sums up the same values as an uninterrupted one.
    return decodeRecordLine(encodeRecordLine({ cell, trial, ...stamp, result }), 1);
  };
}
