/** Numbers for people, the same in every locale. */

/** A count with thousands separated by commas. @param count an integer of 0 or more */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `count` and its noun, such as `1 worker`, `1,000 trials`. */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share as a percentage with one digit, such as `31.6 %`. @param share 0 … 1 */
export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Bytes as GiB with one digit. */
export function gibibytesText(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
