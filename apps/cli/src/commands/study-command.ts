/** `kindling study`: one subcommand a study. */
import { Command } from 'commander';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import type { Surroundings } from '../surroundings.js';
import { figure1Command, figure1Examples } from './figure-1-command.js';

/** The command with its studies. @param typed the arguments of the program as they were typed */
export function studyCommand(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Command {
  const studies = [figure1Command(surroundings, typed, finish)];
  const study = new Command('study').summary('run a study, or go on with one').usage('<name> [options]');
  study.description('Runs a study: its trials, its summary, its figures and its report.');
  for (const command of studies) study.addCommand(command);
  // With few studies their options are worth more than a hint where to find them.
  const help = () => [...studies.map(optionsHelp), `${figure1Examples}\n`, exitCodesHelp].join('\n');
  study.helpCommand(false).addHelpText('after', () => `\n${help()}`);
  return study;
}

function optionsHelp(command: Command): string {
  const text = command.helpInformation();
  return text.slice(text.indexOf('Options:')).replace('Options:', `Options of ${command.name()}:`);
}
