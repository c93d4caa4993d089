/** The rules' eyes: each finder sees what it is for, and lets what only looks like it pass. */
import { describe, expect, it } from 'vitest';
import {
  findAny,
  findClockAndChance,
  findGlobals,
  findImports,
  findInexactMath,
  parseText,
} from './source-file.js';

const tree = (text: string) => parseText('sample.ts', text);
const what = (findings: readonly { readonly what: string }[]) => findings.map((found) => found.what);

describe('findImports', () => {
  it('sees every way to name a module', () => {
    const text = `import a from 'a'; import type { B } from 'b'; export * from 'c'; export type { D } from 'd';
      const e = await import('e'); type F = import('f').F; import 'g'; const h = 'not-a-module';`;
    expect(what(findImports(tree(text)))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('says where', () => {
    expect(findImports(tree("\n\nimport 'a';"))).toEqual([{ place: 'sample.ts:3', what: 'a' }]);
  });
});

describe('findGlobals', () => {
  const names = new Set(['document', 'Worker', 'process']);

  it('sees values, in calls, in `new`, in `extends` and in shorthand', () => {
    const text = `document.title; new Worker('x'); class A extends Worker {} const o = { process };`;
    expect(what(findGlobals(tree(text), names))).toEqual(['document', 'Worker', 'Worker', 'process']);
  });

  it('lets types, members and own declarations pass', () => {
    const text = `function draw(document: Document) { return document.title; }
      interface A { process: number; worker: Worker } const o = { process: 1 }; o.process; type T = NodeJS.process;`;
    expect(findGlobals(tree(text), names)).toEqual([]);
  });
});

describe('findInexactMath', () => {
  it('sees the inexact functions, powers and aliases', () => {
    const text = `Math.exp(1); x ** 2; 2 ** 0.5; x **= 3; const { log } = Math; const m = Math; Math['sin'](1);`;
    expect(what(findInexactMath(tree(text)))).toEqual([
      'Math.exp',
      '**',
      '**',
      '**=',
      'Math as a value',
      'Math as a value',
      'Math as a value',
    ]);
  });

  it('lets exact arithmetic pass', () => {
    const text =
      'Math.sqrt(2) + Math.floor(1.5) + Math.fround(x) + Math.imul(1, 2) + 2 ** 32 + 2 ** -24 + x * x;';
    expect(findInexactMath(tree(text))).toEqual([]);
  });
});

describe('findClockAndChance', () => {
  it("sees clocks and the engine's random numbers", () => {
    const text = 'Date.now(); new Date(); performance.now(); Math.random(); crypto.getRandomValues(bytes);';
    expect(what(findClockAndChance(tree(text))).sort()).toEqual(
      ['Date', 'Date', 'Math.random', 'crypto', 'performance'].sort(),
    );
  });
});

describe('findAny', () => {
  it('sees the type and not the word', () => {
    expect(findAny(tree("const a: any = b as any; // any\nconst any = 'any';"))).toHaveLength(2);
  });
});
