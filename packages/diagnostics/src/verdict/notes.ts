/** What was taken for granted, and what nobody can know; full sentences. */
import { needsData } from '@kindling/initializers';
import { lengthTheory } from '../theory/length-law.js';
import type { Judgment } from './judge.js';
import type { NetworkFindings } from './network-findings.js';
import { countWord } from './number-words.js';
import type { DenseSetting, Setting } from './setting.js';
import { unbrokenSymmetry } from './symmetry.js';

/** The notes of a diagnosis. */
export function notesOf(judgment: Judgment): readonly string[] {
  const { setting, network } = judgment;
  return [
    ...(setting.kind === 'dense' ? denseNotes(setting, judgment) : []),
    ...(network === null ? [] : networkNotes(network, judgment)),
    'The lines are for plain SGD at rate 0.01 and a first success (20 % accuracy on ten classes); another optimizer or rate moves them.',
  ];
}

function inputsWord({ data }: Setting): string {
  return data === null ? 'random inputs of mean square 1' : 'the first rows of the data';
}

/** The first reason why there is no formula. */
function whyNot(...theories: readonly (true | string)[]): string {
  return theories.find((theory) => typeof theory === 'string') ?? '';
}

function denseNotes(setting: DenseSetting, { findings, trials }: Judgment): readonly string[] {
  const { initializer, widths, data } = setting;
  const notes: string[] = [];
  const inputs = inputsWord(setting);
  if (needsData(initializer) && data === null) {
    notes.push(
      `What "${initializer.kind}" draws depends on the data, and none were given: it was measured on random inputs of mean square 1, and may do otherwise on yours.`,
    );
  }
  if (findings.signal?.source === 'simulation') {
    const { mean, secondMoment, logLength } = lengthTheory(initializer, widths);
    const reason = needsData(initializer) ? '' : whyNot(mean, secondMoment, logLength);
    notes.push(
      `There is no formula for this initializer${reason === '' ? '' : ` (${reason})`}: ${countWord(trials)} random nets were measured on ${inputs} instead.`,
    );
  } else if (trials > 0) {
    notes.push(
      `Bounds leave open how often such a net is born dead: ${countWord(trials)} random nets were measured on ${inputs}.`,
    );
  }
  return notes;
}

function networkNotes(
  { structure }: NetworkFindings,
  { setting, findings, trials }: Judgment,
): readonly string[] {
  const { blocks, normalizes, residual, bottlenecks, unboundedBottlenecks, gradientsAreLengths } = structure;
  const silent = blocks.filter((block) => block.silent).length;
  const stuck = blocks.filter((block) => block.stuck).length;
  const notes: string[] = [];
  if (trials > 0) {
    notes.push(
      `How far lengths scatter has no formula here: ${countWord(trials)} random nets were measured on ${inputsWord(setting)}.`,
    );
  }
  if (residual) {
    notes.push(
      'A residual net has no second failure mode once the first is avoided: where the mean length stays bounded, so does its variance across layers (Hanin & Rolnick, 2018, Theorem 4).',
    );
  }
  if (blocks.length > 0 && bottlenecks.length === 0 && unboundedBottlenecks === 0) {
    notes.push('Its shortcuts keep it alive: what is zero in a branch is zero in that branch only.');
  }
  if (findings.symmetry === null && equalUnitsIn(setting) && blocks.length > silent) {
    notes.push(
      'All weights are equal, so that every unit of a branch does the same and learns the same: a branch is worth one unit. Shortcuts carry the input past it, and what reads them learns.',
    );
  }
  if (!gradientsAreLengths && !normalizes) {
    notes.push(
      'What becomes of gradients is not judged by the length here: it holds for weights that read fresh sums, not behind a pool, an activation of a sum or a block that ends in one, which stretches the direction of its input more than all others.',
    );
  }
  if (silent > 0) notes.push(silentNote(blocks.length, silent, stuck));
  if (normalizes) {
    notes.push(
      'Batch normalization restores the length wherever it stands, whatever the weights: failure mode 1 of the lengths does not pass it. What it does to gradients is not judged: in plain nets they grow from layer to layer towards the input.',
    );
  }
  return notes;
}

function equalUnitsIn({ initializer }: Setting): boolean {
  return unbrokenSymmetry(initializer)?.equalUnits ?? false;
}

/** Of blocks whose branches add nothing at first. */
function silentNote(blocks: number, silent: number, stuck: number): string {
  const one = silent === 1;
  const which =
    blocks === 1
      ? 'The only branch starts'
      : one
        ? `One of the ${countWord(blocks)} branches starts`
        : `${silent === blocks ? `All ${countWord(blocks)}` : `${countWord(silent)} of the ${countWord(blocks)}`} branches start`;
  const wakes = one ? 'it begins to learn' : 'they begin to learn';
  const sleepers = stuck === silent ? (one ? 'it' : 'they') : `${countWord(stuck)} of them`;
  const future =
    stuck === 0
      ? `${wakes} when what is zero has made its first step`
      : `${sleepers} ${stuck === 1 ? 'stays' : 'stay'} zero, because no gradient reaches what would wake ${stuck === 1 ? 'it' : 'them'}`;
  return `${which} at zero, so that a block starts as its shortcut; ${future}.`;
}
