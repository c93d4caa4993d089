/** `kindling study figure-4`. */
import {
  figure1InitializerNames,
  figure4,
  figure4Defaults,
  figure4Paddings,
  figure4Spec,
  figure4Limits as limits,
} from '@kindling/studies';
import { countOf, countText } from '@kindling/studies/text';
import { nameFlag, namesFlag, wholeNumberFlag, wholeNumbersFlag } from '../../options/study-flag.js';
import { plainStudy } from '../../study/plain-study.js';
import { UsageError } from '../../usage-error.js';

const { full, quick, size, depthPerChannel } = figure4Defaults;

/** The command. */
export const figure4StudyCommand = plainStudy({
  study: figure4,
  countFlags: '--trials',
  flags: {
    initializers: namesFlag(
      '--inits <list>',
      `${figure1InitializerNames.join(', ')} (default: the eight of figure 1)`,
      figure1InitializerNames,
    ),
    depths: wholeNumbersFlag(
      '--depths <list>',
      `numbers of convolutional layers (default: ${full.depths.join(',')}; quick ${quick.depths.join(',')}; without padding ${full.valid.join(',')})`,
      { least: 1, most: limits.depth },
    ),
    trials: wholeNumberFlag(
      '--trials <n>',
      `nets a point (default: ${countText(full.trials)}, quick ${countText(quick.trials)})`,
      { least: 1, most: limits.trials },
    ),
    padding: nameFlag(
      '--padding <name>',
      `${figure4Paddings.join(', ')}: what a convolution sees beyond the image (default: circular)`,
      figure4Paddings,
    ),
    size: wholeNumberFlag('--size <n>', `pixels a side of the image (default: ${size})`, {
      least: 3,
      most: limits.size,
    }),
    depthPerChannel: wholeNumberFlag(
      '--depth-per-channel <n>',
      `channels are the depth over this, at least one (default: ${depthPerChannel})`,
      { least: 1, most: limits.depthPerChannel },
    ),
  },
  examples: `Examples:
  $ kindling study figure-4 --quick                   do convolutional nets keep their lengths? Seconds
  $ kindling study figure-4 --padding zero            what leaks at the border
  $ kindling study figure-4 --depth-per-channel 1 --size 8 --depths 5,10,20
                                                      wide enough for means over nets to be told

The same command goes on where an interrupted one stopped.`,
  makeSpec: (options) => {
    const { padding, size = figure4Defaults.size, depths = [] } = options;
    const deep = depths.find((depth) => padding === 'valid' && 2 * depth >= size);
    if (deep === undefined) return figure4Spec(options);
    throw new UsageError(
      `--depths has ${deep}, and without padding every layer takes two pixels a side; expected depths that leave one of ${size}`,
    );
  },
  describe: ({ initializers, depths, trials, padding }) =>
    `${padding} padding, ${countOf(initializers.length, 'initializer')}, ${countOf(depths.length, 'depth')}, ${countOf(trials, 'net')} a point`,
});
