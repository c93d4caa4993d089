/**
 * Every study there is, by name. A study joins by one line here and one in `trial-catalog.ts`; the pool, the store and the apps find it through
 * this list and know nothing else of it.
 */
import { InvalidArgumentError } from '@kindling/core';
import type { JsonObject } from '../spec/canonical-json.js';
import type { StudyDefinition, StudySpec } from '../study.js';
import { convTraining } from './conv-training/study.js';
import { dataDependent } from './data-dependent/study.js';
import { dyingRelu } from './dying-relu/study.js';
import { explore } from './explore/study.js';
import { figure1 } from './figure-1/study.js';
import { figure2 } from './figure-2/study.js';
import { figure3 } from './figure-3/study.js';
import { figure4 } from './figure-4/study.js';
import { generate } from './generate/study.js';
import { iid } from './iid/study.js';
import { lawArrival } from './law-arrival/study.js';
import { lawInit } from './law-init/study.js';
import { lengthVariance } from './length-variance/study.js';
import { pretraining } from './pretraining/study.js';
import { quine } from './quine/study.js';
import { synthesis } from './synthesis/study.js';
import { trainability } from './trainability/study.js';
import { trainedOrNot } from './trained-or-not/study.js';
import { verdictAgreement } from './verdict-agreement/study.js';
import { weightLaw } from './weight-law/study.js';

/**
 * A study whose own spec and summary are not known to the caller. Give its methods only what the same study made:
 * a spec from its `parseSpec`, a summary from its `summarize`.
 */
export type AnyStudy = StudyDefinition<StudySpec, JsonObject>;

const studies: readonly AnyStudy[] = [
  figure1,
  figure2,
  figure3,
  figure4,
  lengthVariance,
  trainability,
  dyingRelu,
  dataDependent,
  convTraining,
  verdictAgreement,
  explore,
  iid,
  weightLaw,
  lawInit,
  lawArrival,
  pretraining,
  generate,
  quine,
  synthesis,
  trainedOrNot,
];

/** The studies by name, in the order in which they are listed to a user. */
export const studyCatalog: ReadonlyMap<string, AnyStudy> = new Map(
  studies.map((study) => [study.name, study]),
);

/**
 * The study called `name`.
 *
 * @throws InvalidArgumentError when there is none; `details.known` lists the names there are.
 */
export function findStudy(name: string): AnyStudy {
  const study = studyCatalog.get(name);
  if (study !== undefined) return study;
  const known = [...studyCatalog.keys()];
  throw new InvalidArgumentError(
    `findStudy: no study is called "${name}"; expected one of ${known.join(', ')} — check the spelling`,
    { details: { name, known } },
  );
}
