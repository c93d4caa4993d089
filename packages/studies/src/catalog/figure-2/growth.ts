/** How fast the mean length of one base grows with the number of modules, measured and predicted. */
import type { Figure2Spec } from './spec.js';
import type { ResidualGrowthRow, ResidualLengthCell } from './summary.js';
import { type PredictedLength, predictedLimit, scalesOf } from './theory.js';

/** A mean length on the stretch: its logarithm and relative error. */
interface End {
  readonly modules: number;
  readonly log: number;
  readonly error: number;
  readonly meanLog: number | null;
}

const input: End = { modules: 0, log: 0, error: 0, meanLog: 0 };

/**
 * The growth of one base: from the last number of modules that is at most half of the largest to the largest, both where means can
 * be trusted; where none can, over the last stretch measured.
 *
 * @param curve theory behind 0 … L modules of the base
 * @param cells the lengths of the base
 */
export function growthRow(
  spec: Figure2Spec,
  curve: readonly PredictedLength[],
  cells: readonly ResidualLengthCell[],
): ResidualGrowthRow {
  const ascending = [...cells].sort((a, b) => a.modules - b.modules);
  const trusted = ascending.filter(({ heavyTailed }) => !heavyTailed);
  const usable = (trusted.length > 0 ? trusted : ascending).map(
    ({ modules, logMean, relativeError, meanLog }): End => ({
      modules,
      log: logMean,
      error: relativeError,
      meanLog,
    }),
  );
  const to = usable.at(-1) ?? input;
  const from = usable.filter(({ modules }) => 2 * modules <= to.modules).at(-1) ?? input;
  const length = to.modules - from.modules;
  const [start, end] = [curve[from.modules], curve[to.modules]];
  const slope = (late: number | undefined, early: number | undefined) =>
    ((late ?? Number.NaN) - (early ?? Number.NaN)) / length;
  const base = cells[0]?.base ?? Number.NaN;
  const scales = scalesOf(base, ascending.at(-1)?.modules ?? 1);
  const limit = predictedLimit(spec, base);
  return {
    base,
    from: from.modules,
    to: to.modules,
    slope: slope(to.log, from.log),
    slopeError: Math.sqrt(to.error * to.error + from.error * from.error) / length,
    predictedSlope: slope(end?.estimate, start?.estimate),
    // The bounds are products over the modules: their growth on a stretch bounds the mean's.
    leastSlope: slope(end?.lower, start?.lower),
    mostSlope: slope(end?.upper, start?.upper),
    typicalSlope: to.meanLog === null || from.meanLog === null ? null : slope(to.meanLog, from.meanLog),
    sumOfScales: scales.reduce((sum, scale) => sum + scale, 0),
    sumOfSquares: scales.reduce((sum, scale) => sum + scale * scale, 0),
    limit: limit && { estimate: limit.estimate, lower: limit.lower, upper: limit.upper },
  };
}
