/**
 * The newest of a study in a few words. Records and progress are read as plain data: what is not known is left out, so a
 * study of another kind still has a line.
 */
import type { TrialKey, TrialProgress, TrialRecord } from '@kindling/studies';
import { countOf, percentText } from '@kindling/studies/text';

/** A trial on its way, such as `training he-normal depth 30: epoch 2, 31.6 %`. */
export function progressNews({ cell, values }: Pick<TrialProgress, 'cell' | 'values'>): string {
  const { epoch, testAccuracy } = values;
  const facts = [
    ...(epoch === undefined ? [] : [`epoch ${epoch}`]),
    ...(testAccuracy === undefined ? [] : [percentText(testAccuracy)]),
  ];
  return facts.length === 0 ? cellTitle({ cell }) : `${cellTitle({ cell })}: ${facts.join(', ')}`;
}

/** A finished trial, such as `training he-normal depth 30: reached the target after 2 epochs`. */
export function recordNews({ cell, result }: Pick<TrialRecord, 'cell' | 'result'>): string {
  const end = ending(result);
  return end === null ? cellTitle({ cell }) : `${cellTitle({ cell })}: ${end}`;
}

/** `training/he-normal/depth=30` as `training he-normal depth 30`. */
function cellTitle({ cell }: Pick<TrialKey, 'cell'>): string {
  return cell.replaceAll('/', ' ').replaceAll('=', ' ');
}

function ending({ outcome, epochs, steps, length }: TrialRecord['result']): string | null {
  if (typeof length === 'number') return `length ${Number(length.toPrecision(2))}`;
  const [unit, count] =
    typeof epochs === 'number' ? (['epoch', epochs] as const) : (['step', steps] as const);
  if (typeof count !== 'number') return null;
  switch (outcome) {
    case 'reached':
      return `reached the target after ${countOf(count, unit)}`;
    case 'censored':
      return `not at the target after ${countOf(count, unit)}`;
    case 'diverged':
      return `diverged in ${unit} ${count}`;
    case 'never-moves':
      return 'can provably never move again';
    default:
      return null;
  }
}
