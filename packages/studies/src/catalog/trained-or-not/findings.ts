/** What the summary says, in sentences, the most important first. */
import { countOf, countText, listText, shareText } from '../../report/number-text.js';
import { taskTitle } from '../../weight-laws/tasks.js';
import type { HeldOutSummary, TrainedOrNotSummary } from './summarize.js';
import { areaText, estimateText, stageText } from './words.js';

/** The findings of a summary. */
export function findings(summary: TrainedOrNotSummary): readonly string[] {
  const { stages, nets, spec, falseAlarms, kernelFalseAlarms, controls } = summary;
  const each = (text: (stage: (typeof stages)[number]) => string) =>
    listText(stages.map((stage) => `${text(stage)} ${stageText(stage.epoch)}`));
  return [
    `Trained parameters are told from fresh ones on architectures that were held out with an area under the ROC curve of ${each(({ area }) => estimateText(area))}; ${countText(nets)} nets, 95 % intervals.`,
    `From weight matrices alone, without biases and normalizations: ${each(({ kernelArea }) => estimateText(kernelArea))}.`,
    `Called at even odds, ${shareText(falseAlarms)} of fresh nets are called trained; called fresh are ${each(({ missed }) => shareText(missed))}. From weight matrices alone ${shareText(kernelFalseAlarms)}, and ${each(({ kernelMissed }) => shareText(kernelMissed))}.`,
    `With the last layer alone trained, on top of fresh ones, the area is ${estimateText(summary.head.area)}, and ${shareText(summary.head.missed)} are called fresh.`,
    ...worst('architecture', summary.architectures, stages),
    ...worst('initializer', summary.initializers, stages),
    `Controls: fresh nets against other fresh ones ${estimateText(controls.freshAgainstFresh)}, labels drawn by lot ${estimateText(controls.labelsByLot)}; 0.5 means that nothing is told.`,
    ...(summary.diverged === 0
      ? []
      : [
          `${countOf(summary.diverged, 'training')} of ${countText(nets)} diverged, and ${summary.diverged === 1 ? 'is' : 'are'} counted at the stages before.`,
        ]),
    `Trained were ${listText(spec.architectures)} on ${listText(spec.learned.map((learned) => taskTitle({ data: spec.data, sources: [spec.data] }, { source: 0, data: learned })))}, by ${listText(spec.optimizers)}.`,
  ];
}

/** The held-out group that is told worst at the second stage, which is that of 5 epochs where training goes on longer. */
function worst(
  what: string,
  groups: readonly HeldOutSummary[],
  stages: TrainedOrNotSummary['stages'],
): readonly string[] {
  const stage = Math.min(1, stages.length - 1);
  const [last] = groups
    .filter(({ areas }) => typeof areas[stage] === 'number')
    .sort((a, b) => (a.areas[stage] ?? 1) - (b.areas[stage] ?? 1));
  if (last === undefined) return [];
  const text = stageText(stages[stage]?.epoch ?? 0);
  if (last.areas[stage] === 1) return [`Every held-out ${what} has an area of 1.0000 ${text}.`];
  return [
    `The held-out ${what} that is told worst ${text}, ${last.group}, has an area of ${areaText(last.areas[stage] ?? null)}, from weight matrices alone ${areaText(last.kernelAreas[stage] ?? null)}; ${shareText(last.falseAlarms)} of its ${countOf(last.nets, 'fresh net')} are called trained.`,
  ];
}
