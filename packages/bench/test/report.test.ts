/** The report's text from a run that never was. */
import { describe, expect, it } from 'vitest';
import { groupTable } from '../src/report/group-table.js';
import { markdownReport, notesOf } from '../src/report/markdown-report.js';
import { bytesText, digits, timeText } from '../src/report/number-text.js';
import { geometricMean } from '../src/report/statistics.js';
import type { GroupResult, Measurement } from '../src/run/measurement.js';
import type { BenchmarkReport } from '../src/run/run-benchmarks.js';

function measurement(benchmark: string, contender: string, median: number, ratio: number): Measurement {
  const nothing = { gigaflops: null, distance: null, tolerance: null, bytes: null };
  return {
    ...{ benchmark, contender, ratio, samples: 5, ...nothing },
    milliseconds: { median, least: median, most: median },
  };
}

const group: GroupResult = {
  name: 'steps',
  title: 'Steps',
  description: 'What it is.',
  measurements: [
    measurement('10 × 10', 'Kindling', 0.05, 1),
    measurement('10 × 10', 'Other', 0.1, 2),
    measurement('20 × 20', 'Kindling', 2, 1),
    measurement('20 × 20', 'Other', 16, 8),
    measurement('30 × 30', 'Kindling', 12_345, 1),
  ],
  omissions: [{ benchmark: '30 × 30', contender: 'Other', reason: 'it is too large' }],
  facts: { 'traffic, %': 0.5 },
};

const report: BenchmarkReport = {
  version: 1,
  budget: 'quick',
  machine: {
    ...{ cpu: 'A CPU', cores: 2, memoryBytes: 2 ** 33, platform: 'linux x64', node: '20.0.0', v8: '11' },
    kernels: { build: 'strict', hash: '0123456789abcdef0123' },
  },
  peakGigaflops: 40,
  data: 'embedded',
  versions: { Kindling: '0.1.0', Other: '2' },
  missing: [{ name: 'torch', reason: 'not here' }],
  warnings: ['mind the gap'],
  groups: [group],
};

describe('groupTable', () => {
  it('has times, ratios, gaps and geometric means', () => {
    expect(groupTable(group)).toEqual({
      title: 'Steps',
      columns: ['', 'Kindling', 'Other'],
      rows: [
        ['10 × 10', '50 µs', '0.1 ms (2×)'],
        ['20 × 20', '2 ms', '16 ms (8×)'],
        ['30 × 30', '12.3 s', '–'],
        ['geometric mean', '', '(4×)'],
      ],
    });
  });

  it('has rates where there are some, and memory where Kindling is alone', () => {
    const rates = group.measurements.map((row) => ({ ...row, gigaflops: 40 }));
    expect(groupTable({ ...group, measurements: rates })).toMatchObject({ title: 'Steps, GFLOP/s' });
    const alone = [{ ...measurement('10', 'Kindling', 1, 1), bytes: 3 * 2 ** 20 }];
    expect(groupTable({ ...group, measurements: alone })).toMatchObject({
      columns: ['', 'Kindling', 'memory'],
      rows: [['10', '1 ms', '3 MiB']],
    });
  });
});

describe('markdownReport', () => {
  it('says where, with whom and without whom', () => {
    const text = markdownReport(report);
    for (const part of [
      'A CPU, 2 cores',
      'strict-0123456789abcdef',
      'Other 2',
      'without torch: not here',
      'careful: mind the gap',
      '| 20 × 20 | 2 ms | 16 ms (8×) |',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('tells facts and what was left out', () => {
    expect(notesOf(group)).toEqual(['traffic, %: 0.5', 'without Other: it is too large (30 × 30)']);
  });
});

describe('numbers', () => {
  it('have three digits', () => {
    expect([0.012345, 1.2345, 12.345, 123.45, 12345].map(digits)).toEqual([
      '0.0123',
      '1.23',
      '12.3',
      '123',
      '12345',
    ]);
    expect([0.0146, 0.5, 250, 10_500].map(timeText)).toEqual(['14.6 µs', '0.5 ms', '250 ms', '10.5 s']);
    expect([640 * 1024, 2 ** 21].map(bytesText)).toEqual(['640 KiB', '2 MiB']);
  });

  it('have a geometric mean', () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(geometricMean([])).toBeNaN();
  });
});
