/** `kindling env`: what a report of a defect or of a speed must say. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { createEngine, KindlingError } from '@kindling/core';
import { Command } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { enableRelaxedSimd } from '../options/kernels-choice.js';
import type { Surroundings } from '../surroundings.js';
import { ownVersion, packageVersionOf } from '../version.js';

/** The machine, the engine and the build, as `--json` prints them. */
interface EnvironmentFacts {
  readonly cpu: string;
  /** Logical cores, and those this process may use. */
  readonly cores: number;
  readonly usableCores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  readonly wasmSimd: boolean;
  /** Whether `--kernels relaxed` works here. */
  readonly relaxedSimd: boolean;
  /** Build and SHA-256 of the kernels' module; null when this engine cannot load them. */
  readonly kernels: { readonly build: string; readonly hash: string } | null;
  readonly versions: Readonly<Record<string, string>>;
}

/** The smallest module with a SIMD instruction: `(func (result v128) i32.const 0 i8x16.splat)`. */
const simdModule = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

/** Likewise with a relaxed one: `(func (result v128) … f32x4.relaxed_madd)`. */
const relaxedModule = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
]);

/** The command. Exit code 1 when the kernels cannot be loaded here. */
export function envCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('env')
    .summary('the machine, the engine and the build of the kernels')
    .description('Tells about the machine, the JavaScript engine and the build of the kernels.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ kindling env --json')
    .action(({ json }: { readonly json?: boolean }) => {
      const { stdout, stderr } = surroundings;
      const { facts, problem } = gatherFacts();
      stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : factsText(facts));
      if (problem === null) return;
      stderr.write(`kindling: ${problem}\n`);
      finish(exitCodes.failed);
    });
}

function gatherFacts(): { readonly facts: EnvironmentFacts; readonly problem: string | null } {
  let kernels: EnvironmentFacts['kernels'] = null;
  let problem: string | null = null;
  try {
    const { build, hash } = createEngine();
    kernels = { build, hash };
  } catch (error) {
    if (!KindlingError.isInstance(error)) throw error;
    problem = error.message;
  }
  const processors = cpus();
  const packages = ['core', 'initializers', 'diagnostics', 'trainer', 'studies'].map(
    (name) => `@kindling/${name}`,
  );
  const facts = {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    usableCores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    wasmSimd: WebAssembly.validate(simdModule),
    relaxedSimd: hasRelaxedSimd(),
    kernels,
    versions: {
      kindling: ownVersion(),
      ...Object.fromEntries(packages.map((name) => [name, packageVersionOf(name)])),
    },
  };
  return { facts, problem };
}

function hasRelaxedSimd(): boolean {
  enableRelaxedSimd();
  return WebAssembly.validate(relaxedModule);
}

function factsText(facts: EnvironmentFacts): string {
  const { cores, usableCores, kernels, versions } = facts;
  const lines: readonly (readonly [string, string])[] = [
    ['CPU', facts.cpu],
    ['cores', usableCores === cores ? String(cores) : `${cores}, ${usableCores} usable`],
    ['memory', `${gibibytesText(facts.memoryBytes)}, ${gibibytesText(facts.freeMemoryBytes)} free`],
    ['platform', facts.platform],
    ['Node', `${facts.node}, V8 ${facts.v8}`],
    ['WASM SIMD', facts.wasmSimd ? 'yes' : 'no'],
    ['relaxed SIMD', facts.relaxedSimd ? 'yes' : 'no'],
    ['kernels', kernels === null ? 'cannot be loaded here' : `${kernels.build}, SHA-256 ${kernels.hash}`],
    ...Object.entries(versions),
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `${label.padEnd(width)}  ${text}\n`).join('');
}

/** Bytes as GiB with one digit. */
function gibibytesText(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
