/** What the study says, in sentences, the most important first. */
import { meanPointsText, meanShareText } from '../../report/estimate-text.js';
import { countOf, countText, listText, numberText, shareText } from '../../report/number-text.js';
import type { MeanInterval } from '../../statistics/mean-interval.js';
import { type StartEntry, starts } from './starts.js';
import type { PretrainingPoint, PretrainingSummary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: PretrainingSummary): readonly string[] {
  const { spec } = summary;
  const kinds: readonly { readonly of: (start: StartEntry) => boolean; readonly what: string }[] = [
    { of: ({ source, law }) => source === 'pretext' && law === null, what: 'Pre-training' },
    { of: ({ source, law }) => source === 'pretext' && law !== null, what: 'Laws of the pretext model' },
    {
      of: ({ source, law }) => source === 'labels' && law !== null,
      what: 'Laws of nets trained on all labels',
    },
    { of: ({ source, law }) => source === 'labels' && law === null, what: 'For comparison' },
  ];
  return [
    ...kinds.flatMap(({ of, what }) => {
      const own = spec.starts.filter((start) => of(starts[start]));
      return own.length === 0
        ? []
        : [
            `${what}, gain over He normal in percentage points, with Student’s 95 % intervals: ${own.map((start) => gainsText(summary, start)).join('; ')}.`,
          ];
    }),
    freshSays(summary),
    learnedSays(summary),
  ];
}

/** Whether the interval lies on one side of 0. */
function isTold({ low, high }: MeanInterval): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}

/** Gains over fresh weights by number of labels. */
function gainsText({ points }: PretrainingSummary, start: PretrainingPoint['start']): string {
  const own = points.flatMap((point) =>
    point.start === start && point.gain !== null ? [{ ...point, gain: point.gain }] : [],
  );
  if (own.length === 0) return `${starts[start].title}, nothing to compare with`;
  const texts = own.map(
    ({ labels, gain }) =>
      `${meanPointsText(gain)}${isTold(gain) ? '' : ', not told from 0,'} with ${countText(labels)}`,
  );
  return `${starts[start].title} ${listText(texts)} labels`;
}

function freshSays({ points, spec }: PretrainingSummary): string {
  const own = points.filter(({ start }) => start === 'he');
  const texts = own.flatMap(({ labels, accuracy }) =>
    accuracy === null ? [] : [`${meanShareText(accuracy)} with ${countText(labels)}`],
  );
  const broken = points.reduce((sum, point) => sum + point.broken, 0);
  const lost = broken === 0 ? 'no training broke' : `${countOf(broken, 'training')} broke`;
  return `He normal reaches ${texts.length === 0 ? 'nothing' : listText(texts)} labels; ${countOf(spec.runs, 'seed')}, ${lost}.`;
}

function learnedSays({ pretext, donors, spec }: PretrainingSummary): string {
  const task =
    pretext === null
      ? 'A pretext model broke'
      : `Pretext models bring the mean squared error of masked images from ${numberText(pretext.before.mean)} to ${numberText(pretext.after.mean)}`;
  const all =
    donors === null ? '' : `; all ${countText(spec.data.trainCount)} labels give ${shareText(donors.mean)}`;
  return `${task}${all}.`;
}
