/** `kindling born-dead`: how often a net is a constant function before training begins, bounded and measured. */
import { createEngine, rootKey } from '@kindling/core';
import { bornDeadBounds, measureBornDead } from '@kindling/diagnostics';
import { Command } from 'commander';
import { type BornDeadAnswer, bornDeadJson, bornDeadText } from '../answers/born-dead.js';
import type { ExitCode } from '../exit-codes.js';
import { defaultOption } from '../options/default-option.js';
import { initializerHelp, parseInitializer } from '../options/initializer-choice.js';
import { checkInitializerFits, parseSeed } from '../options/network-choice.js';
import { parseRealNumber } from '../options/real-number.js';
import { checkWeights } from '../options/weight-limit.js';
import { parseWholeNumber } from '../options/whole-number.js';
import { parseWidths } from '../options/widths.js';
import { jsonText } from '../output/json-text.js';
import { runSteps } from '../progress/run-steps.js';
import type { Surroundings } from '../surroundings.js';

interface BornDeadFlags {
  readonly inputDim: string;
  readonly hidden: string;
  readonly init: string;
  readonly radius: string;
  readonly trials: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** √3: the domain on which the literature measures, [−√3, √3]. */
const usualRadius = '1.7320508';
const mostTrials = 10_000_000;

/** The command. */
export function bornDeadCommand(surroundings: Surroundings, finish: (code: ExitCode) => void): Command {
  return new Command('born-dead')
    .summary('how often a net is a constant function from the start')
    .description(
      'The probability that a net is born dead: constant on its domain before training begins, because a layer is zero for ' +
        'every input. Bounds from theory, and a measurement on random nets.',
    )
    .requiredOption('--input-dim <d>', 'dimension of the inputs')
    .requiredOption('--hidden <list>', 'width of every ReLU layer; n*k repeats, such as 2*9')
    .addOption(defaultOption('--init <name>', initializerHelp, 'he-normal'))
    .addOption(
      defaultOption(
        '--radius <r>',
        'the inputs fill a ball of this radius; matters with biases only',
        usualRadius,
      ),
    )
    .addOption(defaultOption('--trials <n>', 'random nets; 0 leaves the measurement out', '10000'))
    .addOption(defaultOption('--seed <n>', 'where every random number comes from', '1'))
    .option('--json', 'as JSON: lower (where there is a formula), upper, measured')
    .addHelpText(
      'after',
      `
Examples:
  $ kindling born-dead --input-dim 1 --hidden 2*9
  $ kindling born-dead --input-dim 1 --hidden 2*9 --init rai --trials 100000
  $ kindling born-dead --input-dim 784 --hidden 100*50 --trials 0 --json`,
    )
    .action(async (flags: BornDeadFlags) => {
      await runBornDead(flags, surroundings, finish);
    });
}

async function runBornDead(
  flags: BornDeadFlags,
  surroundings: Surroundings,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const { stdout } = surroundings;
  const most = 100_000;
  const inputDimension = parseWholeNumber('--input-dim', flags.inputDim, { least: 1, most });
  const hidden = parseWidths({ argument: '--hidden', least: 1 }, flags.hidden);
  const named = parseInitializer('--init', flags.init);
  const radius = parseRealNumber('--radius', flags.radius, {
    least: 0,
    exclusive: true,
    expected: 'a radius above 0, such as 1.7320508',
  });
  const trials = parseWholeNumber('--trials', flags.trials, {
    least: 0,
    most: mostTrials,
    hint: '0 leaves the measurement out',
    whyMost: 'a hundred times the trials give but one more digit',
  });
  const key = rootKey(parseSeed(flags.seed));
  const { initializer } = named;
  checkInitializerFits('--init', { widths: [inputDimension, ...hidden], named });
  if (trials > 0)
    checkWeights({ argument: '--hidden', hint: '--trials 0 needs no weights' }, [inputDimension, ...hidden]);
  const bounds = bornDeadBounds(initializer, [inputDimension, ...hidden]);
  const answer = (measured: BornDeadAnswer['measured']) => ({
    inputDimension,
    hidden,
    named,
    radius,
    bounds,
    measured,
  });
  const show = (found: BornDeadAnswer) =>
    stdout.write(flags.json === true ? jsonText(bornDeadJson(found)) : bornDeadText(found, stdout));
  if (trials === 0) {
    show(answer(null));
    return;
  }
  const steps = measureBornDead(createEngine(), { inputDimension, hidden, initializer, radius, trials, key });
  const outcome = await runSteps(steps, surroundings, `nets of ${named.name}`);
  if (outcome.ended === 'interrupted') finish(outcome.exitCode);
  else show(answer(outcome.result));
}
