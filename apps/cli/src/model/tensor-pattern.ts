/** `--tensor`: a name, a pattern with `*`, or part of a name. */
import type { ModelTensor } from '@kindling/models';
import { nearestNames, orText } from '../options/nearest-names.js';
import { UsageError } from '../usage-error.js';

/**
 * The tensors of that name; without `*` and without such a name, those that contain it.
 *
 * @throws UsageError when there is none, with the nearest names
 */
export function matchingTensors(tensors: readonly ModelTensor[], pattern: string): readonly ModelTensor[] {
  const exact = tensors.filter(({ name }) => name === pattern);
  if (exact.length > 0) return exact;
  const parts = pattern.split('*');
  const found = tensors.filter(({ name }) =>
    parts.length === 1 ? pattern !== '' && name.includes(pattern) : hasParts(name, parts),
  );
  if (found.length > 0) return found;
  const names = tensors.map(({ name }) => name);
  const near = nearestNames(pattern, names);
  const hint =
    near.length > 0
      ? `did you mean ${orText(near)}?`
      : names.length === 0
        ? 'the file holds none'
        : `expected a name or a pattern such as "*${(names[0] ?? '').slice(-12)}"`;
  throw new UsageError(`--tensor: there is no tensor "${pattern.slice(0, 100)}"; ${hint}`);
}

/** Whether a name is the parts in order with anything between them; no backtracking, however many stars. */
function hasParts(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of rest.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
