/** Residual scales in short: `0.75^l`, `0.9`, `1/L`, `1/sqrt(L)`, `1,0.5*3`, `fixup`, `rezero`, `skipinit`. */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { mostModules, type ResidualScaleRule } from './residual-scales.js';
import { parseRepeats, repeatsText, shortened } from './shorthand-parts.js';

/** How the branches of a residual net are scaled when training starts. Plain JSON. */
export interface ResidualScaling {
  readonly rule: ResidualScaleRule;
  /** Whether the scales are parameters that only start there. */
  readonly learned: boolean;
  /**
   * The method by its name. `fixup` (Zhang, Dauphin & Ma, 2019): learned scales that start at 1; its other half is the
   * initializer `fixup`. `rezero` (Bachlechner et al., 2021) and `skipinit` (De & Smith, 2020): learned scales that start at 0.
   */
  readonly method?: 'fixup' | 'rezero' | 'skipinit';
}

const methods: Readonly<Record<string, ResidualScaling>> = {
  fixup: { rule: { rule: 'constant', value: 1 }, learned: true, method: 'fixup' },
  rezero: { rule: { rule: 'constant', value: 0 }, learned: true, method: 'rezero' },
  skipinit: { rule: { rule: 'constant', value: 0 }, learned: true, method: 'skipinit' },
};

const forms = '0.75^l, 0.9, 1/L, 1/sqrt(L), a list such as 1,0.5*3, fixup, rezero or skipinit';

/**
 * Reads the shorthand of a scale rule; case and blanks do not count.
 *
 *     0.75^l       η_l = 0.75^l          1/L         η_l = 1/L
 *     0.9          η_l = 0.9             1/sqrt(L)   η_l = 1/√L, also 1/√L
 *     1,0.5*3      η = 1, 0.5, 0.5, 0.5  fixup       1 at the start, learned; for its initializer
 *     rezero       0 at the start, learned; also skipinit
 *
 * @throws InvalidArgumentError for anything else, or a number that is negative or not finite
 */
export function parseScaleRule(text: string): ResidualScaling {
  const short = text.replaceAll(/\s+/g, '').toLowerCase();
  const method = Object.hasOwn(methods, short) ? methods[short] : undefined;
  if (method !== undefined) return method;
  const fixed = (rule: ResidualScaleRule): ResidualScaling => ({ rule, learned: false });
  if (short === '1/l') return fixed({ rule: 'inverse-modules' });
  if (/^1\/(sqrt\(l\)|√l|√\(l\))$/.test(short)) return fixed({ rule: 'inverse-root-modules' });
  if (short.endsWith('^l')) return fixed({ rule: 'power', base: parseScale(text, short.slice(0, -2)) });
  if (!/[,*×]/.test(short)) return fixed({ rule: 'constant', value: parseScale(text, short) });
  const part = { caller: 'parseScaleRule', name: 'the scales' };
  const values = parseRepeats(part, short, mostModules, 'scales between commas, such as 1,0.5*3').flatMap(
    ({ item, times }) => new Array<number>(times).fill(parseScale(text, item)),
  );
  return fixed({ rule: 'list', values });
}

function parseScale(text: string, item: string): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(item) ? Number(item) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const typed = shortened(text);
  if (/^-/.test(item) || item === 'infinity' || /^\d/.test(item)) {
    throw new InvalidArgumentError(
      `parseScaleRule: "${typed}" has the scale "${shortened(item)}"; expected a finite number ≥ 0`,
    );
  }
  throw new InvalidArgumentError(`parseScaleRule: "${typed}" is no rule of scales; expected ${forms}`);
}

/** The shorthand of a scaling, which `parseScaleRule` reads back. */
export function scaleRuleText({ rule, method }: ResidualScaling): string {
  if (method !== undefined) return method;
  switch (rule.rule) {
    case 'constant':
      return String(rule.value);
    case 'power':
      return `${rule.base}^l`;
    case 'inverse-modules':
      return '1/L';
    case 'inverse-root-modules':
      return '1/sqrt(L)';
    case 'list':
      return listText(rule.values.map(String));
  }
}

/** A list of one scale looks like a constant, unless it says that it is there once. */
function listText(items: readonly string[]): string {
  return items.length === 1 ? `${items[0] ?? ''}*1` : repeatsText(items);
}
