/** `kindling study`: one subcommand a study. */
import { Command, type Option } from 'commander';
import { type ExitCode, exitCodesHelp } from '../exit-codes.js';
import { studyOptions } from '../options/study-options.js';
import type { StudySubcommand } from '../study/study-subcommand.js';
import type { Surroundings } from '../surroundings.js';

interface StudyEntry {
  readonly name: string;
  readonly load: () => Promise<StudySubcommand>;
}

/**
 * Every study's command, in the order of the catalog, loaded when it is asked for. A study joins by one entry here.
 */
const studies: readonly StudyEntry[] = [
  { name: 'figure-1', load: async () => (await import('./studies/figure-1.js')).figure1Command },
  { name: 'figure-2', load: async () => (await import('./studies/figure-2.js')).figure2StudyCommand },
  { name: 'figure-3', load: async () => (await import('./studies/figure-3.js')).figure3StudyCommand },
  { name: 'figure-4', load: async () => (await import('./studies/figure-4.js')).figure4StudyCommand },
  {
    name: 'length-variance',
    load: async () => (await import('./studies/length-variance.js')).lengthVarianceStudyCommand,
  },
  {
    name: 'trainability',
    load: async () => (await import('./studies/trainability.js')).trainabilityStudyCommand,
  },
  { name: 'dying-relu', load: async () => (await import('./studies/dying-relu.js')).dyingReluStudyCommand },
  {
    name: 'data-dependent',
    load: async () => (await import('./studies/data-dependent.js')).dataDependentStudyCommand,
  },
  {
    name: 'conv-training',
    load: async () => (await import('./studies/conv-training.js')).convTrainingStudyCommand,
  },
  {
    name: 'verdict-agreement',
    load: async () => (await import('./studies/verdict-agreement.js')).verdictAgreementStudyCommand,
  },
  { name: 'explore', load: async () => (await import('./studies/explore.js')).exploreStudyCommand },
  { name: 'iid', load: async () => (await import('./studies/iid.js')).iidStudyCommand },
  { name: 'weight-law', load: async () => (await import('./studies/weight-law.js')).weightLawStudyCommand },
  { name: 'law-init', load: async () => (await import('./studies/law-init.js')).lawInitStudyCommand },
  {
    name: 'law-arrival',
    load: async () => (await import('./studies/law-arrival.js')).lawArrivalStudyCommand,
  },
  {
    name: 'pretraining',
    load: async () => (await import('./studies/pretraining.js')).pretrainingStudyCommand,
  },
  { name: 'generate', load: async () => (await import('./studies/generate.js')).generateStudyCommand },
  { name: 'quine', load: async () => (await import('./studies/quine.js')).quineStudyCommand },
  { name: 'synthesis', load: async () => (await import('./studies/synthesis.js')).synthesisStudyCommand },
  {
    name: 'trained-or-not',
    load: async () => (await import('./studies/trained-or-not.js')).trainedOrNotStudyCommand,
  },
];

/**
 * The command with the study that the arguments name, or with all studies where help may be wanted.
 *
 * @param typed the arguments of the program as they were typed
 */
export async function studyCommand(
  surroundings: Surroundings,
  typed: readonly string[],
  finish: (code: ExitCode) => void,
): Promise<Command> {
  const named = typed[0] === 'study' ? studies.filter(({ name }) => name === typed[1]) : [];
  const loaded = await Promise.all((named.length === 0 ? studies : named).map(({ load }) => load()));
  const study = new Command('study').summary('run a study, or go on with one').usage('<name> [options]');
  study.description('Runs a study: its trials, its summary, its figures and its report.');
  for (const subcommand of loaded) study.addCommand(subcommand.make(surroundings, typed, finish));
  // Which flags there are is asked more often than what a single study is.
  const width = () => surroundings.stdout.columns() ?? 100;
  const help = () =>
    [
      optionsHelp('Options of every study:', studyOptions(), width()),
      ...loaded.map(({ name, options }) => optionsHelp(`Options of ${name}:`, options, width())),
      examplesHelp(loaded),
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
function examplesHelp(studies: readonly StudySubcommand[]): string {
  const found = studies.map(({ examples }) => /^ {2}(\$ .*?) {2,}(.*)$/m.exec(examples));
  const examples = found.map((match) => [match?.[1] ?? '', match?.[2] ?? ''] as const);
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, remark]) => `  ${command.padEnd(width)}  ${remark}`);
  return ['Examples:', ...lines, '', 'More of each: kindling study <name> --help', ''].join('\n');
}
