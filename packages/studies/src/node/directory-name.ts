import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Provenance } from '../provenance.js';
import { canonicalJson } from '../spec/canonical-json.js';
import type { StudySpec } from '../study.js';

/**
 * A name for the directory of a study, such as `figure-1-0123abcd`: the same for the same spec and code, another
 * for another. So two specs never meet in a default directory, and neither do records of two builds of the kernels.
 *
 * @param label what a person should see first, such as the study's name
 * @param provenance of the kernels it runs on, as `provenanceOf` gives it
 */
export function studyDirectoryName(label: string, spec: StudySpec, provenance: Provenance): string {
  const identity = canonicalJson({ spec: { ...spec }, provenance: { ...provenance } });
  return `${label}-${bytesToHex(sha256(utf8ToBytes(identity))).slice(0, 8)}`;
}
