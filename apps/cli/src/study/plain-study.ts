/**
 * The command of a study without a data set, from a description: its flags as data and the function that makes its
 * spec. That is all a new study of this kind needs, in one file of `commands/studies/`.
 */
import type { JsonObject, StudyDefinition, StudySpec } from '@kindling/studies';
import { flagOptions, type GivenFlags, readFlags, type StudyFlagsOf } from '../options/flag-values.js';
import { reproductionLine, type StudyFlags } from '../options/study-options.js';
import { type StudySubcommand, studySubcommand } from './study-subcommand.js';

/** What the makers of specs take: what was given, and which defaults to use for the rest. */
export type SpecOptions<Values> = Partial<Values> & { readonly seed: number; readonly quick: boolean };

/** A study without a data set. `Values` are the values of its own flags, under the names its spec's maker knows. */
export interface PlainStudy<Values extends object, Spec extends StudySpec, Summary extends JsonObject> {
  readonly study: StudyDefinition<Spec, Summary>;
  /** In the order of the help, under the names that `makeSpec` knows. */
  readonly flags: StudyFlagsOf<Values>;
  /** Flags to name when too many trials are asked for. Default `--runs`. */
  readonly countFlags?: string;
  /** Shown under the options. */
  readonly examples: string;
  /** A whole spec; `options` lacks what was not given. */
  makeSpec(options: SpecOptions<Values>): Spec;
  /** The spec in a few words, for the line before the start. */
  describe(spec: Spec): string;
}

/** The command of such a study. */
export function plainStudy<Values extends object, Spec extends StudySpec, Summary extends JsonObject>(
  plain: PlainStudy<Values, Spec, Summary>,
): StudySubcommand {
  const { study, flags, examples, countFlags = '--runs' } = plain;
  return studySubcommand<StudyFlags & GivenFlags, Spec, Summary>({
    study,
    options: flagOptions(flags),
    countFlags,
    examples,
    prepare: async (given, { quick, seed }) => {
      const { values, words } = readFlags(flags, given);
      const spec = plain.makeSpec({ ...values, quick, seed });
      return {
        spec,
        dataset: null,
        introduction: [['spec', `seed ${seed}, ${plain.describe(spec)}`]],
        maxEpochs: null,
        reproduction: reproductionLine({ study: study.name, quick, seed, words }),
      };
    },
  });
}
