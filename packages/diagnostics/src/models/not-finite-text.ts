/** NaN and infinities of a tensor in words. */
import { countOf, countText } from '@kindling/core';

/** Such as `1 NaN and 2 infinite of 300 numbers`; what there is none of is not named. */
export function notFiniteText({
  nans,
  infinities,
  count,
}: {
  readonly nans: number;
  readonly infinities: number;
  readonly count: number;
}): string {
  const what = [
    ...(nans > 0 ? [`${countText(nans)} NaN`] : []),
    ...(infinities > 0 ? [`${countText(infinities)} infinite`] : []),
  ];
  return `${what.join(' and ')} of ${countOf(count, 'number')}`;
}
