/** What a figure-3 summary says, in sentences, the most important first. */
import { countOf, listText, numberText, shareText } from '../../report/number-text.js';
import type { Estimate } from '../../statistics/bootstrap.js';
import { accuracyText, epochsText, outcomesSentence } from '../../training/epochs-words.js';
import { patternTitle } from './patterns.js';
import type { Figure3Summary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: Figure3Summary): readonly string[] {
  return [
    ...collapse(summary),
    ...ratios(summary),
    ...deepest(summary),
    ...outcomesSentence(summary.points, summary.spec.maxEpochs),
  ];
}

/** `0.47 (0.35 to 0.58)`; without an interval the number alone. */
export function estimateText({ value, low, high }: Estimate, digits = 2): string {
  const text = (number: number) => signed(number.toFixed(digits));
  if (low === null || high === null) return text(value);
  return `${text(value)} (${text(low)} to ${text(high)})`;
}

function signed(text: string): string {
  return text.replace('-', '−').replace(/^−(0\.0+)$/, '$1');
}

function collapse(summary: Figure3Summary): readonly string[] {
  const { collapse } = summary;
  if (collapse === null) return [];
  const { bySum, byDepth, advantage, byOwnRuns, censoredShare, deadRuns } = collapse;
  const { low, high } = advantage;
  const verdict =
    low === null || high === null
      ? whyNoInterval(summary)
      : low > 0
        ? 'The sum foretells more than depth does.'
        : high < 0
          ? 'Depth foretells more than the sum does.'
          : 'These runs do not tell the two apart.';
  const ceiling =
    byOwnRuns === null ? '' : ` A point’s other runs foretell ${byOwnRuns.toFixed(2)}: the rest is chance.`;
  const censored =
    censoredShare === 0
      ? ''
      : ` ${shareText(censoredShare)} of the runs count as the cap, which they did not beat.`;
  const dead =
    deadRuns === 0
      ? ''
      : ` ${countOf(deadRuns, 'dead net')}, which can never move, ${deadRuns === 1 ? 'is' : 'are'} left out: the widths decide on those by Σ 2⁻ⁿ, not by S.`;
  return [
    `One curve against S = Σ 1/n_j, drawn without a pattern, foretells R² = ${estimateText(bySum)} of the scatter of the log epochs ` +
      `of that pattern; one against depth ${estimateText(byDepth)}; the difference is ${estimateText(advantage)}${low === null || high === null ? '' : ' (95 % intervals)'}. ` +
      `${verdict}${ceiling}${censored}${dead}`,
  ];
}

/** Runs tell their scatter where every point has two that live, and not all took equally long. */
function whyNoInterval({ points, spec }: Figure3Summary): string {
  if (spec.runs === 1) return 'One run a point does not tell how sure that is.';
  const single = points.filter(({ runs, neverMoves }) => runs - neverMoves === 1).length;
  return single > 0
    ? `No interval tells how sure that is: at ${countOf(single, 'point')} a single run lives.`
    : 'No interval tells how sure that is: the runs, drawn again, can all take equally long.';
}

function ratios({ ratios, points }: Figure3Summary): readonly string[] {
  const reference = ratios[0]?.reference;
  if (reference === undefined) return [];
  const sumOf = (pattern: string, depth: number | undefined) =>
    points.find((point) => point.pattern === pattern && point.depth === depth)?.sumReciprocalWidths;
  const alike = ratios.filter(
    ({ pattern, depths: [depth] }) => sumOf(pattern, depth) === sumOf(reference, depth),
  );
  const rest = ratios.filter((ratio) => !alike.includes(ratio));
  const texts = (some: typeof ratios) =>
    listText(some.map(({ pattern, ratio }) => `${patternTitle(pattern)} ${estimateText(ratio)}`));
  // Where one ratio has an interval all have: a median that is told takes two runs that live, or one run a point.
  const intervals = ratios.some(({ ratio }) => ratio.low !== null) ? ', with 95 % intervals' : '';
  return [
    `Epochs at equal depth, in proportion to ${patternTitle(reference)}: ` +
      [
        ...(alike.length === 0 ? [] : [`of the same S, ${texts(alike)}`]),
        ...(rest.length === 0 ? [] : [`of another S, ${texts(rest)}`]),
      ].join('; ') +
      ` (geometric means over the depths that most runs of both start at${intervals}).`,
  ];
}

function deepest({ points, spec }: Figure3Summary): readonly string[] {
  const depth = Math.max(...points.map((point) => point.depth));
  const row = points.filter((point) => point.depth === depth);
  if (row.length === 0) return [];
  const texts = row.map(
    (point) =>
      `${epochsText(point, spec.maxEpochs)} for ${patternTitle(point.pattern)} (S = ${numberText(point.sumReciprocalWidths, 2)})`,
  );
  return [
    `Median epochs to ${accuracyText(spec.targetAccuracy)} at depth ${depth}, the deepest of ${countOf(spec.depths.length, 'depth')}: ${listText(texts)}.`,
  ];
}
