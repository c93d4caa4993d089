/** Memory in words. */
import { numberText } from '@kindling/studies/text';

const units = ['kB', 'MB', 'GB'] as const;

/** Such as `812 bytes`, `38.4 kB`, `1.50 GB`; powers of 1,000. @param bytes ≥ 0 */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${numberText(bytes / 1000 ** power)} ${units[power - 1] ?? ''}`;
}
