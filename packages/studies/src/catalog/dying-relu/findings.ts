/** What a dying-ReLU summary says, in sentences, the most important first. */

import { initializerTitle } from '../../regression/compared-initializers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countOf, countText, listText, shareText } from '../../report/number-text.js';
import type { Share } from '../../statistics/share.js';
import type { DyingReluPoint, DyingReluSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: DyingReluSummary): readonly string[] {
  return [...collapses(summary), causes(summary), ...alive(summary)];
}

/** Who collapses on each target, and how sure that is. */
function collapses({ points }: DyingReluSummary): readonly string[] {
  return [...new Set(points.map(({ target }) => target))].map((target) => {
    const row = points.filter((point) => point.target === target);
    const { hiddenLayers = 0, width = 0, runs = 0 } = row[0] ?? {};
    // Intervals are in the table beside them.
    const texts = row.map(
      ({ initializer, collapsed }) => `${initializerTitle(initializer)} ${shareText(collapsed.share)}`,
    );
    const over = row.find(({ initializer }) => initializer === 'he-normal');
    const sure = over !== undefined ? threshold(over.collapsed) : '';
    return (
      `Collapsed to a constant on ${targetTitle(target)}: ${listText(texts)} – ${countText(hiddenLayers)} ReLU layers of width ` +
      `${width}, ${countOf(runs, 'run')} each.${sure}`
    );
  });
}

/** The paper's claim, said only when the interval carries it. */
function threshold({ low }: Share): string {
  return low > 0.9 ? ' With He and zero biases that is more than 90\u00a0%, at 95\u00a0% confidence.' : '';
}

/** Whether nets were born dead or died. */
function causes({ points }: DyingReluSummary): string {
  const collapsed = points.reduce((sum, point) => sum + point.collapsed.count, 0);
  const died = points.reduce((sum, point) => sum + point.diedInTraining, 0);
  const born = points.reduce((sum, point) => sum + point.bornDead.count, 0);
  return (
    `${countOf(born, 'net')} of ${countText(points.reduce((sum, { runs }) => sum + runs, 0))} were born dead, and nothing ` +
    `can bring those back; of the ${countOf(collapsed, 'net')} that were constant in the end, ${countText(died)} died in training.`
  );
}

/** The promise of the data-dependent initialization. */
function alive({ points }: DyingReluSummary): readonly string[] {
  const anchored = points.filter(({ initializer }) => initializer.startsWith('data-dependent'));
  if (anchored.length === 0) return [];
  const sum = (count: (point: DyingReluPoint) => number) =>
    anchored.reduce((total, point) => total + count(point), 0);
  const runs = sum((point) => point.runs);
  const born = sum((point) => point.bornDead.count);
  const died = sum((point) => point.diedInTraining);
  return [
    `Data-dependent initialization: ${born === 0 ? 'none' : countText(born)} of ${countOf(runs, 'net')} was born dead on its ` +
      `data; ${died === 0 ? 'none' : countText(died)} died in training.`,
  ];
}
