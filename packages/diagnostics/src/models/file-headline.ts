import type { ModelDiagnosis } from './diagnose-model.js';

/** The verdict on a file in a sentence. By the weights alone it says what is taken for granted: nets with skips it does not hold for. */
export function fileHeadline({ kind, diagnosis: { headline } }: ModelDiagnosis): string {
  if (kind === 'network') return headline;
  return `As a plain ReLU chain, ${headline.slice(0, 1).toLowerCase()}${headline.slice(1)}`;
}
