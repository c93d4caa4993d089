/**
 * The initializers figure 1 may draw. Nine, not the whole catalog: the figure compares laws of one scale at width = depth,
 * each has a look of its own, and a cell's id and random numbers come from the name alone.
 */
import type { InitializerName } from '@kindling/initializers';

/** In the order in which lists and figures show them. */
export const figure1InitializerNames = [
  'he-normal',
  'he-uniform',
  'he-truncated-normal',
  'he-truncated-normal-uncorrected',
  'he-normal-2x',
  'glorot-normal',
  'glorot-uniform',
  'lecun-normal',
  'lecun-uniform',
] as const satisfies readonly InitializerName[];

/** A curve figure 1 can draw. */
export type Figure1InitializerName = (typeof figure1InitializerNames)[number];

/** The eight curves of figure 1 of Hanin & Rolnick (2018): what is drawn by default. */
export const figure1Initializers: readonly Figure1InitializerName[] = figure1InitializerNames.filter(
  (name) => name !== 'he-truncated-normal',
);

/** True for the name of a curve. */
export function isFigure1InitializerName(name: string): name is Figure1InitializerName {
  return (figure1InitializerNames as readonly string[]).includes(name);
}
