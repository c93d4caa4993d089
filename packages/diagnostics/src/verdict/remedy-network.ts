/** What layers without scales can do: another padding, a gain against the leak, more units. */
import { type Architecture, type Layer, layerShapes, portableMath } from '@kindling/core';
import type { Initializer } from '@kindling/initializers';
import type { VerdictCode } from './diagnosis.js';
import { varianceScalingExpression } from './initializer-expression.js';
import type { Judgment } from './judge.js';
import { withCircularPadding } from './network-findings.js';
import { decadesWord, numberWord } from './number-words.js';
import type { Candidate } from './remedy-candidate.js';
import { bornDeadChange } from './remedy-widths.js';
import { networkOperations } from './simulate-network.js';
import { isCostly } from './trials.js';

/** Remedies beside scales and initializers. */
export function networkCandidates(judgment: Judgment): readonly Candidate[] {
  if (judgment.setting.kind !== 'network') return [];
  return [...paddingCandidates(judgment), ...shallowerCandidates(judgment), ...widerCandidates(judgment)];
}

/** A leak worth a remedy, in decades. */
const leastLeak = -0.5;

function paddingCandidates({ setting, assessment, network, depth }: Judgment): readonly Candidate[] {
  const decay = network?.decay;
  if (setting.kind !== 'network' || decay == null || !(decay.padding < leastLeak)) return [];
  const code: VerdictCode | undefined = assessment.verdicts.find(
    (verdict) => verdict === 'fm1-vanishing' || verdict === 'fm2-length-variance',
  );
  if (code === undefined) return [];
  const circular: Candidate = {
    code,
    change: { architecture: withCircularPadding(setting.architecture) },
    text: (after) =>
      `pad circularly instead of with zeros, which cost a factor of ${decadesWord(decay.padding)}: a typical length is then ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's`,
  };
  // Weights and padding at once: what every layer lacks, in the geometric mean.
  const missing = (-(decay.weights + decay.padding) * Math.LN10) / Math.max(1, depth);
  const amplified = withScale(setting.initializer, portableMath.exp(missing));
  if (amplified === null || missing <= 0) return [circular];
  const { initializer, law } = amplified;
  const expression = varianceScalingExpression(initializer);
  const gain: Candidate = {
    code,
    change: expression === null ? { initializer } : { initializer, initializerName: expression },
    combines: false,
    text: (after) =>
      `draw the weights with the variance ${law}, which makes up for the padding layer by layer: a typical length is then ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's`,
  };
  return [circular, gain];
}

/** The same law with its variance multiplied, to the three digits that are told, and that in words; null for laws that have no scale. */
function withScale(
  initializer: Initializer,
  factor: number,
): { readonly initializer: Initializer; readonly law: string } | null {
  if (initializer.kind !== 'layerwise' || initializer.weights.kind !== 'variance-scaling') return null;
  const scale = Number((initializer.weights.scale * factor).toPrecision(3));
  const law = `${numberWord(scale)}/${initializer.weights.mode}`;
  return { initializer: { ...initializer, weights: { ...initializer.weights, scale } }, law };
}

/** What fewer layers aim at: a typical length of a hundredth of the input's, far from both lines. */
const comfortableDecades = -2;

/** The first layers alone, as many as typical lengths allow; only where what is left ends in the same shape. */
function shallowerCandidates({ setting, assessment, network, numbers }: Judgment): readonly Candidate[] {
  const typical = numbers.log10Typical;
  const scattered = assessment.verdicts.includes('fm2-length-variance');
  if (setting.kind !== 'network' || network === null || typical === null || !scattered) return [];
  const { architecture } = setting;
  const { depth } = network.structure;
  const kept = Math.floor((depth * comfortableDecades) / typical);
  const shapes = layerShapes(architecture);
  const [shape, last] = [shapes[kept - 1], shapes[depth - 1]];
  if (!(kept >= 1 && kept < depth) || JSON.stringify(shape) !== JSON.stringify(last)) return [];
  const { input, layers } = architecture;
  return [
    {
      code: 'fm2-length-variance',
      change: { architecture: { input, layers: [...layers.slice(0, kept), ...layers.slice(depth)] } },
      text: (after) =>
        `use ${kept} hidden ${kept === 1 ? 'layer' : 'layers'} instead of ${depth}: a typical length is then ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's`,
    },
  ];
}

/** By how much all hidden layers are widened, the least first. */
const widenings = [2, 4];

function widerCandidates({ setting, assessment, network }: Judgment): readonly Candidate[] {
  if (setting.kind !== 'network' || network === null) return [];
  const code = assessment.verdicts.find(
    (verdict) => verdict === 'fm2-length-variance' || verdict === 'born-dead',
  );
  if (code === undefined) return [];
  const { architecture } = setting;
  const end = network.structure.depth;
  return widenings.flatMap((times): readonly Candidate[] => {
    const wider = widened(architecture, end, times);
    if (wider === null || isCostly(networkOperations(wider, network.structure.normalizes))) return [];
    const words = `make every hidden layer ${times} times as wide`;
    return [
      {
        code,
        change: { architecture: wider },
        text: (after, before) =>
          code === 'born-dead'
            ? `${words}: born dead ${bornDeadChange(before, after)}`
            : `${words}: a typical length is then ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's instead of ${decadesWord(before.numbers.log10Typical ?? 0)}`,
      },
    ];
  });
}

/** All hidden layers, branches among them; null where that does not fit, as where a shortcut hands on the input itself. */
function widened({ input, layers }: Architecture, end: number, times: number): Architecture | null {
  const widen = (layer: Layer): Layer => {
    if (layer.kind === 'dense') return { ...layer, units: layer.units * times };
    if (layer.kind === 'conv2d') return { ...layer, filters: layer.filters * times };
    return layer.kind === 'residual' ? { ...layer, branch: layer.branch.map(widen) } : layer;
  };
  const wider = { input, layers: layers.map((layer, index) => (index < end ? widen(layer) : layer)) };
  try {
    layerShapes(wider);
    return wider;
  } catch {
    return null;
  }
}
