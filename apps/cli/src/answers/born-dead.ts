/** How often nets are born dead, for the terminal and as JSON. */
import { type BornDeadBounds, predictBornDead } from '@kindling/diagnostics';
import { hasZeroBiases, type NamedInitializer, needsData } from '@kindling/initializers';
import { countOf, countText, type JsonValue, numberText } from '@kindling/studies/text';
import { networkText } from '../options/network-choice.js';
import { type Fact, factsText, headlineText, remarksText } from '../output/facts-text.js';
import type { Output } from '../output/output.js';
import { probabilityText } from '../output/probability-text.js';
import { proseColumns } from '../output/wrap-text.js';
import { boundsJson } from './prediction.js';

/** What was asked, what theory says, and what was measured. */
export interface BornDeadAnswer {
  readonly inputDimension: number;
  /** Width of every hidden layer. */
  readonly hidden: readonly number[];
  readonly named: NamedInitializer;
  readonly radius: number;
  readonly bounds: BornDeadBounds;
  /** Null when nothing was measured. */
  readonly measured: {
    readonly probability: number;
    readonly standardError: number;
    readonly trials: number;
    readonly dead: number;
  } | null;
}

/** The answer of `kindling born-dead --json`. */
export function bornDeadJson({ bounds, measured }: BornDeadAnswer): JsonValue {
  if (measured === null) return { ...boundsJson(bounds), measured: null };
  const { probability, standardError } = measured;
  return { ...boundsJson(bounds), measured: { probability, standardError } };
}

/** The answer for the terminal, ending in a newline. */
export function bornDeadText(answer: BornDeadAnswer, { colors, columns }: Output): string {
  const room = proseColumns(columns());
  const bars = barsText(answer, columns() ?? room, colors);
  const remarks = remarksOf(answer);
  return [
    headlineText(headlineOf(answer), room, colors),
    factsText(factsOf(answer), room, colors),
    bars === '' ? '' : `\n${colors.bold('Probability of being born dead')}\n${bars}`,
    remarks.length === 0 ? '' : `\n${remarksText(remarks, room)}`,
  ].join('');
}

function headlineOf({ named, bounds, measured }: BornDeadAnswer): string {
  if (measured !== null) {
    const { probability, dead, trials } = measured;
    if (dead === 0) {
      return `${named.title}: none of ${countOf(trials, 'net')} was born dead.`;
    }
    return `${named.title}: ${probabilityText(probability)} of nets are born dead; no training can wake them.`;
  }
  if (bounds.lower === undefined && bounds.upper === 1)
    return `${named.title}: theory has no bound; measure it with --trials.`;
  const upper = probabilityText(bounds.upper);
  return bounds.lower === undefined
    ? `${named.title}: at most ${upper} of nets are born dead.`
    : `${named.title}: ${probabilityText(bounds.lower)} to ${upper} of nets are born dead.`;
}

function factsOf({
  inputDimension,
  hidden,
  named,
  radius,
  bounds,
  measured,
}: BornDeadAnswer): readonly Fact[] {
  const scaleFree = hasZeroBiases(named.initializer);
  return [
    ['net', networkText([inputDimension, ...hidden])],
    ['initializer', named.name],
    [
      'domain',
      scaleFree
        ? 'all inputs: with zero biases their size does not matter'
        : `inputs within radius ${numberText(radius, 5)}`,
    ],
    ...(bounds.lower === undefined ? [] : [['at least', numberText(bounds.lower, 5)] as const]),
    ...(measured === null
      ? []
      : [
          [
            'measured',
            `${numberText(measured.probability, 5)} ± ${numberText(measured.standardError, 2)} (${countText(measured.dead)} of ` +
              `${countOf(measured.trials, 'net')})`,
          ] as const,
        ]),
    ['at most', hasBound(bounds) ? numberText(bounds.upper, 5) : 'no bound'],
  ];
}

/** An upper bound of 1 alone says nothing. */
function hasBound({ lower, upper }: BornDeadBounds): boolean {
  return lower !== undefined || upper < 1;
}

const mostBar = 60;

/** The bounds and the measurement on one scale from 0 to 1. */
function barsText({ bounds, measured }: BornDeadAnswer, columns: number, colors: Output['colors']): string {
  const rows: readonly (readonly [label: string, value: number, paint: (text: string) => string])[] = [
    ...(bounds.lower === undefined ? [] : [['at least', bounds.lower, colors.cyan] as const]),
    ...(measured === null ? [] : [['measured', measured.probability, colors.yellow] as const]),
    ...(hasBound(bounds) ? [['at most', bounds.upper, colors.cyan] as const] : []),
  ];
  const room = Math.max(10, Math.min(mostBar, columns - 24));
  return rows
    .map(([label, value, paint]) => {
      const full = Math.round(value * room);
      const bar = paint('█'.repeat(full)) + colors.dim('░'.repeat(room - full));
      return `  ${label.padEnd(8)}  ${bar}  ${probabilityText(value)}\n`;
    })
    .join('');
}

function remarksOf({ named, bounds, inputDimension, hidden }: BornDeadAnswer): readonly string[] {
  if (hasBound(bounds)) return [];
  const symmetric = predictBornDead({ inputDimension, hidden, zeroBiases: true });
  const least = symmetric.lower === undefined ? '' : `at least ${probabilityText(symmetric.lower)}, `;
  return [
    `Theory bounds independent symmetric weights only, not ${named.name}. He weights with zero biases: ${least}at most ` +
      `${probabilityText(symmetric.upper)}.`,
    ...(needsData(named.initializer) ? ['The data it looks at are points that stand for the domain.'] : []),
  ];
}
