/** A diagnosis in a sentence. */
import type { DiagnosisNumbers, VerdictCode } from './diagnosis.js';
import { percentWord } from './number-words.js';
import { contributingShare, startingShare } from './thresholds.js';

/** The verdicts as a practitioner says them. */
const verdictTexts: Readonly<Record<VerdictCode, string>> = {
  starts: 'nothing stands in its way',
  'fm1-vanishing': 'signals vanish with depth',
  'fm1-exploding': 'signals explode with depth',
  'vanishing-gradients': 'biases drown the input and gradients vanish',
  'fm2-length-variance': 'lengths scatter so much that a typical net is nothing like the mean',
  'born-dead': 'the net is likely a constant function before the first step',
  'no-symmetry-breaking': 'all units of a layer are equal and stay so',
  'zero-output': 'the output is zero and gradients with it',
};

/** Of a net whose lengths more layers would hardly change. */
const levelText = 'lengths level off with depth, but too high for SGD at rate 0.01';

/** Of nets that are said not to start even late, so few may. */
const negligibleShare = 0.05;

/** Failures that nets may get over, long after the epochs that were meant for them. */
const lateVerdicts: readonly VerdictCode[] = ['fm1-vanishing', 'vanishing-gradients', 'fm2-length-variance'];

/**
 * `Training should start.`, or that it starts late, late if at all, hardly or not, and why: late where half of the nets lie above the line
 * below which nets of their width never start.
 *
 * @param level whether lengths level off with depth: what is too long is then no explosion. Default false
 */
export function headlineOf(
  verdicts: readonly VerdictCode[],
  numbers: Pick<DiagnosisNumbers, 'bornDeadProbability' | 'eventualShare'>,
  level = false,
): string {
  const [main = 'starts'] = verdicts;
  if (main === 'starts') return 'Training should start.';
  const texts = verdicts.map((code) => {
    if (code === 'born-dead' && numbers.bornDeadProbability < startingShare) {
      return `the net is often (${percentWord(numbers.bornDeadProbability)}) a constant function before the first step`;
    }
    return code === 'fm1-exploding' && level ? levelText : verdictTexts[code];
  });
  return `Training ${prospect(main, numbers.eventualShare)}: ${texts.join('; ')}.`;
}

function prospect(main: VerdictCode, eventual: number): string {
  if (lateVerdicts.includes(main)) {
    if (eventual >= startingShare) return 'starts late';
    if (eventual >= contributingShare) return 'starts late, if at all';
  }
  return eventual >= negligibleShare ? 'is unlikely to start' : 'does not start';
}
