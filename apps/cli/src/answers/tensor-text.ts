/** What a file says of a tensor, and shares of its numbers, in words. */
import { printableText, type StatedInitializer } from '@kindling/models';
import { numberText } from '@kindling/studies/text';
import { probabilityText } from '../output/probability-text.js';

/** What a file says an initializer was: `VarianceScaling(2, fanIn, normal)`. */
export function statedText(stated: StatedInitializer | null): string {
  if (stated === null) return '–';
  const settings = Object.entries(stated.config).flatMap(([key, value]) => {
    const plain = typeof value === 'number' || typeof value === 'string';
    if (!plain || key === 'seed' || key === 'name') return [];
    return [typeof value === 'number' ? numberText(value) : value];
  });
  const text = `${stated.className}${settings.length === 0 ? '' : `(${settings.join(', ')})`}`;
  return printableText(text.slice(0, 60));
}

/** A share of numbers: 0 %, 12.5 %. */
export function shareOf(count: number, total: number): string {
  return total === 0 ? '–' : probabilityText(count / total);
}
