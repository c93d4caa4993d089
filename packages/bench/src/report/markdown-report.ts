/** A whole run as Markdown: the page in the documents. */
import type { GroupResult } from '../run/measurement.js';
import type { BenchmarkReport } from '../run/run-benchmarks.js';
import { groupTable, type ReportTable } from './group-table.js';
import { digits } from './number-text.js';

/** How the numbers in a table are to be read. */
export const howToRead =
  'Medians of interleaved samples, one thread each. In parentheses: how many times as long as Kindling, the median over rounds of neighbouring samples; below 1 is faster than Kindling.';

const origin =
  'Written by `kindling bench --out` (in the repository `pnpm bench --out docs/benchmarks.md`). Machines differ, and so do runs: ratios carry over, times do not.';

/** Machine, versions and what is missing, a line each, without marks. */
export function surroundingsLines(report: BenchmarkReport): readonly string[] {
  const { machine, versions, peakGigaflops, missing, warnings } = report;
  const { cpu, cores, platform, node, v8, kernels } = machine;
  return [
    `${cpu}, ${cores} cores, ${platform}; Node ${node}, V8 ${v8}`,
    `WASM peak on one thread: ${digits(peakGigaflops)} GFLOP/s; kernels ${kernels.build}-${kernels.hash.slice(0, 16)}`,
    Object.entries(versions)
      .map(([title, version]) => `${title} ${version}`)
      .join(', '),
    `images of training steps: ${report.data}`,
    ...missing.map(({ name, reason }) => `without ${name}: ${reason}`),
    ...warnings.map((warning) => `careful: ${warning}`),
  ];
}

/** What stands under a group's table: facts, and what was left out and why. */
export function notesOf({ facts, omissions }: GroupResult): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { benchmark, contender, reason } of omissions) {
    const key = `${contender}: ${reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), benchmark]);
  }
  return [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${digits(value)}`),
    ...[...reasons].map(([reason, benchmarks]) => `without ${reason} (${benchmarks.join('; ')})`),
  ];
}

/** The text, ending in a newline. */
export function markdownReport(report: BenchmarkReport): string {
  const head = surroundingsLines(report).map((line) => `- ${line}`);
  const sections = report.groups.map((group) => {
    const table = groupTable(group);
    const notes = notesOf(group).map((note) => `- ${note}`);
    return [`## ${table.title}`, '', group.description, '', ...tableLines(table), '', ...notes, ''].join(
      '\n',
    );
  });
  return `${['# Benchmarks', '', origin, '', ...head, '', howToRead, '', ...sections]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function tableLines({ columns, rows }: ReportTable): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)];
}
