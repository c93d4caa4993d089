/** What the study says, in sentences, the most important first. */
import { countOf, countText, exponentialText, listText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { type EpochsToAccuracy, mainFailure } from '../../training/epochs-to-accuracy.js';
import { accuracyText, countEpochs, outcomesSentence } from '../../training/epochs-words.js';
import type { ConvTrainingPoint, ConvTrainingSummary } from './summarize.js';
import { convVariants } from './variants.js';

/** The findings of a summary. */
export function findings(summary: ConvTrainingSummary): readonly string[] {
  return [
    ...deepest(summary),
    ...depthsReached(summary),
    ...lengthsBeside(summary),
    ...outcomesSentence(
      summary.points.map(({ target }) => target),
      summary.spec.maxEpochs,
    ),
  ];
}

const title = ({ net }: Pick<ConvTrainingPoint, 'net'>) => convVariants[net].title;

/** `1 of 2 runs`. */
const runsText = ({ reached, runs }: EpochsToAccuracy) => `${countText(reached)} of ${countOf(runs, 'run')}`;

/** Who starts at the deepest depth, and who does not; as medians tell it, in more than half of the runs. */
function deepest({ points, spec }: ConvTrainingSummary): readonly string[] {
  const depth = points.reduce((most, point) => Math.max(most, point.depth), 0);
  const cells = points.filter((point) => point.depth === depth);
  const started = cells
    .flatMap((point) =>
      point.start.medianEpochs === null ? [] : [{ point, epochs: point.start.medianEpochs }],
    )
    .sort((a, b) => a.epochs - b.epochs)
    .map(({ point, epochs }) => `${title(point)} in ${countEpochs(epochs)}`);
  const lost = cells.flatMap((point) => {
    if (point.start.medianEpochs !== null) return [];
    const failure = mainFailure(point.start);
    const words = { censored: 'not in time', diverged: 'diverged', 'never-moves': 'can never move again' };
    const reached = point.start.reached === 0 ? '' : `reached in ${runsText(point.start)}; `;
    return [
      `${title(point)} (${reached}${failure === null ? '' : `${words[failure]}, `}${countText(point.start.runs - point.start.reached)} of ${countOf(point.start.runs, 'run')})`,
    ];
  });
  const head =
    started.length === 0
      ? `At depth ${depth} no net reaches ${accuracyText(spec.startAccuracy)} in more than half of its runs.`
      : `At depth ${depth}, ${accuracyText(spec.startAccuracy)} is reached in more than half of the runs by ${listText(started)} (medians).`;
  return [lost.length === 0 ? head : `${head} Not by ${listText(lost)}.`];
}

/** Where each kind of net reaches the higher threshold: in more than half of the runs, and in some. */
function depthsReached({ points, spec }: ConvTrainingSummary): readonly string[] {
  const texts = spec.nets.map((net) => {
    const own = points.filter((point) => point.net === net).sort((a, b) => a.depth - b.depth);
    const partly = own
      .filter(({ target }) => target.medianEpochs === null && target.reached > 0)
      .map(({ depth, target }) => `in ${runsText(target)} at depth ${depth}`);
    return `${convVariants[net].title}: ${[mostlyReached(own), ...partly].join(', ')}`;
  });
  return [
    `${accuracyText(spec.targetAccuracy)} within ${countOf(spec.maxEpochs, 'epoch')} is reached in more than half of the runs by ${texts.join('; ')}.`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
  ];
}

/** `to depth 8 (4 epochs)` where no shallower net fails, else the depths. @param own of one kind, the shallowest first */
function mostlyReached(own: readonly ConvTrainingPoint[]): string {
  const reached = own.filter(({ target }) => target.medianEpochs !== null);
  const most = reached.at(-1);
  if (most === undefined) return 'at no depth';
  const gapless = own.indexOf(most) === reached.length - 1;
  const depths = gapless
    ? `to depth ${most.depth}`
    : `at depth ${listText(reached.map(({ depth }) => String(depth)))}`;
  return `${depths} (${countEpochs(most.target.medianEpochs ?? 0)}${gapless ? '' : ' at the last'})`;
}

/** The predicted length beside what became of the net, at the deepest depth. */
function lengthsBeside({ points }: ConvTrainingSummary): readonly string[] {
  const depth = points.reduce((most, point) => Math.max(most, point.depth), 0);
  const texts = points.flatMap((point) => {
    const { predictedLogEstimate, meanLog, deadNets } = point.length;
    if (point.depth !== depth || predictedLogEstimate === null) return [];
    const measured =
      meanLog === null
        ? 'all nets dead'
        : `measured ${exponentialText(readNumber(meanLog))}, ${measuredOn(point.start.runs - deadNets)}`;
    return [
      `${title(point)}: ${exponentialText(readNumber(predictedLogEstimate))} (${measured}), ${fateOf(point.start)}`,
    ];
  });
  if (texts.length === 0) return [];
  return [
    `The length behind the body that theory predicts for depth ${depth}, before any step: ${texts.join('; ')}.`,
  ];
}

/** Whose length it is; of several nets a geometric mean. */
function measuredOn(nets: number): string {
  return nets === 1 ? '1 net' : `geometric mean of ${countOf(nets, 'net')}`;
}

function fateOf(start: EpochsToAccuracy): string {
  if (start.reached === 0) return 'does not start';
  return start.reached === start.runs ? 'starts' : `starts in ${runsText(start)}`;
}
