/** Nets whose matrices memory cannot hold, told by the flag that asks for them. */
import { countText, numberText } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';

/** Weights of one layer and their packed copy must fit into the kernels' 4 GiB. */
const mostWeights = 2 ** 28;

/** What is asked for. */
interface WeightRequest {
  /** Such as `--widths`. */
  readonly argument: string;
  /** What does without weights, if anything does. */
  readonly hint?: string;
}

/**
 * Refuses layers too large to be drawn.
 *
 * @param widths the input's width, then every ReLU layer's
 * @throws UsageError naming the first layer with more than 2²⁸ weights
 */
export function checkWeights({ argument, hint }: WeightRequest, widths: readonly number[]): void {
  for (const [i, width] of widths.slice(1).entries()) {
    const fanIn = widths[i] ?? 0;
    if (fanIn * width <= mostWeights) continue;
    throw new UsageError(
      `${argument} asks for ${countText(fanIn)} × ${countText(width)} weights in layer ${i + 1}; expected at most ` +
        `${numberText(mostWeights, 2)}, which memory holds${hint === undefined ? '' : ` – ${hint}`}`,
    );
  }
}
