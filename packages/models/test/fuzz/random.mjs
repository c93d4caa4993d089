/** Numbers by a seed, the same on every machine. */

/**
 * @typedef {object} Random
 * @property {() => number} unit uniform in [0, 1)
 * @property {(limit: number) => number} below an integer from 0 to limit − 1; 0 for a limit of 0
 * @property {<Item>(items: readonly Item[]) => Item} pick one of at least one
 */

/**
 * @param {number} seed an integer
 * @returns {Random}
 */
export function openRandom(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const unit = () => {
    // Mulberry32: one multiplication more than a congruence, and no short periods in the low bits.
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  const below = (/** @type {number} */ limit) => Math.floor(unit() * limit);
  return {
    unit,
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('pick: expected at least one item');
      return item;
    },
  };
}
