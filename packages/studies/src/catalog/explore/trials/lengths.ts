/** Trials of the cells `lengths/…`: one random net, one random input. */
import { denseSizesOf } from '@kindling/core';
import { measureLengths, measureNetworkLengths } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { encodeNumber } from '../../../spec/canonical-json.js';
import type { TrialContext } from '../../../study.js';
import type { ExploreCell } from '../cells.js';
import { hiddenPart } from '../configuration/network.js';
import type { ExploreLengthsResult } from '../results.js';
import type { ExploreSpec } from '../spec.js';
import { exploreInputs, exploreNet, holdData } from './nets.js';

/**
 * Draws layer after layer, so that memory is that of two layers. Inputs are random directions of mean square 1; nets whose initializer
 * looks at data are measured on points of those data.
 */
export function runLengthsTrial(
  context: TrialContext,
  spec: ExploreSpec,
  cell: ExploreCell,
  trial: number,
): ExploreLengthsResult {
  const { engine } = context;
  const { architecture, initializer, key } = exploreNet(spec, cell, trial);
  const looks = needsData(initializer);
  if (looks) holdData(context, spec);
  return releaseAfter(context, () => {
    const data = looks ? { data: exploreInputs(context, spec) } : {};
    const dense = denseSizesOf(architecture);
    const logLengths =
      dense === null
        ? measureNetworkLengths(engine, {
            architecture: hiddenPart(architecture),
            initializer,
            key,
            ...data,
          }).layers.map(({ logLength }) => logLength)
        : measureLengths(engine, { widths: dense.widths, initializer, key, ...data }).logLengths;
    const dead = logLengths.indexOf(Number.NEGATIVE_INFINITY);
    return { logLengths: logLengths.map(encodeNumber), deadLayer: dead < 0 ? null : dead + 1 };
  });
}

/** Runs `work` and gives back what it took from the arena. */
export function releaseAfter<Value>({ engine }: TrialContext, work: () => Value): Value {
  const mark = engine.arena.mark();
  try {
    return work();
  } finally {
    engine.arena.release(mark);
  }
}
