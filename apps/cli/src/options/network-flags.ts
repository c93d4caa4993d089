/**
 * The flags that say what a net is made of: one of `--widths`, `--residual`, `--conv` and `--arch`, and those that go with one of
 * them only.
 */

import type { Command } from 'commander';
import { UsageError } from '../usage-error.js';
import { orText } from './nearest-names.js';

/** As commander hands them over: text where given. */
export interface ArchitectureFlags {
  readonly widths?: string;
  readonly residual?: string;
  readonly conv?: string;
  readonly arch?: string;
  readonly scale?: string;
  readonly module?: string;
  readonly kernel?: string;
  readonly stride?: string;
  readonly padding?: string;
}

/** The flag that says what the net is made of. */
export type NetworkFlag = '--widths' | '--residual' | '--conv' | '--arch';

const networkFlags = [
  ['widths', '--widths'],
  ['residual', '--residual'],
  ['conv', '--conv'],
  ['arch', '--arch'],
] as const;

/** Which of the four the flags go with. */
const companions = {
  scale: '--residual',
  module: '--residual',
  kernel: '--conv',
  stride: '--conv',
  padding: '--conv',
} as const;

/** Adds the flags. */
export function withArchitectureOptions(command: Command): Command {
  return command
    .option(
      '--widths <list>',
      "fully connected: the input's width, then every ReLU layer's; n*k repeats, such as 784,100*50",
    )
    .option('--residual <n*L>', 'residual: width times modules, x ← x + η_l N_l(x), such as 5*30')
    .option(
      '--conv <list>',
      'convolutions: height x width x channels, then the channels of every layer, such as 32x32x3,10*50',
    )
    .option('--arch <file>', 'any net: an architecture as JSON; "kindling arch" makes one to start from')
    .option(
      '--scale <rule>',
      'with --residual: η_l as 0.75^l, 0.9, 1/L, 1/sqrt(L), a list such as 1,0.5*3, fixup, rezero or skipinit (default: 1)',
    )
    .option(
      '--module <kind>',
      'with --residual: relu, modules of one ReLU layer, or linear, a ReLU layer and a linear one (default: relu)',
    )
    .option('--kernel <size>', 'with --conv: 3, or rows x columns as 3x5 (default: 3)')
    .option('--stride <n>', 'with --conv: pixels from one window to the next (default: 1)')
    .option(
      '--padding <name>',
      'with --conv: zero, circular (the image again) or valid (none) (default: zero)',
    );
}

/**
 * Which of the four is given, and that nothing goes with another one.
 *
 * @throws UsageError naming what is missing, given beside another, or given without its own
 */
export function findNetworkFlag(flags: ArchitectureFlags): NetworkFlag {
  const given = networkFlags.filter(([key]) => flags[key] !== undefined).map(([, flag]) => flag);
  const [flag, other] = given;
  const all = orText(networkFlags.map(([, name]) => name));
  if (flag === undefined) {
    throw new UsageError(`${all} is missing; expected what the net is made of, such as --widths 784,100*50`);
  }
  if (other !== undefined) {
    throw new UsageError(`${flag} does not go with ${other}; expected one of ${all}`);
  }
  for (const [key, companion] of Object.entries(companions)) {
    if (flags[key as keyof typeof companions] === undefined || companion === flag) continue;
    const why = flag === '--arch' ? 'whose file says it' : `it goes with ${companion}`;
    throw new UsageError(`--${key} does not go with ${flag}${flag === '--arch' ? ',' : ';'} ${why}`);
  }
  return flag;
}
