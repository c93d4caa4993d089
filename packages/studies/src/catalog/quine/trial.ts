/** One trial of the quine study: random nets, and the course of the search. */
import { encodeNumber, type JsonObject } from '../../spec/canonical-json.js';
import type { TrialContext, TrialKey } from '../../study.js';
import { trialRandomKey } from '../../trial-key.js';
import { findQuineCell } from './cells.js';
import { openQuineSearch } from './search.js';
import type { QuineSpec } from './spec.js';

/** Result of a trial: a number a report, as `encodeNumber` writes them. A search that diverged ends with its first infinite report. */
export interface QuineResult extends JsonObject {
  readonly outcome: 'finished' | 'diverged';
  /** L over all coordinates. */
  readonly losses: readonly (number | string)[];
  /** Σθ². */
  readonly norms: readonly (number | string)[];
  /** Between what comes out and what should. */
  readonly cosines: readonly (number | string)[];
  /** Share of Σθ² in the mean of the parameters. */
  readonly meanShares: readonly (number | string)[];
}

/** Runs the trial `key`; pure but for `context.onProgress`. */
export async function runQuineTrial(
  { engine, onProgress }: TrialContext,
  spec: QuineSpec,
  key: TrialKey,
): Promise<QuineResult> {
  const { method } = findQuineCell(spec, key.cell);
  const { width, epochs, reportEvery } = spec;
  const mark = engine.arena.mark();
  try {
    const search = openQuineSearch(engine, width, method, trialRandomKey(spec, key));
    const rows: (number | string)[][] = [[], [], [], []];
    for (let epoch = 0; ; epoch++) {
      if (epoch % reportEvery === 0 || epoch === epochs) {
        const { loss, norm, cosine, meanShare } = search.standing();
        [loss, norm, cosine, meanShare].forEach((value, i) => {
          rows[i]?.push(encodeNumber(value));
        });
        const finite = Number.isFinite(loss) && Number.isFinite(norm);
        if (epoch === epochs || !finite) {
          const [losses = [], norms = [], cosines = [], meanShares = []] = rows;
          return { outcome: finite ? 'finished' : 'diverged', losses, norms, cosines, meanShares };
        }
        onProgress?.({ ...key, fraction: epoch / epochs, values: { epoch, loss } });
      }
      search.advance();
    }
  } finally {
    engine.arena.release(mark);
  }
}
