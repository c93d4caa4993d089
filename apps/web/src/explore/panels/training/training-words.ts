/** Trainings in words: how one stands, or how it ended. */
import {
  countOf,
  type ExploreQuestion,
  exploreFunctionNames,
  numberText,
  percentText,
} from '@kindling/studies';
import type { TrainingSeen } from './training-session.js';

/** A training in a line. */
export function standingText(
  { phase, epochs, result, failure }: TrainingSeen,
  question: ExploreQuestion,
): string {
  if (failure !== null) return failure;
  const last = epochs.at(-1);
  if (last === undefined) return phase === 'running' ? 'about to start' : 'not trained yet';
  const found = asksFunction(question)
    ? `error ${numberText(last.loss)}`
    : `${shareText(last.testAccuracy)} of the test images right`;
  const target = targetText(question);
  const reached = epochs.find((each) => isReached(each, question));
  if (result !== null) {
    if (result.outcome === 'diverged')
      return `diverged in epoch ${result.epochs}: its numbers left what can be written`;
    if (result.outcome === 'never-moves') {
      return `can never move: layer ${result.deadLayer} is zero for every ${asksFunction(question) ? 'point' : 'image'}, and so is every gradient in front of it`;
    }
  }
  const start =
    reached === undefined
      ? `has not reached ${target} in ${countOf(last.epoch, 'epoch')}`
      : `${target} after ${countOf(reached.epoch, 'epoch')}`;
  return last.epoch === 0 ? `before the first step: ${found}` : `${start}; ${found} after ${last.epoch}`;
}

/** The level at which a training has started. */
export function targetText(question: ExploreQuestion): string {
  return asksFunction(question) ? `an error of ${numberText(question.target)}` : shareText(question.target);
}

/** Whether the data are a function's, which have an error in place of an accuracy. */
export function asksFunction({ data }: ExploreQuestion): boolean {
  return exploreFunctionNames.includes(data);
}

function isReached(
  { epoch, loss, testAccuracy }: TrainingSeen['epochs'][number],
  question: ExploreQuestion,
): boolean {
  if (asksFunction(question)) return loss <= question.target;
  return epoch > 0 && testAccuracy !== null && testAccuracy >= question.target;
}

function shareText(share: number | null): string {
  return share === null ? '–' : percentText(Math.round(share * 1000) / 1000);
}
