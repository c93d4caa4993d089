/**
 * The name of a spec: a hash of its one spelling. Two specs with one hash ask for the same trials with the same
 * draws. It says nothing of the code that runs them: see `provenance`.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { StudySpec } from '../study.js';
import { canonicalJson } from './canonical-json.js';

/**
 * SHA-256 of the canonical JSON of `spec`, 64 hex digits. The order of the fields does not matter.
 *
 * @throws InvalidArgumentError when the spec holds something that is not JSON (NaN, functions …).
 */
export function hashSpec(spec: StudySpec): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({ ...spec }))));
}

/** The part of a spec's hash that each record carries: its first 16 hex digits. */
export function shortSpecHash(spec: StudySpec): string {
  return hashSpec(spec).slice(0, 16);
}
