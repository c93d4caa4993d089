/** `kindling study length-variance`. */
import {
  lengthVariance,
  lengthVarianceDefaults,
  lengthVarianceSpec,
  lengthVarianceLimits as limits,
  netFamilyNames,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';

const { full, quick, residualWidth } = lengthVarianceDefaults;
const defaults = (name: 'nets' | 'residualNets') =>
  `(default: ${countText(full[name])}, quick ${countText(quick[name])})`;

/** The command. */
export const lengthVarianceStudyCommand = plainStudy({
  study: lengthVariance,
  countFlags: '--nets and --residual-nets',
  flags: {
    families: namesFlag(
      '--families <list>',
      `${netFamilyNames.join(', ')}: fully connected, and residual with η = b^l (default: all)`,
      netFamilyNames,
    ),
    widths: wholeNumbersFlag(
      '--widths <list>',
      `widths of fully connected nets (default: ${full.widths.join(',')})`,
      { least: 1, most: limits.width },
    ),
    residualWidth: wholeNumberFlag(
      '--residual-width <n>',
      `width of residual nets (default: ${residualWidth})`,
      { least: 1, most: limits.width },
    ),
    depths: wholeNumbersFlag(
      '--depths <list>',
      `numbers of layers or modules (default: ${full.depths.join(',')}; quick ${quick.depths.join(',')})`,
      { least: 2, most: limits.depth },
    ),
    nets: wholeNumberFlag('--nets <n>', `fully connected nets a point ${defaults('nets')}`, {
      least: 1,
      most: limits.nets,
    }),
    residualNets: wholeNumberFlag(
      '--residual-nets <n>',
      `residual nets a point ${defaults('residualNets')}`,
      {
        least: 1,
        most: limits.nets,
      },
    ),
  },
  examples: `Examples:
  $ kindling study length-variance --quick            how wildly do lengths scatter across layers? Seconds
  $ kindling study length-variance --families dense --widths 50,100 --depths 50,100,200
                                                      wide nets, where means are told further

The same command goes on where an interrupted one stopped.`,
  makeSpec: lengthVarianceSpec,
  describe: ({ families, depths, nets, residualNets }) =>
    `${countOf(families.length, 'family', 'families')} of nets, ${countOf(depths.length, 'depth')}, ${countText(nets)} or ${countOf(residualNets, 'net')} a point`,
});
