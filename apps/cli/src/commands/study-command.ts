/** `kindling study`: one subcommand a study. */
import { Command, type Option } from 'commander';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { studyOptions } from '../options/study-options.js';
import type { StudySubcommand } from '../study/study-subcommand.js';
import type { Surroundings } from '../surroundings.js';
import { convTrainingStudyCommand } from './studies/conv-training.js';
import { dataDependentStudyCommand } from './studies/data-dependent.js';
import { dyingReluStudyCommand } from './studies/dying-relu.js';
import { exploreStudyCommand } from './studies/explore.js';
import { figure1Command } from './studies/figure-1.js';
import { figure2StudyCommand } from './studies/figure-2.js';
import { figure3StudyCommand } from './studies/figure-3.js';
import { figure4StudyCommand } from './studies/figure-4.js';
import { generateStudyCommand } from './studies/generate.js';
import { iidStudyCommand } from './studies/iid.js';
import { lawArrivalStudyCommand } from './studies/law-arrival.js';
import { lawInitStudyCommand } from './studies/law-init.js';
import { lengthVarianceStudyCommand } from './studies/length-variance.js';
import { pretrainingStudyCommand } from './studies/pretraining.js';
import { quineStudyCommand } from './studies/quine.js';
import { synthesisStudyCommand } from './studies/synthesis.js';
import { trainabilityStudyCommand } from './studies/trainability.js';
import { trainedOrNotStudyCommand } from './studies/trained-or-not.js';
import { verdictAgreementStudyCommand } from './studies/verdict-agreement.js';
import { weightLawStudyCommand } from './studies/weight-law.js';

/** Every study's command, in the order of the catalog. A study joins by one line here. */
const studies: readonly StudySubcommand[] = [
  figure1Command,
  figure2StudyCommand,
  figure3StudyCommand,
  figure4StudyCommand,
  lengthVarianceStudyCommand,
  trainabilityStudyCommand,
  dyingReluStudyCommand,
  dataDependentStudyCommand,
  convTrainingStudyCommand,
  verdictAgreementStudyCommand,
  exploreStudyCommand,
  iidStudyCommand,
  weightLawStudyCommand,
  lawInitStudyCommand,
  lawArrivalStudyCommand,
  pretrainingStudyCommand,
  generateStudyCommand,
  quineStudyCommand,
  synthesisStudyCommand,
  trainedOrNotStudyCommand,
];

/** The command with its studies. @param typed the arguments of the program as they were typed */
export function studyCommand(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Command {
  const study = new Command('study').summary('run a study, or go on with one').usage('<name> [options]');
  study.description('Runs a study: its trials, its summary, its figures and its report.');
  for (const subcommand of studies) study.addCommand(subcommand.make(surroundings, typed, finish));
  // Which flags there are is asked more often than what a single study is.
  const width = () => surroundings.stdout.columns() ?? 100;
  const help = () =>
    [
      optionsHelp('Options of every study:', studyOptions(), width()),
      ...studies.map(({ name, options }) => optionsHelp(`Options of ${name}:`, options, width())),
      examplesHelp(),
      exitCodesHelp,
    ].join('\n');
  study.helpCommand(false).addHelpText('after', () => `\n${help()}`);
  return study;
}

/** The options' part of the help of a command that has these options and no others. */
function optionsHelp(title: string, options: readonly Option[], width: number): string {
  const command = new Command().helpOption(false).configureOutput({
    getOutHelpWidth: () => width,
    getOutHasColors: () => false,
  });
  for (const option of options) command.addOption(option);
  const text = command.helpInformation();
  return text.slice(text.indexOf('Options:')).replace('Options:', title);
}

/** The first example of every study, its remarks under each other. */
function examplesHelp(): string {
  const found = studies.map(({ examples }) => /^ {2}(\$ .*?) {2,}(.*)$/m.exec(examples));
  const examples = found.map((match) => [match?.[1] ?? '', match?.[2] ?? ''] as const);
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, remark]) => `  ${command.padEnd(width)}  ${remark}`);
  return ['Examples:', ...lines, '', 'More of each: kindling study <name> --help', ''].join('\n');
}
