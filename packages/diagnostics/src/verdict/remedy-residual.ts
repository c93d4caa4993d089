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
  const scales = network?.scales;
  if (setting.kind !== 'network' || scales == null || !assessment.verdicts.includes('fm1-exploding'))
    return [];
  const { architecture } = setting;
  const modules = architecture.layers.filter(({ kind }) => kind === 'residual').length;
  const sum = scales.module === 'relu' ? 'Σ η' : 'Σ η²';
  const ruled = [...(scales.module === 'relu' ? [] : [inverseRoot]), ...powers, inverse].map(
    ({ rule, words }): Candidate => ({
      code: 'fm1-exploding',
      change: { architecture: withScales(architecture, residualScales(rule, modules)), scaleRule: rule },
      text: (after) =>
        `scale branch l by η_l = ${words}, which keeps ${sum} at ${numberWord(after.numbers.sumScales ?? 0)}; yours is ${numberWord(scales.sum)}`,
    }),
  );
  const zeros = new Array<ResidualScale>(modules).fill({ learned: skipInitScale });
  return [
    ...ruled,
    {
      code: 'fm1-exploding',
      change: { architecture: withScales(architecture, zeros) },
      text: () =>
        `let every branch begin at zero, with a learned scale that starts at 0 (ReZero, SkipInit): ${sum} is then 0 before the first step; yours is ${numberWord(scales.sum)}`,
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
