/** `kindling bench`: how fast Kindling is on this machine, beside its peers. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BenchmarkReport, PeerName } from '@kindling/bench';
import { Command } from 'commander';
import { chooseKernels, type KernelFlags, kernelOptions } from '../options/kernels-choice.js';
import { suggestion } from '../options/nearest-names.js';
import { tableText } from '../output/table-text.js';
import { proseColumns, wrapText } from '../output/wrap-text.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

/** As commander gives them. */
interface BenchFlags extends KernelFlags {
  readonly only?: string;
  readonly peers?: string;
  readonly quick?: boolean;
  readonly wholeFigure?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/** The package of the benchmarks; loaded when it is needed, because no other command is. */
type Bench = typeof import('@kindling/bench');

const examples = `Examples:
  $ kindling bench --quick                         a look, in some minutes
  $ kindling bench --only gemm --peers tensorflow  one group, one peer
  $ kindling bench --out benchmarks.md             everything, as Markdown

Groups: gemm, training-step, many-inits, convolution, workers, threads, growth, figure-1.
Peers:  tensorflow, onnxruntime, jax, torch. What is not installed is left out, and the output says how to get it; PyTorch is
        looked for in python3, or in the Python that KINDLING_PYTHON names.

Let the machine do nothing else meanwhile.`;

/** The command. */
export function benchCommand(surroundings: Surroundings): Command {
  const command = new Command('bench')
    .summary('how fast Kindling is here, beside its peers')
    .description(
      'Does the same work with Kindling, TensorFlow.js, onnxruntime-web, jax-js and PyTorch, in turns and on one thread ' +
        'each, compares their results, and prints medians and ratios.',
    )
    .option('--only <groups>', 'these groups, such as gemm,training-step (default: all)')
    .option(
      '--peers <names>',
      'these peers, such as tensorflow,torch, or none (default: all that are installed)',
    )
    .option('--quick', 'fewer and shorter samples')
    .option('--whole-figure', 'in the group figure-1, all of a quick figure 1: an hour for TensorFlow.js')
    .option('--json', 'print the whole report as JSON on stdout, and nothing else there')
    .option('--out <file>', 'write the report too: as Markdown where the name ends in .md, else as JSON');
  for (const option of kernelOptions()) command.addOption(option);
  return command.addHelpText('after', `\n${examples}`).action(async (flags: BenchFlags) => {
    await runBench(flags, surroundings);
  });
}

async function runBench(flags: BenchFlags, { stdout, stderr, directory }: Surroundings): Promise<void> {
  const kernels = await chooseKernels(flags);
  const bench = await import('@kindling/bench');
  const peers = flags.peers === 'none' ? [] : readNames('--peers', flags.peers, bench.peerNames);
  const report = await bench.runBenchmarks({
    groups: readNames('--only', flags.only, bench.groupNames),
    peers: peers as readonly PeerName[] | undefined,
    kernels,
    budget: flags.quick === true ? 'quick' : 'full',
    wholeFigure: flags.wholeFigure,
    resolveFrom: [import.meta.url],
    onProgress: (line) => stderr.write(`${line}\n`),
  });
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (flags.out !== undefined) {
    const file = resolve(directory, flags.out);
    await writeFile(file, file.endsWith('.md') ? bench.markdownReport(report) : json);
    stderr.write(`written: ${file}\n`);
  }
  stdout.write(flags.json === true ? json : reportText(bench, report, stdout));
}

/** Names separated by commas; undefined when the flag is not there. */
function readNames(
  flag: string,
  text: string | undefined,
  known: readonly string[],
): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new UsageError(`${flag} has "${unknown}"; ${suggestion(unknown, known)}`);
}

function reportText(bench: Bench, report: BenchmarkReport, stdout: Surroundings['stdout']): string {
  const columns = stdout.columns();
  const prose = (lines: readonly string[]) =>
    lines.map((line) => `${wrapText(line, proseColumns(columns), '', '  ')}\n`).join('');
  const groups = report.groups.map((group) => {
    // Tables are wide: where there is no terminal they are not broken.
    const table = tableText(bench.groupTable(group), columns ?? Number.MAX_SAFE_INTEGER, stdout.colors);
    return `\n${table}${prose([group.description, ...bench.notesOf(group)])}`;
  });
  return `${prose([...bench.surroundingsLines(report), bench.howToRead])}${groups.join('')}`;
}
