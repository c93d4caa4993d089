/** What a data-dependent summary says, in sentences, the most important first. */

import { initializerTitle } from '../../regression/compared-initializers.js';
import { targetTitle } from '../../regression/target-titles.js';
import { countOf, countText, listText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { DataDependentCurve, DataDependentSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: DataDependentSummary): readonly string[] {
  return [...born(summary), ...courses(summary), ...divergences(summary)];
}

/** Neurons that were dead on the data at the start. */
function born({ curves }: DataDependentSummary): readonly string[] {
  const sum = (some: readonly DataDependentCurve[], count: (curve: DataDependentCurve) => number) =>
    some.reduce((total, curve) => total + count(curve), 0);
  const anchored = curves.filter(({ initializer }) => initializer.startsWith('data-dependent'));
  const names = [...new Set(curves.map(({ initializer }) => initializer))].filter(
    (name) => !name.startsWith('data-dependent'),
  );
  const others = names.map((name) => {
    const own = curves.filter(({ initializer }) => initializer === name);
    const share = sum(own, (curve) => curve.bornDead) / sum(own, (curve) => curve.neurons);
    return `${shareText(share)} with ${initializerTitle(name)}`;
  });
  if (anchored.length === 0) {
    return others.length === 0 ? [] : [`Born dead on the data: ${listText(others)}.`];
  }
  const dead = sum(anchored, (curve) => curve.bornDead);
  const neurons = sum(anchored, (curve) => curve.neurons);
  const rest = others.length === 0 ? '' : `; ${listText(others)} are`;
  return [
    `Data-dependent initialization leaves ${dead === 0 ? 'no neuron' : countOf(dead, 'neuron')} of ${countText(neurons)} dead on ` +
      `the data${rest}.`,
  ];
}

/** The loss at the end of each regression, least first. */
function courses({ curves, spec }: DataDependentSummary): readonly string[] {
  return [...new Set(curves.map(({ target }) => target))].map((target) => {
    const row = curves.filter((curve) => curve.target === target);
    const ends = row
      .map((curve) => ({
        title: initializerTitle(curve.initializer),
        loss: readNumber(curve.medianLoss.at(-1) ?? Number.NaN),
      }))
      .sort((a, b) => a.loss - b.loss);
    const texts = ends.map(({ title, loss }) => `${numberText(loss, 2)} with ${title}`);
    const { points = 0, width = 0 } = row[0] ?? {};
    return (
      `On ${targetTitle(target)} (${countText(points)} points, ${countText(width)} neurons) the median loss after ` +
      `${countOf(spec.epochs, 'epoch')} is ${listText(texts)}.`
    );
  });
}

function divergences({ curves }: DataDependentSummary): readonly string[] {
  const diverged = curves.reduce((sum, curve) => sum + curve.diverged, 0);
  return diverged === 0 ? [] : [`${countOf(diverged, 'training')} diverged; their loss counts as infinite.`];
}
