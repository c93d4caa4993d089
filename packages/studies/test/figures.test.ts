import { describe, expect, it } from 'vitest';
import { figure1a, figure1b, figures } from '../src/catalog/figure-1/figures.js';
import type { Figure1Summary, LengthCell } from '../src/catalog/figure-1/summary.js';
import { svgText } from '../src/report/svg-text.js';
import type { Figure } from '../src/study.js';
import { emptyDocument, tagCounts } from './figures-document.js';
import { factors, fixtureSummary, lengthCell, trainingCell } from './figures-fixture.js';

const draw = (figure: Figure) => svgText(figure, emptyDocument());
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map((match) => (match[1] ?? '').replace(/<[^>]*>/g, ''));

/** Pixel places of the simulated points of one curve: marks of Plot's dot with its class, the label's symbol left out. */
function points(svg: string, initializer: string): readonly (readonly [number, number])[] {
  const groups = [
    ...svg.matchAll(
      /<g aria-label="dot" class="([^"]*)"[^>]*?(?: transform="translate\(([-\d.]+),[-\d.]+\)")?>(.*?)<\/g>/g,
    ),
  ];
  return groups
    .filter((group) => (group[1] ?? '').split(' ').includes(`curve-${initializer}`))
    .flatMap((group) => {
      const dx = Number(group[2] ?? 0);
      const body = group[3] ?? '';
      const circles = [...body.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)"/g)];
      const paths = [...body.matchAll(/<path d="[^"]*" transform="translate\(([-\d.]+),([-\d.]+)\)"/g)];
      return [...circles, ...paths].map((hit) => [Number(hit[1]) + dx, Number(hit[2])] as const);
    })
    .filter(([x]) => x < 512);
}

/** Pixel height of a tick label's text. */
function tickHeight(svg: string, label: string): number {
  const hit = new RegExp(`text-anchor="end" x="60" y="([\\d.]+)"><tspan>${label}</tspan>`).exec(svg);
  if (!hit) throw new Error(`no tick ${label}`);
  return Number(hit[1]) - 4;
}

function withLengths(lengths: readonly LengthCell[]): Figure1Summary {
  return { ...fixtureSummary({ trainingDepths: [] }), lengths };
}

describe('both figures as files', () => {
  const summary = fixtureSummary();

  it('have the same bytes on another document and after other drawings', () => {
    for (const figure of figures(summary)) {
      const first = draw(figure);
      const document = emptyDocument();
      for (const other of figures(fixtureSummary({ lengthDepths: [3, 4] }))) svgText(other, document);
      expect(svgText(figure, document)).toBe(first);
    }
  });

  it('are well-formed, standalone and styled for light and dark', () => {
    for (const figure of figures(summary)) {
      const svg = draw(figure);
      const style = /<style>(.*?)<\/style>/s.exec(svg)?.[1] ?? '';
      expect(tagCounts(svg).get('svg')).toBe(1);
      expect(svg.startsWith('<svg ')).toBe(true);
      expect(svg.match(/xmlns="http:\/\/www.w3.org\/2000\/svg"/g)).toHaveLength(1);
      expect(svg).toContain('width="720"');
      expect(svg).toContain('height="460"');
      expect(style).toContain('prefers-color-scheme:dark');
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
        /https?:|href|url\(|@import|<script|\sid=/,
      );
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
      // Every rule is scoped to the figure's own class: two figures on one page must not style one another.
      for (const line of style.split('\n')) {
        for (const selector of (/^[^@}{]+(?={)/.exec(line)?.[0] ?? '').split(',').filter(Boolean)) {
          expect(selector).toMatch(new RegExp(`^\\.kindling-${figure.name}( |$)`));
        }
      }
    }
  });

  it('are there only for parts that were run', () => {
    expect(figures(summary).map((figure) => figure.name)).toEqual(['figure-1a', 'figure-1b']);
    expect(figures(fixtureSummary({ lengthDepths: [] })).map((figure) => figure.name)).toEqual(['figure-1b']);
    expect(figures(fixtureSummary({ trainingDepths: [] })).map((figure) => figure.name)).toEqual([
      'figure-1a',
    ]);
    const nothing = fixtureSummary({ lengthDepths: [], trainingDepths: [] });
    expect(figures(nothing)).toEqual([]);
    expect(texts(draw(figure1a(nothing)))).toContain('no nets measured');
    expect(texts(draw(figure1b(nothing)))).toContain('no nets trained');
  });
});

describe('figure 1a', () => {
  it('draws one point for every cell and names every curve', () => {
    const svg = draw(figure1a(fixtureSummary()));
    for (const initializer of Object.keys(factors)) expect(points(svg, initializer)).toHaveLength(5);
    for (const name of ['2× He normal', 'He uniform', 'Glorot uniform', 'LeCun normal']) {
      expect(texts(svg)).toContain(name);
    }
  });

  it('puts a length where the axis says it is', () => {
    const cell = (length: number, depth: number) => ({
      ...lengthCell('he-normal', depth, 1000, 0),
      meanLength: length,
    });
    const svg = draw(figure1a(withLengths([cell(1e-4, 10), cell(1, 20), cell(1e4, 30)])));
    const heights = points(svg, 'he-normal').map(([, y]) => y);
    const expected = ['10⁻⁴', '1', '10⁴'].map((label) => tickHeight(svg, label));
    for (const [i, height] of heights.entries()) expect(height).toBeCloseTo(expected[i] ?? Number.NaN, 1);
    expect(heights).toHaveLength(3);
  });

  it('sets points of curves that coincide side by side, and leaves a lone curve at its depth', () => {
    const svg = draw(figure1a(fixtureSummary({ lengthDepths: [10, 50] })));
    const twins = ['glorot-normal', 'glorot-uniform', 'lecun-normal', 'lecun-uniform'];
    const places = twins.map((name) => points(svg, name)[0]?.[0] ?? Number.NaN);
    for (let i = 1; i < 4; i += 1) expect((places[i] ?? 0) - (places[i - 1] ?? 0)).toBeGreaterThan(4);
    const alone = points(svg, 'he-normal-2x')[0]?.[0] ?? Number.NaN;
    expect(places.reduce((sum, place) => sum + place, 0) / 4).toBeCloseTo(alone, 1);
  });

  it.each([
    [[10], 9],
    [[5, 10, 20, 30, 50], 9],
    [[10, 100], 9],
    [[50, 400], 9],
  ])('labels few decades at depths %j', (lengthDepths, most) => {
    const svg = draw(figure1a(fixtureSummary({ lengthDepths, trainingDepths: [] })));
    const labels = texts(svg).filter((text) => /^(1|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.test(text));
    expect(labels).toContain('1');
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(labels.length).toBeLessThanOrEqual(most);
  });

  it('counts dead nets at every depth', () => {
    const lengths = [10, 20, 40].map((depth, i) => ({
      ...lengthCell('he-normal', depth, 1000, 0),
      deadTrials: [41, 7, 0][i] ?? 0,
    }));
    const shown = texts(draw(figure1a(withLengths(lengths))));
    expect(shown).toContain('dead nets');
    expect(shown).toContain('41');
    expect(shown).toContain('7');
    expect(figure1a(withLengths(lengths)).caption).toContain('48 dead nets');
    const crowd = Array.from({ length: 60 }, (_, i) => ({
      ...lengthCell('he-normal', i + 1, 1000, 0),
      deadTrials: i < 3 ? 1000 : 0,
    }));
    expect(texts(draw(figure1a(withLengths(crowd))))).toContain('3,000 of 60,000, all at depth 3 or less');
    const alive = lengths.map((cell) => ({ ...cell, deadTrials: 0 }));
    expect(texts(draw(figure1a(withLengths(alive))))).not.toContain('dead nets');
  });

  it('says how many points a logarithmic axis cannot show', () => {
    const cell = lengthCell('he-normal', 10, 100, 0);
    const strange = [
      { ...cell, meanLength: 0 },
      {
        ...cell,
        depth: 20,
        meanLength: 'Infinity' as unknown as number,
        predictedStandardError: 'NaN' as unknown as number,
      },
      { ...cell, depth: 30, predictedStandardError: Number.POSITIVE_INFINITY },
    ];
    const svg = draw(figure1a(withLengths(strange)));
    expect(texts(svg)).toContain('not drawn: 1 point at exactly 0, 1 point not a finite number');
    expect(points(svg, 'he-normal')).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('draws a bar without an end dotted to the floor, and a closed one whole', () => {
    const cell = { ...lengthCell('he-normal', 10, 100, 0), predictedStandardError: 2 };
    const closed = { ...cell, predictedStandardError: 0.5 };
    const rules = (svg: string) => [...svg.matchAll(/<g aria-label="rule"[^>]*>/g)].map((match) => match[0]);
    expect(rules(draw(figure1a(withLengths([cell])))).some((rule) => rule.includes('stroke-dasharray'))).toBe(
      true,
    );
    expect(
      rules(draw(figure1a(withLengths([closed])))).some((rule) => rule.includes('stroke-dasharray')),
    ).toBe(false);
  });

  it('survives names and depths it has never seen', () => {
    const lengths = [lengthCell('<b>&"\'', 7, 10, 0), lengthCell('constructor', 7, 10, 0)];
    const svg = draw(figure1a(withLengths(lengths)));
    expect(tagCounts(svg).has('b')).toBe(false);
    expect(svg).toContain('&lt;b&gt;&amp;');
  });
});

describe('figure 1b', () => {
  it('has every run on the sheet: dots by area, failures by number', () => {
    const summary = fixtureSummary({ trainingDepths: [10, 30] });
    const svg = draw(figure1b(summary));
    const radii = [
      ...svg.matchAll(/<g aria-label="dot" class="curve-[^"]*"[^>]*fill-opacity[^>]*>(.*?)<\/g>/g),
    ].flatMap((group) => [...(group[1] ?? '').matchAll(/ r="([\d.]+)"/g)].map((hit) => Number(hit[1])));
    const drawn = radii.reduce((sum, radius) => sum + Math.round((radius / 1.9) ** 2), 0);
    const counts = [...svg.matchAll(/class="quiet count"[^>]*><tspan>(\d+)/g)].map((hit) => Number(hit[1]));
    const sum = (pick: (cell: (typeof summary.training)[number]) => number) =>
      summary.training.reduce((total, cell) => total + pick(cell), 0);
    const failed = sum((cell) => cell.censored + cell.diverged + cell.neverMoves);
    expect(failed).toBeGreaterThan(0);
    expect(drawn).toBe(sum((cell) => cell.reached));
    expect(counts.reduce((total, count) => total + count, 0)).toBe(failed);
  });

  it('counts every failure however crowded the depths are', () => {
    for (const step of [1, 3, 8]) {
      const trainingDepths = Array.from({ length: 30 }, (_, i) => 4 + step * i);
      const summary = fixtureSummary({ trainingDepths, runs: 12 });
      const svg = draw(figure1b(summary));
      const counts = [...svg.matchAll(/class="quiet count"[^>]*><tspan>([\d,]+)/g)];
      const shown = counts.reduce((total, hit) => total + Number((hit[1] ?? '').replaceAll(',', '')), 0);
      expect(shown).toBe(summary.training.reduce((total, cell) => total + cell.runs - cell.reached, 0));
    }
  });

  it('puts epochs where the axis says, the cap and zero included', () => {
    const training = [
      trainingCell('he-normal', 10, [100], ['reached']),
      trainingCell('he-normal', 20, [10], ['reached']),
      trainingCell('he-normal', 30, [0], ['reached']),
    ];
    const svg = draw(figure1b({ ...fixtureSummary(), training }));
    const heights = [...new Set(points(svg, 'he-normal').map(([, y]) => y))].sort((a, b) => a - b);
    const expected = ['100', '10', '0'].map((label) => tickHeight(svg, label));
    expect(heights).toHaveLength(3);
    for (const [i, height] of heights.entries()) expect(height).toBeCloseTo(expected[i] ?? Number.NaN, 1);
  });

  it('has a band only for what happened, and names it', () => {
    const cell = (outcome: 'censored' | 'diverged' | 'never-moves') =>
      trainingCell('he-normal', 10, [null, null], [outcome, outcome]);
    const shown = (training: Figure1Summary['training']) =>
      texts(draw(figure1b({ ...fixtureSummary({ maxEpochs: 40 }), training })));
    expect(shown([cell('diverged')])).toContain('diverged');
    expect(shown([cell('diverged')])).not.toContain('not within');
    expect(shown([cell('censored')])).toEqual(expect.arrayContaining(['not within', '40 epochs']));
    expect(shown([cell('never-moves')])).toContain('can never');
    expect(shown([trainingCell('he-normal', 10, [3], ['reached'])])).not.toContain('diverged');
  });

  it('says in the caption how many runs there were and how they ended', () => {
    const training = [
      trainingCell('he-normal', 10, [3, 4, null], ['reached', 'reached', 'censored']),
      trainingCell('he-normal-2x', 10, [null, null, null], ['diverged', 'diverged', 'never-moves']),
    ];
    const { caption } = figure1b({ ...fixtureSummary(), training });
    expect(caption).toContain('3 runs a point');
    expect(caption).toContain('learning rate 0.01, batches of 1,024, at most 100 epochs');
    expect(caption).toContain(
      'Of 6 runs, 2 reached the target; 1 had not when the epochs ran out, 2 diverged and 1',
    );
  });
});
