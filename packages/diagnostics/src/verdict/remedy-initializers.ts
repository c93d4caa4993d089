/** Other weights: rescaled, of another law, or by another method. */
import { type Distribution, findInitializer, type Initializer, layerwise } from '@kindling/initializers';
import { causeOf } from './causes.js';
import type { VerdictCode } from './diagnosis.js';
import { withBiasesExpression } from './initializer-expression.js';
import type { Judgment } from './judge.js';
import { decadesWord } from './number-words.js';
import type { Candidate } from './remedy-candidate.js';
import { bornDeadChange } from './remedy-widths.js';
import { explodingDecades } from './thresholds.js';

/** What weights can do about the verdicts of a judgment. */
export function initializerCandidates(judgment: Judgment): readonly Candidate[] {
  const { verdicts } = judgment.assessment;
  const has = (...codes: readonly VerdictCode[]) => codes.some((code) => verdicts.includes(code));
  const length = has('fm1-vanishing', 'fm1-exploding', 'vanishing-gradients');
  return [
    ...(length ? rescaled(judgment) : []),
    ...(length || has('no-symmetry-breaking', 'zero-output') ? criticalLaw(judgment) : []),
    ...(has('born-dead') ? livelier(judgment) : []),
    ...(has('fm2-length-variance') ? orthogonal(judgment) : []),
  ];
}

/** Each layer's weights times 1/√(its factor), which makes the variance 2/fan-in. */
function rescaled({ setting, findings, assessment }: Judgment): readonly Candidate[] {
  const factors = findings.symmetry === null ? findings.signal?.factors : null;
  if (factors === null || factors === undefined || setting.kind !== 'dense') return [];
  const needed = factors.map((factor) => 1 / Math.sqrt(factor));
  const weightScales = needed.map((scale, index) => scale * (setting.weightScales?.[index] ?? 1));
  const cause = causeOf(setting.initializer);
  const advice = `multiply the weights of ${scalesText(needed)} (variance 2/fan-in)`;
  return [
    {
      code: fm1Of(assessment.verdicts),
      change: { weightScales },
      text: () => (cause === null ? advice : `${cause}: ${advice}`),
    },
  ];
}

/** `layers 1..50 by 1.137`, or a few runs of layers; more than three runs are told by the formula. */
function scalesText(scales: readonly number[]): string {
  const runs: { from: number; to: number; scale: string }[] = [];
  scales.forEach((value, index) => {
    const scale = value.toPrecision(4);
    const last = runs.at(-1);
    if (last?.scale === scale) last.to = index + 1;
    else runs.push({ from: index + 1, to: index + 1, scale });
  });
  if (runs.length > 3) return `each layer by √(2/(fan-in · its variance)), ${runs[0]?.scale} in the first`;
  return runs
    .map(({ from, to, scale }) => `${from === to ? `layer ${from}` : `layers ${from}..${to}`} by ${scale}`)
    .join(' and of ');
}

const criticalNames: Readonly<Record<Distribution, string>> = {
  normal: 'he-normal',
  uniform: 'he-uniform',
  'truncated-normal': 'he-truncated-normal',
  'truncated-normal-uncorrected': 'he-truncated-normal',
  laplace: 'he-laplace',
  rademacher: 'he-rademacher',
  'student-t': 'he-student-t',
};

/** He's variance with the same shape; biases stay where they are random and do not explode. */
function criticalLaw({ setting, findings, assessment }: Judgment): readonly Candidate[] {
  const { initializer } = setting;
  const name = criticalNames[distributionOf(initializer)];
  const critical = findInitializer(name).initializer;
  const biases = initializer.kind === 'layerwise' ? initializer.biases : { kind: 'zeros' as const };
  // Biases alone may be what explodes: then weights do not help.
  const { signal } = findings;
  const harmful =
    signal !== null && signal.lengthDecades > explodingDecades && signal.meanDecades <= explodingDecades;
  const kept =
    critical.kind === 'layerwise' && biases.kind !== 'zeros' && biases.kind !== 'constant' && !harmful
      ? biases
      : null;
  const mended =
    kept === null || critical.kind !== 'layerwise' ? critical : layerwise(critical.weights, kept);
  const expression = mended.kind === 'layerwise' ? withBiasesExpression(name, mended) : name;
  return [
    {
      code: fm1Of(assessment.verdicts),
      change:
        expression === null ? { initializer: mended } : { initializer: mended, initializerName: expression },
      text: (after) =>
        `use ${name} for the weights${harmful ? ' and zero biases' : kept === null ? '' : ' and keep the biases'}: variance 2/fan-in keeps the mean length, a typical one is ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's`,
    },
  ];
}

function distributionOf(initializer: Initializer): Distribution {
  if (initializer.kind !== 'layerwise') return 'normal';
  const { weights } = initializer;
  if (weights.kind === 'variance-scaling' || weights.kind === 'stated-variance') return weights.distribution;
  return weights.kind === 'uniform-range' ? 'uniform' : 'normal';
}

/** Initializers made against dead nets. */
function livelier({ setting }: Judgment): readonly Candidate[] {
  // Two of them look at data, and RAI cannot draw weights without biases, as those of projections: other nets get wider.
  if (setting.kind !== 'dense') return [];
  const known = [
    { name: 'rai', words: 'use RAI (randomized asymmetric)', asksData: false },
    { name: 'data-dependent', words: 'use the data-dependent initialization', asksData: true },
    { name: 'sign-flip', words: 'use He normal with sign flips', asksData: true },
  ];
  return known
    .filter(({ asksData }) => !asksData || setting.data !== null)
    .map(({ name, words }) => ({
      code: 'born-dead',
      change: { initializer: findInitializer(name).initializer, initializerName: name },
      text: (after, before) => `${words}: born dead ${bornDeadChange(before, after)}${slowWords(after)}`,
    }));
}

/** What is alive but hardly moves is a matter of the optimizer. */
function slowWords({ numbers }: Judgment): string {
  const small = numbers.verdict !== 'starts' && numbers.log10Typical !== null && numbers.log10Typical < 0;
  return small
    ? `; a typical gradient then shrinks to ${decadesWord(numbers.log10Typical ?? 0)} on its way to the input, so train with Adam`
    : '';
}

/** Orthogonal matrices keep a vector's length before ReLU halves it, and only the halving scatters. */
function orthogonal({ setting }: Judgment): readonly Candidate[] {
  if (setting.initializer.kind === 'layerwise' && setting.initializer.weights.kind === 'orthogonal')
    return [];
  const initializer = layerwise({ kind: 'orthogonal', gain: Math.SQRT2 });
  return [
    {
      code: 'fm2-length-variance',
      change: { initializer, initializerName: `orthogonal:gain=${Math.SQRT2}` },
      text: (after, before) =>
        `use orthogonal weights of gain √2, which scatter less: a typical length is ${decadesWord(after.numbers.log10Typical ?? 0)} of the input's instead of ${decadesWord(before.numbers.log10Typical ?? 0)}`,
    },
  ];
}

function fm1Of(verdicts: readonly VerdictCode[]): VerdictCode {
  const causes: readonly VerdictCode[] = ['no-symmetry-breaking', 'fm1-vanishing', 'fm1-exploding'];
  return causes.find((code) => verdicts.includes(code)) ?? verdicts[0] ?? 'starts';
}
