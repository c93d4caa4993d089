/** `kindling diagnose FILE`: a model's own weights. */

import { createEngine, rootKey } from '@kindling/core';
import { diagnoseNetwork, type Remedy } from '@kindling/diagnostics';
import { floatBytes, type ModelDiagnosis } from '@kindling/diagnostics/models';
import { findInitializer } from '@kindling/initializers';
import { type ModelAnswer, modelDiagnosisJson, modelDiagnosisText } from '../answers/model-diagnosis.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { diagnoseWithData } from '../model/diagnose-with-data.js';
import { parseInputShape } from '../model/input-shape.js';
import { formatTitle, withModelFile } from '../model/open-model-file.js';
import { parseSeed } from '../options/network-choice.js';
import { jsonText } from '../output/json-text.js';
import { runReading } from '../progress/run-reading.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

/** The flags that go with a file. */
export interface DiagnoseFileFlags {
  readonly data?: string;
  readonly inputShape?: string;
  readonly seed: string;
  readonly failOnVerdict?: boolean;
  readonly json?: boolean;
}

/** Flags about a net that is not in a file. */
const foreign = [
  'widths',
  'residual',
  'conv',
  'arch',
  'init',
  'outputs',
  'scale',
  'module',
  'kernel',
  'stride',
  'padding',
];

/** Refuses flags that the file answers. @throws UsageError naming the flag */
export function checkFileFlags(flags: Readonly<Record<string, unknown>>): void {
  const given = foreign.find((flag) => flags[flag] !== undefined);
  if (given !== undefined) {
    throw new UsageError(`--${given} does not go with FILE, which says it; expected one of the two`);
  }
}

/** Runs the command on a file. */
export async function diagnoseFile(
  file: string,
  flags: DiagnoseFileFlags,
  surroundings: Surroundings,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const { stdout, directory } = surroundings;
  const key = rootKey(parseSeed(flags.seed));
  const input = flags.inputShape === undefined ? undefined : parseInputShape(flags.inputShape);
  await withModelFile(file, { directory, input }, async ({ model, name }) => {
    const outcome = await runReading(
      (meter) => diagnoseWithData({ model, data: flags.data, key, remedies: true, meter }, surroundings),
      surroundings,
      { totalBytes: floatBytes(model.tensors), news: `reading ${name}` },
    );
    if (outcome.ended === 'interrupted') {
      finish(outcome.exitCode);
      return;
    }
    const found = outcome.result;
    const answer: ModelAnswer = {
      ...{ file, formatTitle: formatTitle(model), model, found },
      architectureRemedies: architectureRemedies(found),
    };
    stdout.write(
      flags.json === true ? jsonText(modelDiagnosisJson(answer)) : modelDiagnosisText(answer, stdout),
    );
    if (flags.failOnVerdict === true && found.diagnosis.verdict !== 'starts') finish(exitCodes.verdict);
  });
}

/** Where new weights do not help, the network itself has to change. */
function architectureRemedies(found: ModelDiagnosis): readonly Remedy[] {
  if (found.kind === 'weights') return [];
  const { remedies } = found.diagnosis;
  if (remedies.length === 0 || remedies.some(({ after }) => after.verdict === 'starts')) return [];
  const { initializer } = findInitializer('he-normal');
  const { architecture } = found.architecture;
  return diagnoseNetwork(createEngine(), { architecture, initializer, initializerName: 'he-normal' }).remedy;
}
