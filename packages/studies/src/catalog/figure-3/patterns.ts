/** The five ways of figure 3 to spread widths over depth: four of one Σ 1/n_j, and one of a smaller. */

/** In the order of the paper's legend, i to v. A name is part of cells' ids. */
export const widthPatternNames = [
  'alternating-30-10',
  '30-then-10',
  '10-then-30',
  'constant-15',
  'constant-20',
] as const;

/** One of them. */
export type WidthPatternName = (typeof widthPatternNames)[number];

interface WidthPattern {
  readonly title: string;
  /** Width of hidden layer `layer`, from 0, of `depth`. */
  readonly width: (layer: number, depth: number) => number;
}

const patterns: Readonly<Record<WidthPatternName, WidthPattern>> = {
  'alternating-30-10': {
    title: '30 and 10 in turn',
    width: (layer) => (layer % 2 === 0 ? 30 : 10),
  },
  '30-then-10': {
    title: 'half 30, then half 10',
    width: (layer, depth) => (2 * layer < depth ? 30 : 10),
  },
  '10-then-30': {
    title: 'half 10, then half 30',
    width: (layer, depth) => (2 * layer < depth ? 10 : 30),
  },
  'constant-15': {
    title: '15 throughout',
    width: () => 15,
  },
  'constant-20': {
    title: '20 throughout',
    width: () => 20,
  },
};

/** Widths of the hidden layers. @param depth even, so that halves and turns come out equal */
export function patternWidths(name: WidthPatternName, depth: number): readonly number[] {
  return Array.from({ length: depth }, (_, layer) => patterns[name].width(layer, depth));
}

/** The pattern's name for people; a name that is not known is returned as it is. */
export function patternTitle(name: string): string {
  const known = widthPatternNames.find((candidate) => candidate === name);
  return known === undefined ? name : patterns[known].title;
}
