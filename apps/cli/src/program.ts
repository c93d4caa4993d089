/** The whole command line: every command, its help, and how commander is to speak. */
import { Command, type Option } from 'commander';
import { helpCommand } from './commands/help-command.js';
import { type ExitCode, exitCodesHelp } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';
import { UsageError } from './usage-error.js';
import { ownVersion } from './version.js';

const examples = `
Examples:
  $ kindling diagnose --widths 784,100*50 --init pytorch:linear
  $ kindling predict --widths 784,100*50 --init he-normal
  $ kindling measure --widths 784,100*50 --init he-normal
  $ kindling predict --residual 5*30 --scale 0.75^l --init he-normal
  $ kindling predict --conv 32x32x3,10*50 --init he-normal
  $ kindling initializers pytorch:linear
  $ kindling study figure-1 --quick
`;

/** What a command is made from. */
interface CommandContext {
  readonly surroundings: Surroundings;
  /** The arguments of the program, which are not parsed yet. */
  readonly typed: readonly string[];
  /** Takes the exit code of a command that ends otherwise than with 0. */
  readonly finish: (code: ExitCode) => void;
}

interface CommandEntry {
  readonly name: string;
  readonly load: (context: CommandContext) => Promise<Command>;
}

/**
 * Every command, in the order of the help. A command is loaded when it is asked for: what studies need takes half a second.
 */
const commands: readonly CommandEntry[] = [
  {
    name: 'diagnose',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/diagnose-command.js')).diagnoseCommand(surroundings, finish),
  },
  {
    name: 'inspect',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/inspect-command.js')).inspectCommand(surroundings, finish),
  },
  {
    name: 'bits',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/bits-command.js')).bitsCommand(surroundings, finish),
  },
  {
    name: 'repair',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/repair-command.js')).repairCommand(surroundings, finish),
  },
  {
    name: 'predict',
    load: async ({ surroundings }) =>
      (await import('./commands/predict-command.js')).predictCommand(surroundings),
  },
  {
    name: 'measure',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/measure-command.js')).measureCommand(surroundings, finish),
  },
  {
    name: 'arch',
    load: async ({ surroundings }) => (await import('./commands/arch-command.js')).archCommand(surroundings),
  },
  {
    name: 'trainability',
    load: async ({ surroundings }) =>
      (await import('./commands/trainability-command.js')).trainabilityCommand(surroundings),
  },
  {
    name: 'born-dead',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/born-dead-command.js')).bornDeadCommand(surroundings, finish),
  },
  {
    name: 'initializers',
    load: async ({ surroundings }) =>
      (await import('./commands/initializers-command.js')).initializersCommand(surroundings),
  },
  {
    name: 'study',
    load: async ({ surroundings, typed, finish }) =>
      (await import('./commands/study-command.js')).studyCommand(surroundings, typed, finish),
  },
  {
    name: 'ui',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/ui-command.js')).uiCommand(surroundings, finish),
  },
  {
    name: 'list',
    load: async ({ surroundings }) => (await import('./commands/list-command.js')).listCommand(surroundings),
  },
  {
    name: 'env',
    load: async ({ surroundings, finish }) =>
      (await import('./commands/env-command.js')).envCommand(surroundings, finish),
  },
  {
    name: 'bench',
    load: async ({ surroundings }) =>
      (await import('./commands/bench-command.js')).benchCommand(surroundings),
  },
];

/**
 * The program, with the command that the arguments name, or with all of them where help may be wanted. Help, versions
 * and errors of usage leave it as commander's `CommanderError`.
 *
 * @param typed the arguments, which are not parsed yet
 * @param finish takes the exit code of a command that ends otherwise than with 0
 */
export async function buildProgram(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Promise<Command> {
  const program = new Command('kindling')
    .description(
      'Will this deep ReLU network start training? Theory beside measurement, before you spend the compute.',
    )
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpCommand(false) // ours knows studies, and says what is wrong
    .addHelpText('after', `${examples}\n${exitCodesHelp}`);
  const context: CommandContext = { surroundings, typed, finish };
  const loaded = await Promise.all(wanted(typed).map(({ load }) => load(context)));
  for (const command of loaded) program.addCommand(command);
  // Of a study's flags the last one counts: scripts override what they were given. Questions about a net are typed by hand.
  for (const { options } of program.commands) for (const option of options) refuseRepeats(option);
  program.addCommand(helpCommand(program));
  speakLikeUs(program, surroundings);
  return program;
}

/** The commands that these arguments can reach. */
function wanted([first]: readonly string[]): readonly CommandEntry[] {
  if (first === '-V' || first === '--version') return [];
  const named = commands.filter(({ name }) => name === first);
  return named.length === 0 ? commands : named;
}

/** Errors on one line, with our name; nothing ends the process. Commands inherit settings only when they are made, so each is set. */
function speakLikeUs(command: Command, surroundings: Surroundings): void {
  const { stdout, stderr } = surroundings;
  command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns() ?? 100,
      getErrHelpWidth: () => stderr.columns() ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => {
        const line = text
          .trim()
          .replace(/^error: /, '')
          .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?');
        write(`kindling: ${line.replaceAll('\n', ' ')}\n`);
      },
    });
  for (const child of command.commands) speakLikeUs(child, surroundings);
}

/** A flag with a value says one thing; the second would silently replace the first. */
function refuseRepeats(option: Option): void {
  if (!option.required || option.variadic) return;
  const { parseArg } = option;
  let seen = false;
  option.argParser((value: string, previous: unknown) => {
    if (seen) throw new UsageError(`${option.long ?? option.flags} is given twice; expected once`);
    seen = true;
    return parseArg === undefined ? value : parseArg(value, previous);
  });
}
