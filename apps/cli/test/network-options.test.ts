/** Widths, real numbers and initializers on the command line: what is read, what is refused, and how the refusal reads. */
import { initializerNames } from '@kindling/initializers';
import { describe, expect, it } from 'vitest';
import { parseInitializer } from '../src/options/initializer-choice.js';
import { networkText, parseInputLength } from '../src/options/network-choice.js';
import { parseRealNumber } from '../src/options/real-number.js';
import { parseWidths, widthsText } from '../src/options/widths.js';
import { UsageError } from '../src/usage-error.js';

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('messageOf: nothing was thrown; expected a UsageError');
}

const net = { argument: '--widths', least: 2 } as const;
const layers = { argument: '--hidden', least: 1 } as const;

describe('widths', () => {
  it.each([
    ['784,100*3', [784, 100, 100, 100]],
    ['1,2*2,3', [1, 2, 2, 3]],
    [' 5 , 4 * 2 ', [5, 4, 4]],
    ['7*3', [7, 7, 7]],
    ['100000,1', [100_000, 1]],
  ])('"%s" is %j', (text, widths) => expect(parseWidths(net, text)).toEqual(widths));

  it('written short are read back as they were', () => {
    const lists = [
      [3, 3],
      [784, ...new Array<number>(50).fill(100)],
      [30, 10, 30, 10, 10, 5],
    ];
    for (const widths of lists) expect(parseWidths(net, widthsText(widths))).toEqual(widths);
    expect(widthsText(lists[1] ?? [])).toBe('784,100*50');
  });

  it('of layers alone may be one', () => {
    expect(parseWidths(layers, '2*9')).toEqual(new Array(9).fill(2));
    expect(parseWidths(layers, '5')).toEqual([5]);
    expect(messageOf(() => parseWidths(net, '5'))).toContain('an input without a layer');
  });

  it('go as deep as 10,000 layers', () => {
    expect(parseWidths(net, '1,1*10000')).toHaveLength(10_001);
    for (const text of ['1,1*10001', '1,1*5000,2*5001', '1,1*999999999', '1,1*99999999999999999999']) {
      expect(messageOf(() => parseWidths(net, text))).toMatch(/^--widths has too many layers; .*10,000/);
    }
  });

  it.each(
    '|,|784|784,|,100|0,1|1,0|-1,2|1,NaN|1,Infinity|1,1e3|1,2.5|1,2*0|1,2*-1|1,2*|1,*2|1,2*3*4|1,2x3|784;100|100001,1|1,１'.split(
      '|',
    ),
  )('refuse "%s" in one line that names --widths', (text) => {
    const message = messageOf(() => parseWidths(net, text));
    expect(message).toContain('--widths');
    expect(message).not.toContain('\n');
    expect(messageOf(() => parseWidths({ ...layers, least: 2 }, text))).toContain('--hidden');
  });
});

describe('real numbers', () => {
  const bounds = { least: 0, exclusive: true, expected: 'a radius above 0' };

  it.each([
    ['1', 1],
    ['1.7320508', 1.7320508],
    ['.5', 0.5],
    ['2.', 2],
    ['1e-3', 0.001],
    ['1E+2', 100],
    ['+4', 4],
  ])('"%s" is %f', (text, value) => expect(parseRealNumber('--radius', text, bounds)).toBe(value));

  it.each('|0|-1|NaN|Infinity|1e999|0x10|1_000|1,5|one| 1|1e|.|--'.split('|'))('refuse "%s"', (text) => {
    expect(messageOf(() => parseRealNumber('--radius', text, bounds))).toBe(
      `--radius is "${text}"; expected a radius above 0`,
    );
  });

  it('may be 0 where that is allowed', () => {
    expect(parseRealNumber('--x', '0', { least: 0, expected: 'x' })).toBe(0);
    expect(messageOf(() => parseInputLength('0'))).toContain('--input-length');
  });
});

describe('an initializer', () => {
  it('is any name of the catalog, an alias, a preset or a name with settings', () => {
    for (const name of initializerNames) expect(parseInitializer('--init', name).name).toBe(name);
    expect(parseInitializer('--init', 'tfjs:heNormal').name).toBe('tfjs:he-normal');
    expect(parseInitializer('--init', 'normal:variance=0.01').initializer).toMatchObject({
      weights: { variance: 0.01 },
    });
    expect(parseInitializer('--init', ' he-normal ').name).toBe('he-normal');
  });

  it.each([
    ['he-norml', 'there is no initializer "he-norml"; did you mean he-normal'],
    ['pytorch:liner', 'did you mean pytorch:linear?'],
    ['xavier', 'did you mean xavier-normal'],
    ['zzzzzzzzz', '"kindling initializers" shows all'],
    ['', 'there is no initializer ""'],
    ['he-norml:slope=0.1', 'there is no initializer "he-norml"'],
    ['normal:variance=-1', 'variance is "-1"; expected a positive finite number'],
    ['normal:variance=NaN', 'variance is "NaN"'],
    ['normal:varance=1', 'cannot set "varance"; expected variance'],
    ['he-normal:slope=', 'slope is ""'],
    ['uniform:low=2,high=1', '--init is "uniform:low=2,high=1": '],
  ])('"%s" is refused in one line', (text, expected) => {
    const message = messageOf(() => parseInitializer('--init', text));
    expect(message).toMatch(/^--init/);
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(260);
  });
});

describe('a net in words', () => {
  it.each([
    [[784, 100, 100], '784 inputs → 2 ReLU layers of 100'],
    [[1, 2], '1 input → 1 ReLU layer of 2'],
    [[3, 4, 5, 5], '3 inputs → 3 ReLU layers: 4,5*2'],
  ])('%j', (widths, text) => expect(networkText(widths)).toBe(text));
});
