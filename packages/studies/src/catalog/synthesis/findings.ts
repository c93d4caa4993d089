/** What a synthesis summary says, in sentences, the most important first. */
import { targetTitle } from '../../regression/target-titles.js';
import { datasetTitle } from '../../report/dataset-title.js';
import { countOf, countText, listText, numberText, shareText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import type { SynthesisFit, SynthesisSummary } from './summarize.js';
import { capacityTitle, methodTitle } from './titles.js';

/** The findings of a summary. */
export function findings(summary: SynthesisSummary): readonly string[] {
  return [...widths(summary), ...functions(summary), ...images(summary)];
}

/** Zero loss against the width. */
function widths({ capacity, spec }: SynthesisSummary): readonly string[] {
  const m = spec.capacityPoints;
  return [...new Set(capacity.map(({ data }) => data))].map((data) => {
    const points = capacity.filter((point) => point.data === data);
    const impossible = points.reduce((sum, point) => sum + point.impossible, 0);
    const broken = points.reduce((sum, point) => sum + point.reachedImpossible, 0);
    const enough = points.find(({ width }) => width >= m - 1);
    const sure = points.find(({ reached }) => reached.low > 0.9);
    const at =
      enough === undefined
        ? ''
        : ` At width ${enough.width}, which is enough for certain (m − 1 = ${m - 1}), ${shareText(enough.reached.share)} of the trainings came to it`;
    const later =
      sure === undefined
        ? '; at no width tried is a share above 90 % sure'
        : `; at width ${sure.width} more than 90 % do for sure (95 % interval from ${shareText(sure.reached.low)})`;
    return (
      `Zero loss on ${capacityTitle(data)}, ${m} points: of ${countOf(impossible, 'training')} where the data force more kinks than there are units ` +
      `${broken === 0 ? 'none' : countText(broken)} came to it${broken === 0 ? ', as theory has it' : ', against theory'}.${at}${enough === undefined ? '' : `${later}.`}`
    );
  });
}

/** The least test error of each method, of a task. */
function best(fits: readonly SynthesisFit[]): readonly SynthesisFit[] {
  return [...new Set(fits.map(({ method }) => method))]
    .flatMap((method) => {
      const own = fits.filter((fit) => fit.method === method);
      const [least] = own.sort((a, b) => readNumber(a.testError.median) - readNumber(b.testError.median));
      return least === undefined ? [] : [least];
    })
    .sort((a, b) => readNumber(a.testError.median) - readNumber(b.testError.median));
}

function functions({ fits, spec }: SynthesisSummary): readonly string[] {
  return spec.targets.map((target) => {
    const texts = best(fits.filter(({ task, images }) => !images && task === target)).map(
      ({ method, width, testError, operations }) =>
        `${numberText(readNumber(testError.median), 2)} by ${methodTitle(method)} (width ${width}, ${numberText(operations, 2)} operations)`,
    );
    return `Least test error on ${targetTitle(target)} from ${countOf(spec.points, 'random point')}: ${listText(texts)}.`;
  });
}

function images({ fits, spec }: SynthesisSummary): readonly string[] {
  const own = fits.filter((fit) => fit.images);
  if (own.length === 0) return [];
  const texts = spec.imageWidths.map((width) => {
    const errorOf = (method: string) => {
      const fit = own.find((candidate) => candidate.method === method && candidate.width === width);
      return fit === undefined ? '–' : shareText(1 - readNumber(fit.testError.median));
    };
    return `${errorOf('random-features')} against ${errorOf('training')} at width ${countText(width)}`;
  });
  return [
    `Random features, fitted to ${countOf(spec.data.trainCount, 'image')} of ${datasetTitle(spec.data.name)}, classify ${listText(texts)} after ` +
      `${countOf(spec.maxEpochs, 'epoch')} of training all weights.`,
  ];
}
