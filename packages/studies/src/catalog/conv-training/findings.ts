/** What the study says, in sentences, the most important first. */
import { countOf, countText, exponentialText, listText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { mainFailure } from '../../training/epochs-to-accuracy.js';
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

/** Who starts at the deepest depth, and who does not. */
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
    return [
      `${title(point)} (${failure === null ? '' : `${words[failure]}, `}${countText(point.start.runs - point.start.reached)} of ${countOf(point.start.runs, 'run')})`,
    ];
  });
  const head =
    started.length === 0
      ? `At depth ${depth} no net reaches ${accuracyText(spec.startAccuracy)} in half of its runs.`
      : `At depth ${depth}, ${accuracyText(spec.startAccuracy)} is reached by ${listText(started)} (medians).`;
  return [lost.length === 0 ? head : `${head} Not by ${listText(lost)}.`];
}

/** The deepest net of each kind that reaches the higher threshold. */
function depthsReached({ points, spec }: ConvTrainingSummary): readonly string[] {
  const texts = spec.nets.map((net) => {
    const reached = points.filter((point) => point.net === net && point.target.medianEpochs !== null);
    const most = reached.reduce<ConvTrainingPoint | null>(
      (best, point) => (best === null || point.depth > best.depth ? point : best),
      null,
    );
    return most === null
      ? `${convVariants[net].title}: at no depth`
      : `${convVariants[net].title}: to depth ${most.depth} (${countEpochs(most.target.medianEpochs ?? 0)})`;
  });
  return [
    `${accuracyText(spec.targetAccuracy)} within ${countOf(spec.maxEpochs, 'epoch')} is reached in half of the runs by ${texts.join('; ')}.`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
  ];
}

/** The predicted length beside what became of the net, at the deepest depth. */
function lengthsBeside({ points }: ConvTrainingSummary): readonly string[] {
  const depth = points.reduce((most, point) => Math.max(most, point.depth), 0);
  const texts = points.flatMap((point) => {
    const { predictedLogEstimate, meanLog } = point.length;
    if (point.depth !== depth || predictedLogEstimate === null) return [];
    const measured =
      meanLog === null ? 'all nets dead' : `${exponentialText(readNumber(meanLog))} in a typical net`;
    const fate = point.start.medianEpochs === null ? 'does not start' : 'starts';
    return [`${title(point)} ${exponentialText(readNumber(predictedLogEstimate))} (${measured}), ${fate}`];
  });
  if (texts.length === 0) return [];
  return [
    `The length behind the body that theory predicts for depth ${depth}, before any step: ${texts.join('; ')}.`,
  ];
}
