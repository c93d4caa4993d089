/** From what is known of the configurations to what the drawing shows. */
import { type ExploreQuestion, type ExploreTheory, exploreConfigurationText } from '@kindling/studies';
import type { LayerValues, LengthCurves, TheoryCurve } from '../../charts/lengths-drawing.js';
import { depthOf } from '../../controls/reshape.js';
import type { Before } from '../../explore-state.js';
import type { Findings } from '../../jobs/findings.js';
import { decadesOf } from '../../jobs/nets-curve.js';
import { seriesLetters } from '../../series.js';

/** What is drawn from. */
export interface LengthCurvesOptions {
  readonly question: ExploreQuestion;
  readonly selected: number;
  readonly findings: readonly Findings[];
  readonly before: Before | null;
}

/** One a configuration, the selected one last so that it lies on top. */
export function lengthCurves(options: LengthCurvesOptions): readonly LengthCurves[] {
  const { question, selected, findings, before } = options;
  const curves = question.configurations.map((configuration, index): LengthCurves => {
    const { theory, lengths } = findings[index] ?? { theory: null, lengths: null };
    const letter = seriesLetters[index] ?? 'a';
    const earlier = before !== null && before.index === index ? before.known.theory : null;
    return {
      label: `${letter.toUpperCase()}: ${shortText(exploreConfigurationText(configuration))}`,
      series: letter,
      depth: curveDepth(theory, lengths) ?? depthOf(configuration.network),
      selected: index === selected,
      theory: theory === null || theory.layers.length === 0 ? null : theoryCurve(theory),
      nets: lengths?.curve ?? null,
      before: earlier === null ? null : earlierCurve(earlier),
    };
  });
  return curves.sort((a, b) => Number(a.selected) - Number(b.selected));
}

/** What it was before a fix: a typical net, because a mean that a few nets carry shows no failure. */
function earlierCurve(theory: ExploreTheory): LengthCurves['before'] {
  const { typical, mean } = theoryCurve(theory);
  return { depth: theory.layers.length, values: typical.includes(null) ? mean : typical };
}

/** Layers that are drawn: a residual net has one before its modules. */
function curveDepth(theory: ExploreTheory | null, lengths: Findings['lengths']): number | null {
  return theory?.layers.length || lengths?.curve?.mean.length || null;
}

/** Of a normal law, how many standard deviations nine tenths reach either way. */
const nineTenths = 1.6449;

function theoryCurve({ layers }: ExploreTheory): TheoryCurve {
  const typical = decadesOf(layers.map((layer) => layer.typical));
  const deviation = decadesOf(layers.map((layer) => layer.deviation));
  const beside = (side: -1 | 1): LayerValues =>
    typical.map((value, i) => {
      const reach = deviation[i] ?? null;
      return value === null || reach === null ? null : value + side * nineTenths * reach;
    });
  return {
    mean: decadesOf(layers.map(({ logMean, logEstimate }) => logMean ?? logEstimate)),
    exact: layers.every(({ logMean }) => logMean !== null),
    typical,
    low: beside(-1),
    high: beside(1),
  };
}

/** A configuration with thousands of widths is not for a legend. */
function shortText(text: string): string {
  return text.length > 60 ? `${text.slice(0, 58)}…` : text;
}
