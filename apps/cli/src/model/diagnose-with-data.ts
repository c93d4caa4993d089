/** The diagnosis of a model file on what `--data` names. */
import { diagnoseModel, type ModelDiagnosis, type ModelDiagnosisRequest } from '@kindling/diagnostics/models';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';
import { loadModelInputs } from './model-inputs.js';

/** What is asked. */
export interface DataDiagnosisRequest extends Omit<ModelDiagnosisRequest, 'inputs'> {
  /** As typed; undefined for random numbers. */
  readonly data: string | undefined;
}

/**
 * Diagnoses a model.
 *
 * @throws UsageError for data that do not fit, or data where there is no network; errors of `diagnoseModel`
 */
export async function diagnoseWithData(
  { data, ...request }: DataDiagnosisRequest,
  surroundings: Surroundings,
): Promise<ModelDiagnosis> {
  const { architecture, notes } = request.model;
  if (architecture === null && data !== undefined) {
    throw new UsageError(
      `--data needs a network to pass them through, and the file tells none; expected no --data — ${notes[0] ?? 'it holds weights only'}`,
    );
  }
  return await diagnoseModel({
    ...request,
    inputs: async (engine, wanted) => {
      const found = await loadModelInputs(engine, { data, ...wanted }, surroundings);
      const normalizes = architecture?.parameters.some(({ parameter }) => /\.gamma$/.test(parameter));
      if (normalizes === true && found.matrix.rows < 2) {
        throw new UsageError(
          'the network normalizes by its batch, which takes two inputs at least, and there is one; expected --data with more, or none',
        );
      }
      return found;
    },
  });
}
