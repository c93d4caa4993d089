/** What a verdict study says, in sentences, the most important first. */
import { countOf, countText, listText, percentText } from '../../report/number-text.js';
import type { VerdictAgreementSummary, VerdictPoint } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: VerdictAgreementSummary): readonly string[] {
  return [
    headline(summary),
    byRuns(summary),
    byVerdict(summary),
    ...disagreements(summary),
    meaning(summary),
  ];
}

/** A share in whole percents: more digits would be noise. */
export function shareText(share: number | null): string {
  return share === null ? '–' : percentText(Math.round(share * 100) / 100);
}

function headline({ nets, points }: VerdictAgreementSummary): string {
  return (
    `The verdict agrees with the majority of runs for ${countText(nets.failuresFound + nets.startsFound)} of ${countOf(points.length, 'net')} ` +
    `(${shareText(nets.accuracy)}). Of the nets it says will not start, ${shareText(nets.precision)} did not (precision); ` +
    `of those that did not start, it names ${shareText(nets.recall)} (recall).`
  );
}

function byRuns({ runs, points }: VerdictAgreementSummary): string {
  const total = points.reduce((sum, point) => sum + point.runs, 0);
  return (
    `Run by run (${countText(total)} trainings), where chance decides in nets near the line: precision ${shareText(runs.precision)}, ` +
    `recall ${shareText(runs.recall)}, agreement ${shareText(runs.accuracy)}.`
  );
}

function byVerdict({ verdicts }: VerdictAgreementSummary): string {
  const texts = verdicts.map(
    ({ verdict, nets, runsFailed }) =>
      `${shareText(runsFailed.share)} under ${verdict} (${countOf(nets, 'net')})`,
  );
  return `Runs that did not start: ${listText(texts)}.`;
}

/** Which initializers the disagreements are from. */
function disagreements({ points }: VerdictAgreementSummary): readonly string[] {
  const kinds = [
    { words: 'said to start and did not', chosen: (point: VerdictPoint) => point.verdict === 'starts' },
    { words: 'said not to start and did', chosen: (point: VerdictPoint) => point.verdict !== 'starts' },
  ];
  return kinds.flatMap(({ words, chosen }) => {
    const wrong = points.filter((point) => !point.agrees && chosen(point));
    if (wrong.length === 0) return [];
    const counts = [...new Set(wrong.map(({ initializer }) => initializer))]
      .map((initializer) => ({
        initializer,
        count: wrong.filter((point) => point.initializer === initializer).length,
      }))
      .sort((a, b) => b.count - a.count);
    const texts = counts.map(({ initializer, count }) => `${initializer} (${count})`);
    return [
      `${countOf(wrong.length, 'net')} ${wrong.length === 1 ? 'was' : 'were'} ${words}: ${listText(texts)}.`,
    ];
  });
}

function meaning({ spec }: VerdictAgreementSummary): string {
  return (
    `"Starts" means ${percentText(spec.targetAccuracy)} test accuracy within ${countOf(spec.maxEpochs, 'epoch')} of plain SGD at rate ` +
    `${spec.learningRate}; with a larger budget some slow nets would get there, with a smaller one fewer.`
  );
}
