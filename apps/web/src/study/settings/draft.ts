/**
 * What stands in the page's fields: text as typed, not yet checked. Fields, address bar and checks all speak of the
 * same names, so a wrong value looks the same however it came in.
 */
import { figure1Initializers } from '@kindling/studies';

/** The number and list fields, by their names in the address. */
export const fieldNames = ['depths', 'seed', 'trials', 'runs', 'maxEpochs', 'workers'] as const;

/** A field with text in it. */
export type FieldName = (typeof fieldNames)[number];

/** The fields as typed, and the chosen initializers. */
export interface Draft extends Readonly<Record<FieldName, string>> {
  /** Names as in the catalog; from an address it may hold names nobody knows. */
  readonly inits: readonly string[];
}

/**
 * What the page starts with: about half a minute on two cores.
 *
 * @param cores logical processors of the machine; one worker each
 */
export function defaultDraft(cores: number): Draft {
  return {
    seed: '1',
    depths: '5, 10, 20, 30, 40, 50',
    trials: '1000',
    runs: '5',
    maxEpochs: '100',
    workers: String(cores),
    inits: figure1Initializers,
  };
}
