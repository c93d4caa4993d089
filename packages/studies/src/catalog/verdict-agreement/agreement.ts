/** How often a prediction agrees with what happened: the four counts, precision and recall of "will not start". */

/** Counts of nets, or of runs. A type, not an interface: summaries hold it as JSON. */
export type Agreement = {
  /** Said not to start, and did not. */
  readonly failuresFound: number;
  /** Said not to start, and did. */
  readonly falseAlarms: number;
  /** Said to start, and did not. */
  readonly failuresMissed: number;
  /** Said to start, and did. */
  readonly startsFound: number;
  /** failuresFound / all said not to start; null when none was. */
  readonly precision: number | null;
  /** failuresFound / all that did not start; null when all did. */
  readonly recall: number | null;
  /** Share of all that were said right; null of none. */
  readonly accuracy: number | null;
};

/** One net or run, or several alike. */
export interface Prediction {
  /** Said to start. */
  readonly predicted: boolean;
  readonly started: boolean;
  /** Default 1. */
  readonly count?: number;
}

/** The counts of predictions. */
export function agreementOf(predictions: readonly Prediction[]): Agreement {
  const count = (predicted: boolean, started: boolean) =>
    predictions
      .filter((item) => item.predicted === predicted && item.started === started)
      .reduce((sum, item) => sum + (item.count ?? 1), 0);
  const failuresFound = count(false, false);
  const falseAlarms = count(false, true);
  const failuresMissed = count(true, false);
  const startsFound = count(true, true);
  const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    failuresFound,
    falseAlarms,
    failuresMissed,
    startsFound,
    precision: ratio(failuresFound, failuresFound + falseAlarms),
    recall: ratio(failuresFound, failuresFound + failuresMissed),
    accuracy: ratio(failuresFound + startsFound, failuresFound + falseAlarms + failuresMissed + startsFound),
  };
}
