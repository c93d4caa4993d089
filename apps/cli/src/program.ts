/** The whole command line: every command, its help, and how commander is to speak. */
import { Command, type Option } from 'commander';
import { archCommand } from './commands/arch-command.js';
import { benchCommand } from './commands/bench-command.js';
import { bitsCommand } from './commands/bits-command.js';
import { bornDeadCommand } from './commands/born-dead-command.js';
import { diagnoseCommand } from './commands/diagnose-command.js';
import { envCommand } from './commands/env-command.js';
import { helpCommand } from './commands/help-command.js';
import { initializersCommand } from './commands/initializers-command.js';
import { inspectCommand } from './commands/inspect-command.js';
import { listCommand } from './commands/list-command.js';
import { measureCommand } from './commands/measure-command.js';
import { predictCommand } from './commands/predict-command.js';
import { repairCommand } from './commands/repair-command.js';
import { studyCommand } from './commands/study-command.js';
import { trainabilityCommand } from './commands/trainability-command.js';
import { uiCommand } from './commands/ui-command.js';
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

/**
 * The program. Help, versions and errors of usage leave it as commander's `CommanderError`.
 *
 * @param typed the arguments, which are not parsed yet
 * @param finish takes the exit code of a command that ends otherwise than with 0
 */
export function buildProgram(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Command {
  const program = new Command('kindling')
    .description(
      'Will this deep ReLU network start training? Theory beside measurement, before you spend the compute.',
    )
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpCommand(false) // ours knows studies, and says what is wrong
    .addCommand(diagnoseCommand(surroundings, finish))
    .addCommand(inspectCommand(surroundings, finish))
    .addCommand(bitsCommand(surroundings, finish))
    .addCommand(repairCommand(surroundings, finish))
    .addCommand(predictCommand(surroundings))
    .addCommand(measureCommand(surroundings, finish))
    .addCommand(archCommand(surroundings))
    .addCommand(trainabilityCommand(surroundings))
    .addCommand(bornDeadCommand(surroundings, finish))
    .addCommand(initializersCommand(surroundings))
    .addCommand(studyCommand(surroundings, typed, finish))
    .addCommand(uiCommand(surroundings, finish))
    .addCommand(listCommand(surroundings))
    .addCommand(envCommand(surroundings, finish))
    .addCommand(benchCommand(surroundings))
    .addHelpText('after', `${examples}\n${exitCodesHelp}`);
  // Of a study's flags the last one counts: scripts override what they were given. Questions about a net are typed by hand.
  for (const { options } of program.commands) for (const option of options) refuseRepeats(option);
  program.addCommand(helpCommand(program));
  speakLikeUs(program, surroundings);
  return program;
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
