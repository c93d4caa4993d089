/** Where two JSON values part, in words a user can act on. */

/**
 * One line for each place where `got` differs from `expected`, such as `training.runs: expected 5, got 3`. Arrays and
 * scalars are compared whole, objects field by field.
 *
 * @param path prefix of the lines; default: none, fields start at the top
 */
export function jsonDifferences(expected: unknown, got: unknown, path = ''): string[] {
  if (isObject(expected) && isObject(got)) {
    const fields = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort();
    return fields.flatMap((field) =>
      jsonDifferences(expected[field], got[field], path === '' ? field : `${path}.${field}`),
    );
  }
  const wanted = spell(expected);
  const found = spell(got);
  return wanted === found ? [] : [`${path === '' ? 'value' : path}: expected ${wanted}, got ${found}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spell(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (isObject(item) ? sorted(item) : item)) ?? 'nothing';
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
