/** Counts in words. */

/** A count with thousands separated by commas. @param count an integer */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `count` and its noun, such as `1 run`, `1,000 runs`. @param many the plural; default `one` + `s` */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
