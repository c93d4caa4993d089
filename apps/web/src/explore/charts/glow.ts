/** The glow of a layer: its length as a color between gone cold, as it should be, and burning away. */

/** Decades from the input's length at which a layer is wholly cold, or ablaze. */
const wholly = 6;

/**
 * A color of the page for a length of 10^exponent times the input's. Dead layers and NaN are cold.
 *
 * @param exponent logarithm to base 10, −Infinity for a dead layer
 */
export function glowColor(exponent: number): string {
  if (Number.isNaN(exponent)) return 'var(--cold)';
  const share = Math.round(Math.min(1, Math.abs(exponent) / wholly) * 100);
  if (share === 0) return 'var(--ember)';
  return `color-mix(in oklab, var(${exponent < 0 ? '--cold' : '--blaze'}) ${share}%, var(--ember))`;
}
