import { printableName } from '../../errors/printable-name.js';
import { fieldOf } from '../json/parse-json.js';

/** What model.json says of its makers: `keras v2.10.0, TensorFlow.js Converter v1.2.6`; `null` if nothing. */
export function producerOf(json: unknown): string | null {
  const stated = [fieldOf(json, 'generatedBy'), fieldOf(json, 'convertedBy')]
    .filter((text): text is string => typeof text === 'string' && text !== '')
    .map(printableName);
  if (stated.length > 0) return stated.join(', ');
  const version = fieldOf(fieldOf(json, 'modelTopology'), 'keras_version');
  return typeof version === 'string' ? `keras ${printableName(version)}` : null;
}
