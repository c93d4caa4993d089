/** A text as a whole number. Digits only: `1e3`, `0x10` and `1.0` are likelier slips than wishes. */

/**
 * Reads a whole number from 1 to `most` and hands it on.
 *
 * @returns what takes the text and says why it cannot be, in words; null when it is done
 */
export function wholeNumber(
  most: number,
  take: (value: number) => string | null,
  least = 1,
): (text: string) => string | null {
  return (text) => {
    const trimmed = text.trim();
    const value = /^\d{1,16}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
    if (value >= least && value <= most) return take(value);
    const shown = trimmed.length > 24 ? `${trimmed.slice(0, 24)}…` : trimmed;
    return `expected a whole number from ${least} to ${most}, got “${shown}”`;
  };
}
