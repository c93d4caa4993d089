/** From a trial's name to its random numbers. */
import { deriveKey, keyPurpose, type RandomKey, rootKey } from '@kindling/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { StudySpec, TrialKey } from './study.js';

/**
 * The random key of one trial: from the seed, the first 64 bits of the SHA-256 of the cell's id, and the trial's
 * number. It does not depend on the other cells of the spec, so a point drawn alone is the point of the whole figure.
 */
export function trialRandomKey(spec: StudySpec, { cell, trial }: TrialKey): RandomKey {
  const digest = new DataView(sha256(utf8ToBytes(cell)).buffer);
  let key = rootKey(spec.seed);
  key = deriveKey(key, keyPurpose.cell, digest.getUint32(0));
  key = deriveKey(key, keyPurpose.cell, digest.getUint32(4));
  return deriveKey(key, keyPurpose.trial, trial);
}
