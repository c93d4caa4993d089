/** From what is known of the configurations to what the drawing shows. */
import type { ExploreQuestion } from '@kindling/studies';
import { exploreConfigurationText } from '@kindling/studies';
import type { LayerValues, LengthCurves, TheoryCurve } from '../../charts/lengths-drawing.js';
import { depthOf } from '../../controls/reshape.js';
import type { Before } from '../../explore-state.js';
import type { Findings } from '../../jobs/findings.js';
import { decadesOf } from '../../jobs/nets-curve.js';
import type { Theory } from '../../jobs/theory.js';
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
      depth: theory?.layers.length ?? depthOf(configuration.network),
      selected: index === selected,
      theory: theory === null ? null : theoryCurve(theory),
      nets: lengths?.curve ?? null,
      before: earlier === null ? null : { depth: earlier.layers.length, mean: theoryCurve(earlier).mean },
    };
  });
  return curves.sort((a, b) => Number(a.selected) - Number(b.selected));
}

function theoryCurve({ layers, exact }: Theory): TheoryCurve {
  const values = (name: keyof Theory['layers'][number]): LayerValues =>
    decadesOf(layers.map((layer) => layer[name]));
  return {
    mean: values('logMean'),
    exact,
    typical: values('logTypical'),
    low: values('logLow'),
    high: values('logHigh'),
  };
}

/** A configuration with thousands of widths is not for a legend. */
function shortText(text: string): string {
  return text.length > 60 ? `${text.slice(0, 58)}…` : text;
}
