/** Lengths in words: the two failure modes as numbers, the reading of a layer, the drawing for who cannot see it. */
import { numberText, powerOfTenText } from '@kindling/studies';
import type { LayerValues, LengthCurves } from '../../charts/lengths-drawing.js';
import type { Findings } from '../../jobs/findings.js';

/** A number beside the drawing. */
export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** A length relative to the input's, given as its logarithm to base 10. */
export function lengthText(exponent: number | null | undefined): string {
  if (exponent === null || exponent === undefined) return '–';
  if (Number.isNaN(exponent)) return 'NaN';
  if (exponent === Number.NEGATIVE_INFINITY) return '0';
  // Five digits in a row are read worse than a power of ten.
  const long = exponent >= 4 && exponent < 5;
  if (Math.abs(exponent) < 290 && !long) return numberText(10 ** exponent, 3);
  if (!Number.isFinite(exponent)) return '∞';
  const whole = Math.floor(exponent);
  return `${numberText(10 ** (exponent - whole), 3)} × ${powerOfTenText(whole)}`;
}

/**
 * The two failure modes and the sums that decide them.
 *
 * @param linear whether residual modules end in a linear layer
 */
export function lengthTiles(
  curve: LengthCurves,
  findings: Findings | null,
  linear: boolean,
): readonly Tile[] {
  const { theory, nets, depth } = curve;
  const mean = theory?.mean.at(-1) ?? nets?.mean.at(-1) ?? null;
  const [low, high] = [last(nets?.low ?? theory?.low), last(nets?.high ?? theory?.high)];
  const { sumReciprocalWidths = null } = findings?.theory ?? {};
  const sumScales = decisiveSum(findings);
  const tiles: Tile[] = [];
  if (mean !== null) {
    tiles.push({
      name: 'FM1: mean length, per layer',
      value: `× ${lengthText(mean / depth)}`,
      note: `${Math.abs(mean) < 0.002 ? 'unchanged' : lengthText(mean)} over ${depth}`,
    });
  }
  if (low !== null && high !== null && Number.isFinite(high)) {
    const dead = low === Number.NEGATIVE_INFINITY;
    tiles.push({
      name: 'FM2: spread of single nets',
      value: dead ? 'down to dead' : `× ${lengthText(high - low)}`,
      note: 'between nine of ten',
    });
  }
  if (sumReciprocalWidths !== null) {
    tiles.push({
      name: 'S = Σ 1/width',
      value: numberText(sumReciprocalWidths),
      note: 'nets scatter like exp(±√(5 S))',
    });
  }
  if (sumScales !== null) {
    tiles.push({
      name: linear ? 'Σ η²' : 'Σ η',
      value: numberText(sumScales),
      note: 'the mean grows exponentially in it',
    });
  }
  return tiles;
}

/** Σ η or Σ η². The verdict's leaves out what adds nothing before the first step; until it is there, that of theory. */
function decisiveSum(findings: Findings | null): number | null {
  if (findings?.verdict?.state !== 'judged') return findings?.theory?.sumScales ?? null;
  const { sumScales } = findings.verdict.verdict.numbers;
  return sumScales === null ? null : Number(sumScales);
}

/** All that is known of one layer, 0 being the input. */
export function lengthReading({ theory, nets }: LengthCurves, layer: number): string {
  if (layer === 0) return 'Input: length 1, by definition.';
  const at = (values: LayerValues | undefined) => lengthText(values?.[layer - 1]);
  const parts = [
    ...(theory === null ? [] : [`theory: mean ${at(theory.mean)}, typical ${at(theory.typical)}`]),
    ...(nets === null
      ? []
      : [
          `${nets.nets} nets: mean ${at(nets.mean)}, median ${at(nets.median)}, nine of ten from ${at(nets.low)} to ${at(nets.high)}`,
        ]),
  ];
  return `Layer ${layer} · ${parts.join(' · ')}.`;
}

/** The drawing in a sentence or two. */
export function describeLengths(curve: LengthCurves): string {
  const { label, depth, theory, nets } = curve;
  const parts = [
    `Length of the signal by layer on a logarithmic axis, ${label}, ${depth} layers.`,
    ...(theory === null
      ? []
      : [
          `By theory the mean length at the last layer is ${lengthText(theory.mean.at(-1))} times the input’s.`,
        ]),
    ...(nets === null
      ? []
      : [
          `Of ${nets.nets} random nets the median is ${lengthText(nets.median.at(-1))}, nine of ten lie from ${lengthText(nets.low.at(-1))} to ${lengthText(nets.high.at(-1))}, and ${nets.dead} are dead.`,
        ]),
  ];
  return parts.join(' ');
}

function last(values: LayerValues | undefined): number | null {
  return values?.at(-1) ?? null;
}
