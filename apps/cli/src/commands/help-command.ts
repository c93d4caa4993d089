/** `kindling help`: the help of any command, and of a study by its name alone. */
import { Command } from 'commander';
import { suggestion } from '../options/nearest-names.js';
import { UsageError } from '../usage-error.js';

/**
 * The command.
 *
 * @param program the command it is going to be a part of
 */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .summary('print the help of a command')
    .description('Prints the help of a command, or of a study.')
    .argument('[command...]', 'such as study, study figure-1 or just figure-1')
    .addHelpText('after', '\nExample:\n  $ kindling help figure-1')
    .action((path: readonly string[]) => {
      let command = program;
      for (const name of path) command = findCommand(command, name);
      command.outputHelp();
    });
}

/** The command called `name` right below `parent`, or else one level deeper: names of studies stand for themselves. */
function findCommand(parent: Command, name: string): Command {
  const near = [...parent.commands, ...parent.commands.flatMap(({ commands }) => commands)];
  const found = near.find((command) => command.name() === name);
  if (found !== undefined) return found;
  // A study may be called like a command.
  const names = [...new Set(near.map((command) => command.name()))];
  const hint = names.length === 0 ? `"${parent.name()}" has no commands` : suggestion(name, names);
  throw new UsageError(`unknown command "${name}"; ${hint}`);
}
