/** Findings and tables at every width of a terminal, and errors as users read them. */
import { InvalidArgumentError } from '@kindling/core';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { bytesText } from '../src/output/bytes-text.js';
import { errorText } from '../src/output/error-text.js';
import { findingsText } from '../src/output/findings-text.js';
import { tableText } from '../src/output/table-text.js';
import { textWidth, wrapText } from '../src/output/wrap-text.js';

const plain = pc.createColors(false);
const table = {
  title: 'Mean length',
  columns: ['initializer', 'depth', 'mean length', 'deviation (std. errors)'],
  rows: [
    ['He truncated at 2σ, variance not restored', '5', '0.277', '−0.5'],
    ['He truncated at 2σ, variance not restored', '10', '9.31 × 10⁻¹⁰', '+1.5'],
    ['LeCun normal', '5', '0.031', '0.0'],
  ],
};

/** Words in reading order, whatever the lines. */
function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

describe('wrapped text', () => {
  const text = 'With He normal, depth 30 starts no later than depth 10: a median of 3 epochs against 3.';

  it('keeps every word, in lines no longer than asked for', () => {
    for (let columns = 12; columns < 120; columns++) {
      const wrapped = wrapText(text, columns, '• ', '  ');
      expect(words(wrapped)).toEqual(words(`• ${text}`));
      for (const line of wrapped.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('gives a word that is too long a line of its own', () => {
    expect(wrapText('a incomprehensibilities b', 6)).toBe('a\nincomprehensibilities\nb');
  });
});

describe('findings', () => {
  it('start with the verdict', () => {
    expect(findingsText(['One.', 'Two.', 'Three.'], 80, plain)).toBe('One.\n\n• Two.\n• Three.\n');
    expect(findingsText(['One.'], 80, plain)).toBe('One.\n');
    expect(findingsText([], 80, plain)).toBe('Nothing was measured.\n');
  });
});

describe('tables', () => {
  it('have one line a row where there is room, and name a subject once', () => {
    expect(tableText(table, 200, plain)).toBe(
      [
        'Mean length',
        'initializer                                depth   mean length  deviation (std. errors)',
        'He truncated at 2σ, variance not restored      5         0.277                     −0.5',
        '                                              10  9.31 × 10⁻¹⁰                     +1.5',
        'LeCun normal                                   5         0.031                      0.0',
        '',
      ].join('\n'),
    );
  });

  it('fit every terminal and lose nothing', () => {
    const values = words(table.rows.map((row) => row.slice(1).join(' ')).join(' '));
    for (let columns = 40; columns <= 100; columns++) {
      const text = tableText(table, columns, plain);
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      for (const value of values) expect(words(text)).toContain(value);
      expect(words(text)).toContain('restored');
    }
  });

  it('go row by row where columns would not fit', () => {
    const text = tableText(table, 30, plain);
    expect(text).toContain('LeCun normal\n  depth: 5\n  mean length: 0.031\n');
  });

  it('that are long show the last row of each subject and say so', () => {
    const rows = ['a', 'b'].flatMap((name) => Array.from({ length: 44 }, (_, i) => [name, String(i)]));
    const text = tableText({ title: 't', columns: ['subject', 'depth'], rows }, 80, plain);
    expect(text.split('\n').slice(2, 4).map(words)).toEqual([
      ['a', '43'],
      ['b', '43'],
    ]);
    expect(text).toContain('all 88 are in the report');
  });
});

describe('errors', () => {
  const error = new InvalidArgumentError('loadDataset: it is broken; expected it whole');

  it('are told without the function that threw them, and without a stack', () => {
    expect(errorText(error, {})).toBe('kindling: it is broken; expected it whole\n');
    expect(errorText(error, { KINDLING_DEBUG: '0' })).not.toContain(' at ');
  });

  it('have a stack, and that of their cause, when asked for', () => {
    const outer = new InvalidArgumentError('runStudy: failed', { cause: error });
    const text = errorText(outer, { KINDLING_DEBUG: '1' });
    expect(text).toContain('output.test.ts');
    expect(text).toContain('caused by: InvalidArgumentError: loadDataset');
  });

  it('that nobody expected say so', () => {
    expect(errorText(new TypeError('x is undefined'), {})).toMatch(/TypeError: x is undefined\n.*defect/);
    expect(errorText('thrown text', {})).toContain('thrown text');
  });
});

describe('memory', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [38_400, '38.4 kB'],
    [1_500_000_000, '1.50 GB'],
    [80_000_000_000_000, '80000 GB'],
  ])('%d is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
});
