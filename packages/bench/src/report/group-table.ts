/** One group as a table of text: a row a benchmark, a column a contender. */
import type { GroupResult, Measurement } from '../run/measurement.js';
import { bytesText, digits, ratioText, timeText } from './number-text.js';
import { geometricMean } from './statistics.js';

/** Cells are ready to print. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const nothing = '–';

/**
 * The table. Each cell has the median (a rate where there is one, else a time) and, in parentheses, how many times as long
 * as the first contender it took; the last row has the geometric means of those.
 */
export function groupTable({ title, measurements }: GroupResult): ReportTable {
  const contenders = distinct(measurements.map(({ contender }) => contender));
  const hasRate = measurements.some(({ gigaflops }) => gigaflops !== null);
  // Only Kindling knows its memory, so there is no comparing.
  const hasBytes = contenders.length === 1 && measurements.some(({ bytes }) => bytes !== null);
  const rows = distinct(measurements.map(({ benchmark }) => benchmark)).map((benchmark) => {
    const row = measurements.filter((measurement) => measurement.benchmark === benchmark);
    const cells = contenders.map((label) =>
      cell(
        row.find(({ contender }) => contender === label),
        contenders[0],
      ),
    );
    const most = Math.max(...row.map(({ bytes }) => bytes ?? 0));
    return [benchmark, ...cells, ...(hasBytes ? [bytesText(most)] : [])];
  });
  return {
    title: hasRate ? `${title}, GFLOP/s` : title,
    columns: ['', ...contenders, ...(hasBytes ? ['memory'] : [])],
    rows: contenders.length > 1 ? [...rows, meanRow(contenders, measurements)] : rows,
  };
}

function cell(measurement: Measurement | undefined, first: string | undefined): string {
  if (measurement === undefined) return nothing;
  const { contender, gigaflops, milliseconds, ratio } = measurement;
  const value = gigaflops === null ? timeText(milliseconds.median) : digits(gigaflops);
  return contender === first ? value : `${value} (${ratioText(ratio)})`;
}

function meanRow(contenders: readonly string[], measurements: readonly Measurement[]): readonly string[] {
  const means = contenders.map((label, i) => {
    const ratios = measurements.filter(({ contender }) => contender === label).map(({ ratio }) => ratio);
    return i === 0 ? '' : `(${ratioText(geometricMean(ratios))})`;
  });
  return ['geometric mean', ...means];
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
