/** Philox4x32-10, three times: the kernel, the plain integers that derive keys, the big integers of the reference. */
import { describe, expect, it } from 'vitest';
import { createEngine, philox4x32, type Words } from '../src/index.js';
import { philox } from '../src/reference/index.js';
import { seededNumbers } from './floats.js';

const engine = createEngine();
const out = engine.arena.allocate(16);

function kernelPhilox(counter: Words, key: readonly [number, number]): Words {
  engine.kernels.philox(...counter, ...key, out);
  const [a = 0, b = 0, c = 0, d = 0] = engine.arena.words(out, 4);
  return [a, b, c, d];
}

const implementations = [
  ['the kernel', kernelPhilox],
  ['philox4x32', philox4x32],
  ['the reference', philox],
] as const;

/** The known-answer vectors of the authors' Random123 library: counter, key, words. */
const knownAnswers: readonly (readonly [Words, readonly [number, number], Words])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe.each(implementations)('Philox4x32-10 of %s', (_, implementation) => {
  it('gives the published words', () => {
    for (const [counter, key, words] of knownAnswers) expect(implementation(counter, key)).toEqual(words);
  });

  it('agrees with the others on random and extreme counters and keys', () => {
    const next = seededNumbers(3);
    const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
    const word = () =>
      next() < 0.3 ? Number(extremes[Math.floor(6 * next())]) : Math.floor(2 ** 32 * next());
    for (let i = 0; i < 3000; i++) {
      const counter = [word(), word(), word(), word()] as const;
      const key = [word(), word()] as const;
      expect(implementation(counter, key)).toEqual(philox(counter, key));
    }
  });
});
