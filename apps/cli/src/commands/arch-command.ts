/** `kindling arch`: the JSON of an architecture, made from a shorthand or checked from a file. */
import { type Architecture, architectureText, countParameters } from '@kindling/core';
import { countOf } from '@kindling/studies/text';
import { Command } from 'commander';
import {
  type ArchitectureFlags,
  findNetworkFlag,
  withArchitectureOptions,
} from '../options/network-flags.js';
import { readArchitecture } from '../options/network-question.js';
import { parseWholeNumber } from '../options/whole-number.js';
import type { Surroundings } from '../surroundings.js';
import { UsageError } from '../usage-error.js';

interface ArchFlags extends ArchitectureFlags {
  readonly outputs?: string;
}

/** The command. */
export function archCommand({ stdout, stderr, directory }: Surroundings): Command {
  return withArchitectureOptions(new Command('arch'))
    .summary('print the JSON of an architecture, to start from or to check')
    .description(
      'Prints the architecture as JSON on stdout, one layer a line, and what it is in words on stderr. What it prints is what --arch ' +
        'reads: change layers, add others (dense, conv2d, average-pool, max-pool, global-average-pool, flatten, activation, ' +
        'batch-normalization, residual) and ask again.',
    )
    .option(
      '--outputs <n>',
      'units of a linear layer behind; convolutions are averaged over the pixels before it (default: none)',
    )
    .addHelpText(
      'after',
      `
Layers, with all their keys:
  {"kind":"dense","units":100,"activation":"relu"}
  {"kind":"conv2d","filters":16,"kernel":[3,3],"stride":1,"padding":"zero",
   "activation":"relu"}
  {"kind":"average-pool","window":[2,2],"stride":2}
  {"kind":"max-pool","window":[2,2],"stride":2}
  {"kind":"global-average-pool"}
  {"kind":"flatten"}
  {"kind":"batch-normalization"}
  {"kind":"activation","activation":"relu"}
  {"kind":"residual","branch":[layers],"scale":1,"shortcut":"identity"}
activation  "relu", "linear" or {"kind":"leaky-relu","slope":0.1}
padding     "zero", "circular" or "valid"
scale       η, a number, or {"learned":0} for one that starts there
shortcut    "identity", or "projection" where the branch changes the shape
input       {"width":784}, or {"height":28,"width":28,"channels":1}

Examples:
  $ kindling arch --residual 64*20 --module linear --scale 1/L --outputs 10 > net.json
  $ kindling arch --conv 28x28x1,16*8 --outputs 10 > net.json
  $ kindling arch --arch net.json
  $ kindling diagnose --arch net.json --init he-normal`,
    )
    .action(async (flags: ArchFlags) => {
      const source = findNetworkFlag(flags);
      if (source === '--arch' && flags.outputs !== undefined) {
        throw new UsageError('--outputs does not go with --arch, whose file says it');
      }
      const outputs =
        flags.outputs === undefined
          ? 0
          : parseWholeNumber('--outputs', flags.outputs, { least: 1, most: 100_000 });
      const { architecture } = await readArchitecture(flags, directory, outputs);
      stdout.write(architectureJson(architecture));
      stderr.write(
        `${architectureText(architecture)}: ${countOf(countParameters(architecture), 'parameter')}\n`,
      );
    });
}

/** One layer a line: a net of fifty is read at a glance. */
function architectureJson({ input, layers }: Architecture): string {
  const lines = layers.map((layer) => `    ${JSON.stringify(layer)}`);
  return `{\n  "input": ${JSON.stringify(input)},\n  "layers": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
