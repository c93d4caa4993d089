/** Smaller scales for the branches of a residual net, and branches that start at zero. */
import {
  type Architecture,
  type Layer,
  type ResidualScale,
  type ResidualScaleRule,
  residualScales,
} from '@kindling/core';
import { skipInitScale } from '@kindling/initializers';
import type { Judgment } from './judge.js';
import { sumOf } from './network-findings.js';
import type { Block } from './network-structure.js';
import { numberWord } from './number-words.js';
import type { Candidate } from './remedy-candidate.js';

/** A rule with its name in words. */
interface NamedRule {
  readonly rule: ResidualScaleRule;
  readonly words: string;
}

const powers = [0.9, 0.75, 0.5].map(
  (base): NamedRule => ({ rule: { rule: 'power', base }, words: `${base}^l` }),
);
const inverse: NamedRule = { rule: { rule: 'inverse-modules' }, words: '1/L' };
const inverseRoot: NamedRule = { rule: { rule: 'inverse-root-modules' }, words: '1/√L' };

/** Rules for the scales of a net that explodes, the mildest first, and ReZero. */
export function residualCandidates({ setting, assessment, network }: Judgment): readonly Candidate[] {
  const decisive = network?.scales[0];
  if (setting.kind !== 'network' || network === null || decisive === undefined) return [];
  if (!assessment.verdicts.includes('fm1-exploding')) return [];
  const { architecture } = setting;
  const { blocks } = network.structure;
  const { module, sum } = decisive;
  const name = module === 'relu' ? 'Σ η' : 'Σ η²';
  // What the kind that decides now would sum up to: with other scales the other kind may decide.
  const sumWith = (scales: readonly number[]) => {
    const rescaled = blocks.map((block, index): Block => {
      const scale = scales[index] ?? block.scale;
      return { ...block, scale, silent: block.silent && block.scale !== 0 };
    });
    return sumOf(
      module,
      rescaled.filter((_, index) => blocks[index]?.module === module),
    ).sum;
  };
  const rules = [...(module === 'relu' ? [] : [inverseRoot]), ...powers, inverse];
  const ruled = rules.flatMap(({ rule, words }): readonly Candidate[] => {
    const scales = residualScales(rule, blocks.length);
    const after = sumWith(scales);
    if (!(after < sum)) return [];
    return [
      {
        code: 'fm1-exploding',
        change: { architecture: withScales(architecture, scales), scaleRule: rule },
        text: () =>
          `scale branch l by η_l = ${words}, which keeps ${name} at ${numberWord(after)}; yours is ${numberWord(sum)}`,
      },
    ];
  });
  if (sum === 0) return ruled;
  const zeros = new Array<ResidualScale>(blocks.length).fill({ learned: skipInitScale });
  return [
    ...ruled,
    {
      code: 'fm1-exploding',
      change: { architecture: withScales(architecture, zeros) },
      text: () =>
        `let every branch begin at zero, with a learned scale that starts at 0 (ReZero, SkipInit): ${name} is then 0 before the first step; yours is ${numberWord(sum)}`,
    },
  ];
}

/** The same net with other scales of its own blocks, in order; learned ones stay learned, and start from there. */
function withScales({ input, layers }: Architecture, scales: readonly ResidualScale[]): Architecture {
  let next = 0;
  const changed = layers.map((layer): Layer => {
    if (layer.kind !== 'residual') return layer;
    const scale = scales[next++] ?? layer.scale;
    const learned = typeof layer.scale !== 'number' && typeof scale === 'number';
    return { ...layer, scale: learned ? { learned: scale } : scale };
  });
  return { input, layers: changed };
}
