/** What a mistyped name may have meant. */
import { distance } from 'fastest-levenshtein';

/** More suggestions than this are a list, not a hint. */
const mostNames = 3;

/**
 * The known names nearest to `typed`, nearest first, at most three: those some typing errors away (a third of the
 * letters, at least two), and those of which it is a part, such as `lecun` of `lecun-normal`. Case does not count.
 *
 * @param known in an order that decides between equally near ones
 */
export function nearestNames(typed: string, known: readonly string[]): readonly string[] {
  const text = typed.toLowerCase().trim();
  if (text === '') return [];
  const most = Math.max(2, Math.floor(text.length / 3));
  return known
    .map((name) => ({ name, errors: distance(text, name.toLowerCase()), part: isPart(text, name) }))
    .filter(({ errors, part }) => errors <= most || part)
    .sort((a, b) => a.errors - b.errors)
    .slice(0, mostNames)
    .map(({ name }) => name);
}

/** `did you mean a or b?`, or which names there are when none is near. */
export function suggestion(typed: string, known: readonly string[]): string {
  const near = nearestNames(typed, known);
  if (near.length === 0) return `expected one of ${known.join(', ')}`;
  return `did you mean ${orText(near)}?`;
}

/** Names as prose: `a`, `a or b`, `a, b or c`. */
export function orText(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function isPart(text: string, name: string): boolean {
  return text.length >= 2 && name.toLowerCase().includes(text);
}
