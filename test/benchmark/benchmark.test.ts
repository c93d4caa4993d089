/**
 * Every benchmark of every group runs, and everybody who takes part gives the same numbers. The run itself compares results
 * and throws where they differ; here it is asserted that it did compare. No time is asserted: a machine under test is busy.
 */
import { type BenchmarkReport, groupNames, markdownReport, runBenchmarks } from '@kindling/bench';
import { beforeAll, describe, expect, it } from 'vitest';

let report: BenchmarkReport;

beforeAll(async () => {
  report = await runBenchmarks({ budget: 'once' });
});

function group(name: string) {
  const found = report.groups.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`benchmark: the report has no group ${name}`);
  return found;
}

/** Titles of those who took part. */
const titles = () => Object.keys(report.versions);

describe('a run of all benchmarks', () => {
  it('has every group, and numbers in every cell', () => {
    expect(report.groups.map(({ name }) => name)).toEqual(groupNames);
    for (const { measurements } of report.groups) {
      expect(measurements.length).toBeGreaterThan(0);
      for (const { milliseconds, ratio } of measurements) {
        expect(milliseconds.median).toBeGreaterThan(0);
        expect(ratio).toBeGreaterThan(0);
      }
    }
    expect(report.peakGigaflops).toBeGreaterThan(0);
  });

  it.each([
    ['gemm', 9, 1],
    ['training-step', 8, 0],
    ['many-inits', 4, 0],
    ['convolution', 9, 0],
  ])('compared the results of %s', (name, benchmarks, withoutResult) => {
    const { measurements } = group(name);
    expect(new Set(measurements.map(({ benchmark }) => benchmark)).size).toBe(benchmarks);
    // The first has nobody to be compared with.
    const compared = measurements.filter(({ distance }) => distance !== null);
    expect(compared).toHaveLength(measurements.length - benchmarks * (1 + withoutResult));
    for (const { distance, tolerance } of compared) expect(distance).toBeLessThanOrEqual(tolerance ?? 0);
  });

  it('left nobody out', () => {
    expect(report.groups.flatMap(({ omissions }) => omissions)).toEqual([]);
  });

  it('has every peer in the products, and says how to get the others', () => {
    const contenders = new Set(group('gemm').measurements.map(({ contender }) => contender));
    for (const title of titles()) expect(contenders).toContain(title);
    for (const { name, reason } of report.missing) {
      expect(reason, name).toMatch(/install|KINDLING_PYTHON/);
    }
  });

  it('finds the same records with one worker and with two', () => {
    const { measurements } = group('workers');
    expect(measurements.map(({ distance }) => distance)).toEqual([null, 0, null, 0]);
  });

  it('finds the same network with one thread and with two', () => {
    const { measurements } = group('threads');
    expect(measurements.map(({ distance }) => distance)).toEqual([null, 0, null, 0]);
  });

  it('needs the same memory for any number of nets, and less than 1 GiB for the deepest training', () => {
    const { measurements } = group('growth');
    const bytesOf = (part: string) =>
      measurements.filter(({ benchmark }) => benchmark.includes(part)).map(({ bytes }) => bytes);
    expect(new Set(bytesOf('nets, 10 × 10')).size).toBe(1);
    expect(bytesOf('SGD step, 1000 × 100')[0]).toBeLessThan(2 ** 30);
  });

  it('can be printed', () => {
    const text = markdownReport(report);
    for (const { title } of report.groups) expect(text).toContain(`## ${title}`);
  });
});
