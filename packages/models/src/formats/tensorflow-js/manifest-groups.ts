import { fieldOf } from '../json/parse-json.js';

/** Whether JSON looks like a manifest of weights: a list of groups with `paths` and `weights`. */
export function isManifest(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) &&
    value.every((group) => Array.isArray(fieldOf(group, 'paths')) && Array.isArray(fieldOf(group, 'weights')))
  );
}
