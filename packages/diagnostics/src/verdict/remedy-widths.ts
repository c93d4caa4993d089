/** Wider layers, and fewer. */
import { widthForBornDead } from '../theory/born-dead.js';
import { sumReciprocalWidths } from '../theory/lengths.js';
import type { VerdictCode } from './diagnosis.js';
import type { Judgment } from './judge.js';
import { numberWord, probabilityWord } from './number-words.js';
import type { Candidate } from './remedy-candidate.js';
import { comfortableReciprocalWidths, negligibleBornDead, reciprocalSlack } from './thresholds.js';

/** What widths can do about the verdicts of a judgment. */
export function widthCandidates({ setting, assessment }: Judgment): readonly Candidate[] {
  if (setting.kind !== 'dense') return [];
  const { widths } = setting;
  const has = (code: VerdictCode) => assessment.verdicts.includes(code);
  const spread = has('fm2-length-variance') ? [...widerForSpread(widths), ...fewerLayers(widths)] : [];
  const dead = has('born-dead') ? widerForLife(widths) : [];
  return [...dead, ...spread];
}

/** The smallest width N such that raising every narrower layer to it makes S ≤ 1. */
function widerForSpread(widths: readonly number[]): readonly Candidate[] {
  if (isComfortable(widths)) return [];
  // Width = depth is enough, the narrowest layer's own is not.
  let narrow = widths.slice(1).reduce((a, b) => Math.min(a, b));
  let width = widths.length - 1;
  while (width - narrow > 1) {
    const middle = Math.floor((narrow + width) / 2);
    if (isComfortable(raised(widths, middle))) width = middle;
    else narrow = middle;
  }
  const change = { widths: raised(widths, width) };
  const text = () => `width ≥ ${width} in ${eachLayer(widths, width)} for S ≤ 1`;
  return [{ code: 'fm2-length-variance', change, text }];
}

/** The width at which at most one net in twenty is born dead. */
function widerForLife(widths: readonly number[]): readonly Candidate[] {
  const width = widthForBornDead({ depth: widths.length - 1, probability: negligibleBornDead });
  const change = { widths: raised(widths, width) };
  const text: Candidate['text'] = (after, before) =>
    `width ≥ ${width} in ${eachLayer(widths, width)}: born dead ${bornDeadChange(before, after)}`;
  return [{ code: 'born-dead', change, text }];
}

/** The first layers, as many as S ≤ 1 allows. */
function fewerLayers(widths: readonly number[]): readonly Candidate[] {
  const depth = widths.length - 1;
  let kept = 0;
  while (kept < depth && isComfortable(widths.slice(0, kept + 2))) kept += 1;
  if (kept === 0 || kept === depth) return [];
  const change = { widths: widths.slice(0, kept + 1) };
  const text: Candidate['text'] = (after) =>
    `use ${kept} hidden ${kept === 1 ? 'layer' : 'layers'} instead of ${depth}: S = ${numberWord(after.numbers.sumReciprocalWidths ?? 0)}`;
  return [{ code: 'fm2-length-variance', change, text }];
}

function isComfortable(widths: readonly number[]): boolean {
  return sumReciprocalWidths(widths) <= comfortableReciprocalWidths + reciprocalSlack;
}

function raised(widths: readonly number[], least: number): readonly number[] {
  return widths.map((width, index) => (index === 0 ? width : Math.max(width, least)));
}

function eachLayer(widths: readonly number[], least: number): string {
  const depth = widths.length - 1;
  const narrow = widths.slice(1).filter((width) => width < least).length;
  if (depth === 1) return 'the hidden layer';
  return narrow === depth ? `each of the ${depth} layers` : `each of the ${narrow} layers that are narrower`;
}

/** `.84 → .24` */
export function bornDeadChange(before: Judgment, after: Judgment): string {
  return `${probabilityWord(before.numbers.bornDeadProbability)} → ${probabilityWord(after.numbers.bornDeadProbability)}`;
}
