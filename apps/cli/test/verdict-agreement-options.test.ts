import { describe, expect, it } from 'vitest';
import { initializersFlag } from '../src/commands/studies/verdict-agreement.js';

describe('--inits of the verdict study', () => {
  it('separates by commas, but not those within an expression', () => {
    expect(initializersFlag.parse('he-normal,he-normal:gain=0.9,bias-variance=0.1,tfjs:heNormal')).toEqual([
      'he-normal',
      'he-normal:gain=0.9,bias-variance=0.1',
      'tfjs:he-normal',
    ]);
  });

  it('reads what it prints, and says each once', () => {
    const names = initializersFlag.parse('lecun-normal, orthogonal:gain=1.5,lecun-normal');
    expect(names).toEqual(['lecun-normal', 'orthogonal:gain=1.5']);
    expect(initializersFlag.parse(initializersFlag.print(names))).toEqual(names);
  });

  it.each(['he-norml', 'gain=2', '', 'he-normal,,rai', 'lsuv'])('refuses "%s"', (text) => {
    expect(() => initializersFlag.parse(text)).toThrow(/^--inits/);
  });
});
