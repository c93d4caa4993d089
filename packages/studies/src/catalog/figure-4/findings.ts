/** What a figure-4 summary says, in sentences, the most important first. */
import { curveTitle } from '../../lengths/curve-style.js';
import { curveGroups, deepestOf, depthsOf, fateOf, initializersOf } from '../../lengths/reading.js';
import { countOf, countText, listText, numberText } from '../../report/number-text.js';
import { readNumber } from '../../report/read-number.js';
import { gainOf } from './nets.js';
import type { Figure4Point, Figure4Summary } from './summarize.js';

/** The findings of a summary. */
export function findings(summary: Figure4Summary): readonly string[] {
  return [
    ...fates(summary),
    ...typical(summary),
    ...agreement(summary),
    ...leak(summary),
    ...deadCounts(summary),
  ];
}

/** What a layer behind the first multiplies the mean length by, as measured; null where it is not. */
export function measuredGain(point: Figure4Point): number | null {
  return point.meanStep === null ? null : gainOf(point, 2) * readNumber(point.meanStep.value);
}

/** Points as the words for lengths take them. */
function lengthsOf(points: readonly Figure4Point[]) {
  return points.map((point) => ({
    ...point,
    meanLength: point.meanLength ?? Number.NaN,
    predictedStandardError: point.meanLengthError ?? Number.NaN,
  }));
}

function fates({ points }: Figure4Summary): readonly string[] {
  const verbs = {
    keeps: 'a layer keeps the mean length',
    vanishes: 'the mean length vanishes exponentially',
    explodes: 'the mean length explodes exponentially',
  } as const;
  const groups = curveGroups(lengthsOf(points));
  const fateOfGroup = (initializer: string) => {
    const point = deepestOf(points, initializer);
    return point === undefined ? 'keeps' : fateOf(gainOf(point, 2));
  };
  const parts = (['keeps', 'vanishes', 'explodes'] as const).flatMap((fate) => {
    const own = groups.filter(({ initializers }) => fateOfGroup(initializers[0] ?? '') === fate);
    if (own.length === 0) return [];
    const texts = own.map(({ initializers }) => {
      const deepest = initializers.flatMap((name) => deepestOf(points, name) ?? []);
      const factor = deepest[0] === undefined ? Number.NaN : gainOf(deepest[0], 2);
      const measured = deepest.flatMap((point) => measuredGain(point) ?? []);
      const beside =
        measured.length === 0
          ? ''
          : `, measured ${listText([...new Set(measured.map((value) => value.toFixed(3)))])}`;
      return `${listText(initializers.map(curveTitle))} (factor ${numberText(factor)}${beside})`;
    });
    return [`${verbs[fate]} with ${texts.join('; ')}`];
  });
  return parts.length === 0
    ? []
    : [
        `By the recursion, ${parts.join('; ')}: convolutions obey the same rule as full connections, fan-in being channels × 9.`,
      ];
}

/** A kept mean hides a collapse of single nets; said of the first initializer that keeps its mean. */
function typical({ points, spec }: Figure4Summary): readonly string[] {
  const keeper = initializersOf(points).find((name) => {
    const point = deepestOf(points, name);
    return point !== undefined && fateOf(gainOf(point, 2)) === 'keeps';
  });
  const point = deepestOf(points, keeper ?? '');
  if (point === undefined || point.typicalLength === null) return [];
  const untold = points.filter(({ deviation }) => deviation === null).length;
  const sum = point.depth / point.channels;
  const share =
    untold === 0
      ? ''
      : `, and at ${countText(untold)} of ${countOf(points.length, 'point')} the mean over ${countOf(point.trials, 'net')} says nothing`;
  return [
    `Few channels are few widths: with one channel for every ${countOf(spec.depthPerChannel, 'layer')}, Σ 1/channels is ${numberText(sum, 2)} at depth ${point.depth}. With ${curveTitle(point.initializer)} a typical ` +
      `living net there has the length ${numberText(readNumber(point.typicalLength), 2)}, though the mean over all nets is ${numberText(readNumber(point.predictedLength), 2)}${share}.`,
  ];
}

function agreement({ points }: Figure4Summary): readonly string[] {
  const plain = points.flatMap((point) =>
    point.deviation === null ? [] : [{ point, size: Math.abs(readNumber(point.deviation)) }],
  );
  const layered = points.flatMap((point) =>
    point.meanStep === null ? [] : [{ point, size: Math.abs(readNumber(point.meanStep.deviation)) }],
  );
  const sentence = (some: typeof plain, what: string) => {
    const known = some.filter(({ size }) => Number.isFinite(size));
    const [first] = known;
    if (first === undefined) return [];
    const worst = known.reduce((most, item) => (item.size > most.size ? item : most), first);
    const near = known.filter(({ size }) => size <= 2).length;
    return [
      `${what}: ${countText(near)} of ${countText(known.length)} within 2 standard errors of theory, the farthest ${worst.size.toFixed(1)} away (${curveTitle(worst.point.initializer)}, depth ${worst.point.depth}).`,
    ];
  };
  return [
    ...sentence(layered, 'Simulation against theory, mean factors a layer'),
    ...sentence(plain, 'Means over nets, errors by the bound'),
  ];
}

/** What goes missing at the border. */
function leak({ points, spec }: Figure4Summary): readonly string[] {
  if (spec.padding !== 'zero') return [];
  const depth = depthsOf(points).at(-1);
  const point = points.find(
    (candidate) => candidate.depth === depth && fateOf(gainOf(candidate, 2)) === 'keeps',
  );
  if (point === undefined) return [];
  return [
    `Zero padding leaks: windows at the border see zeros, so that with ${curveTitle(point.initializer)} the mean falls to ${numberText(readNumber(point.predictedLength))} at depth ${depth}.`,
  ];
}

function deadCounts({ points }: Figure4Summary): readonly string[] {
  const dead = points.reduce((sum, { deadTrials }) => sum + deadTrials, 0);
  const nets = points.reduce((sum, { trials }) => sum + trials, 0);
  if (dead === 0) return [];
  const single = points.filter(({ channels }) => channels === 1);
  const deadSingle = single.reduce((sum, { deadTrials }) => sum + deadTrials, 0);
  const netsSingle = single.reduce((sum, { trials }) => sum + trials, 0);
  const ofSingle =
    netsSingle === 0
      ? ''
      : ` Nets of a single channel: ${countText(deadSingle)} of ${countText(netsSingle)}.`;
  return [
    `${countText(dead)} of ${countOf(nets, 'random net')} were dead, every pixel of the last layer exactly 0.${ofSingle}`,
  ];
}
