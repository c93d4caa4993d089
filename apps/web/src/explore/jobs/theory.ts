/** What theory says of the lengths of one configuration: closed forms alone, in a worker. */
import { type Architecture, denseSizesOf } from '@kindling/core';
import { approximateLogLengths, predictLengths, predictNetworkLengths } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { type ExploreSpec, exploreArchitectureOf, exploreEnds, exploreInitializer } from '@kindling/studies';

/** One layer's law; natural logarithms of lengths relative to the input's, null where theory has no formula. */
export interface TheoryLayer {
  readonly logMean: number | null;
  readonly logTypical: number | null;
  readonly logLow: number | null;
  readonly logHigh: number | null;
}

/** Lengths by layer, by theory. */
export interface Theory {
  readonly layers: readonly TheoryLayer[];
  /** False where the mean is an estimate between proved bounds. */
  readonly exact: boolean;
}

/** Of a normal law, how many standard deviations nine tenths reach either way. */
const nineTenths = 1.6449;

/** Theory of configuration `index` of the spec. */
export function theoryOf(spec: ExploreSpec, index: number): Theory {
  const configuration = spec.configurations[index];
  if (configuration === undefined) throw new RangeError(`there is no configuration ${index}`);
  const initializer = exploreInitializer(configuration);
  const architecture = exploreArchitectureOf(configuration, exploreEnds(spec.data));
  const hidden = hiddenPart(architecture);
  if (needsData(initializer)) {
    return { layers: hidden.layers.map(() => unknown), exact: true };
  }
  const predicted = predictNetworkLengths({ architecture: hidden, initializer });
  const sizes = denseSizesOf(architecture);
  const logs = sizes === null ? null : logLengths({ widths: sizes.widths, initializer });
  return {
    exact: predicted.every(({ logMean }) => logMean !== null),
    layers: predicted.map(({ logMean, logEstimate, logRelativeSecondMoment }, layer) => {
      const mean = logMean ?? logEstimate;
      const log = logs?.[layer] ?? logNormal(mean, logRelativeSecondMoment);
      if (log === null) return { ...unknown, logMean: mean };
      const reach = nineTenths * Math.sqrt(log.variance);
      return { logMean: mean, logTypical: log.mean, logLow: log.mean - reach, logHigh: log.mean + reach };
    }),
  };
}

const unknown: TheoryLayer = { logMean: null, logTypical: null, logLow: null, logHigh: null };

interface LogLaw {
  readonly mean: number;
  readonly variance: number;
}

function logLengths(options: Parameters<typeof predictLengths>[0]): readonly (LogLaw | null)[] {
  const exact = predictLengths(options).map(({ meanLog, varianceLog }) =>
    meanLog === null || varianceLog === null ? null : { mean: meanLog, variance: varianceLog },
  );
  if (!exact.includes(null)) return exact;
  const approximate = approximateLogLengths(options);
  return approximate?.map(({ meanLog, varianceLog }) => ({ mean: meanLog, variance: varianceLog })) ?? exact;
}

/** A product of many independent factors is nearly log-normal. */
function logNormal(logMean: number | null, logRelativeSecondMoment: number | null): LogLaw | null {
  if (logMean === null || logRelativeSecondMoment === null) return null;
  return { mean: logMean - logRelativeSecondMoment / 2, variance: logRelativeSecondMoment };
}

/** The layers before the outputs, images not yet flattened. */
function hiddenPart({ input, layers }: Architecture): Architecture {
  return { input, layers: layers.slice(0, layers.at(-2)?.kind === 'flatten' ? -2 : -1) };
}
