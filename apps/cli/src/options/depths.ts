/** Lists of depths: `5,10,20`, and ranges with a step such as `10..100:10`. */
import { figure1Limits } from '@kindling/studies';
import { UsageError } from '../usage-error.js';
import { parseWholeNumber } from './whole-number.js';

const bounds = {
  least: 1,
  most: figure1Limits.depth,
  whyMost: 'nets are as wide as they are deep, so a deeper one would not fit into memory',
};

/**
 * Reads a list of depths; ascending, each once, so that one wish has one spec.
 *
 * @throws UsageError for an empty list, a depth that is not a whole number from 1 to 1000, or a range without an end
 */
export function parseDepths(text: string): readonly number[] {
  const depths = new Set<number>();
  for (const item of text.split(',')) for (const depth of parseItem(item.trim(), text)) depths.add(depth);
  return [...depths].sort((a, b) => a - b);
}

function parseItem(item: string, text: string): readonly number[] {
  if (item === '') {
    throw new UsageError(`--depths is "${text}"; expected depths such as 5,10,20 or 10..100:10`);
  }
  const range = /^([^.:]+)\.\.([^.:]+)(?::([^.:]+))?$/.exec(item);
  if (range === null) return [parseWholeNumber('a depth of --depths', item, bounds)];
  const [, first = '', last = '', step = '1'] = range;
  const from = parseWholeNumber('the first depth of a range of --depths', first, bounds);
  const to = parseWholeNumber('the last depth of a range of --depths', last, {
    ...bounds,
    least: from,
    hint: 'not below the first',
  });
  const by = parseWholeNumber('the step of a range of --depths', step, { least: 1, most: bounds.most });
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}
