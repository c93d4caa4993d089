/** Changes of a file that know nothing of its format. */

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {(bytes: Uint8Array, random: Random) => Uint8Array} Mutation */

/** Numbers at which lengths and offsets go wrong. */
const extremes = [0, 1, -1, 7, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const numberTexts = [
  '0',
  '-1',
  '1e999',
  '9007199254740993',
  '4294967296',
  '0.5',
  '18446744073709551616',
  'null',
  '"x"',
  '[]',
  '{}',
  'true',
];

/** @type {Readonly<Record<string, Mutation>>} */
const mutations = {
  truncate: (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  flipBits(bytes, random) {
    const changed = bytes.slice();
    for (let i = 1 + random.below(4); i > 0 && changed.length > 0; i--) {
      const at = random.below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    }
    return changed;
  },
  // Headers and directories are at the ends, so most of what matters is there.
  flipBitsAtAnEnd(bytes, random) {
    const changed = bytes.slice();
    const reach = Math.min(changed.length, 512);
    for (let i = 1 + random.below(3); i > 0 && reach > 0; i--) {
      const near = random.below(reach);
      const at = random.below(2) === 0 ? near : changed.length - 1 - near;
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    }
    return changed;
  },
  forgeInteger(bytes, random) {
    const changed = bytes.slice();
    const width = random.pick([1, 2, 4, 8]);
    if (changed.length < width) return changed;
    const reach =
      random.below(2) === 0 ? changed.length - width + 1 : Math.min(changed.length - width + 1, 600);
    const near = random.below(reach);
    const at = random.below(3) === 0 ? changed.length - width - near : near;
    const value = random.below(2) === 0 ? random.pick(extremes) : changed.length + random.below(64) - 32;
    const view = new DataView(changed.buffer);
    for (let i = 0; i < width; i++)
      view.setUint8(at + i, i < 4 ? (value >>> (8 * i)) & 255 : value < 0 ? 255 : 0);
    return changed;
  },
  insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const length = 1 + random.below(64);
    const filling = random.below(2) === 0 ? random.below(256) : null;
    const added = Uint8Array.from({ length }, () => filling ?? random.below(256));
    return joined([bytes.subarray(0, at), added, bytes.subarray(at)]);
  },
  remove(bytes, random) {
    const at = random.below(bytes.length);
    return joined([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64))]);
  },
  repeat(bytes, random) {
    const at = random.below(bytes.length);
    const end = Math.min(bytes.length, at + 1 + random.below(256));
    return joined([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
  },
  forgeNumberInText: (bytes, random) =>
    inText(bytes, random, /-?\d+(\.\d+)?/g, () => random.pick(numberTexts)),
  repeatKeyInText: (bytes, random) =>
    inText(bytes, random, /"[\w./:]{1,60}":("[^"]*"|-?\d+)/g, (found) => `${found},${found}`),
  nestText: (bytes, random) =>
    inText(bytes, random, /-?\d+/g, () => {
      const depth = random.pick([10, 100, 20_000]);
      return `${'['.repeat(depth)}${']'.repeat(depth)}`;
    }),
  swapWordsInText(bytes, random) {
    const words = textOf(bytes).match(/"[^"]{1,60}"/g) ?? ['""'];
    return inText(bytes, random, /"[^"]{1,60}"/g, () => random.pick(words));
  },
};

const names = Object.keys(mutations);

/**
 * One to three changes.
 *
 * @param {Uint8Array} bytes
 * @param {Random} random
 * @returns {{ bytes: Uint8Array, how: string }}
 */
export function mutate(bytes, random) {
  let changed = bytes;
  const how = [];
  for (let i = 1 + Math.floor(random.unit() * random.unit() * 3); i > 0; i--) {
    const name = random.pick(names);
    changed = mutations[name]?.(changed, random) ?? changed;
    how.push(name);
  }
  return { bytes: changed, how: how.join('+') };
}

/**
 * Replaces one match of a pattern in the text of a file; each byte is a character, so that other bytes stay as they are.
 *
 * @param {Uint8Array} bytes
 * @param {Random} random
 * @param {RegExp} pattern
 * @param {(found: string) => string} replacement
 */
function inText(bytes, random, pattern, replacement) {
  const text = textOf(bytes);
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return bytes;
  const match = random.pick(found);
  const changed =
    text.slice(0, match.index) + replacement(match[0]) + text.slice(match.index + match[0].length);
  return Uint8Array.from(changed, (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  return new TextDecoder('latin1').decode(bytes);
}

/** @param {readonly Uint8Array[]} parts */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
