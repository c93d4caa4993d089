/** Everybody who can take part, by name. */
import type { KernelModule } from '@kindling/core';
import { openJax } from './jax.js';
import { openKindling } from './kindling.js';
import { openOnnxRuntime } from './onnxruntime.js';
import type { OpenPeer, Peer } from './peer.js';
import { openTensorFlow } from './tensorflow.js';
import { openTorch } from './torch.js';

const openers = {
  tensorflow: openTensorFlow,
  onnxruntime: openOnnxRuntime,
  jax: openJax,
  torch: openTorch,
} as const satisfies Record<string, OpenPeer>;

/** A peer's name on the command line. */
export type PeerName = keyof typeof openers;

/** All names, in the order of the tables. */
export const peerNames = Object.keys(openers) as readonly PeerName[];

/** A peer that is not here, and why. */
export interface MissingPeer {
  readonly name: PeerName;
  readonly reason: string;
}

/** Opens Kindling, on the strict kernels where there are no others, and the named peers. */
export async function openPeers(
  names: readonly PeerName[],
  kernels: KernelModule | null = null,
): Promise<{ readonly peers: readonly Peer[]; readonly missing: readonly MissingPeer[] }> {
  const peers: Peer[] = [await openKindling(kernels)];
  const missing: MissingPeer[] = [];
  for (const name of names) {
    try {
      const opened = await openers[name]();
      if ('missing' in opened) missing.push({ name, reason: opened.missing });
      else peers.push(opened);
    } catch (error) {
      missing.push({
        name,
        reason: `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return { peers, missing };
}
