/** Nets of any architecture whose layers memory cannot hold, told by the flag that asks for them before work starts. */
import type { Engine } from '@kindling/core';
import { networkWalkMemory } from '@kindling/diagnostics';
import { bytesText } from '../output/bytes-text.js';
import { UsageError } from '../usage-error.js';
import type { ArchitectureQuestion } from './network-question.js';

/**
 * Refuses a net that the kernels' memory cannot measure: its largest layer or module and what stands between two of them.
 *
 * @throws UsageError naming the flag and how much it would take
 */
export function checkNetworkMemory(
  { architecture, source }: Pick<ArchitectureQuestion, 'architecture' | 'source'>,
  { arena }: Engine,
): void {
  const bytes = networkWalkMemory(architecture);
  const available = arena.limitBytes - arena.mark();
  if (bytes <= available) return;
  throw new UsageError(
    `${source.flag} asks for layers of ${bytesText(bytes)}; expected at most ${bytesText(available)}, which the kernels reach – predict needs none`,
  );
}
