/** What a prediction for a net of any architecture comes to, in a few sentences without a formula. */
import { convolutionalSizesOf } from '@kindling/core';
import { countOf, numberText } from '@kindling/studies/text';
import type { ArchitecturePrediction, PredictedGrowth } from './architecture-prediction.js';
import { typicalText } from './length-text.js';
import { meanSentence } from './prediction-headline.js';

/** A leak of less than this is nothing to speak of. */
const noticedLeak = 0.01;

/** What lengths are counted by: modules of a residual net, else layers. */
export function unitOf({ family }: Pick<ArchitecturePrediction, 'family'>): 'layer' | 'module' {
  return family === 'residual' ? 'module' : 'layer';
}

/** The sentences. */
export function architectureHeadline(prediction: ArchitecturePrediction): string {
  return [lengthSentence(prediction), growthSentence(prediction.growth), leakSentence(prediction)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

function lengthSentence(prediction: ArchitecturePrediction): string {
  const { named, layers, inputLength } = prediction;
  const last = layers.at(-1);
  const unit = unitOf(prediction);
  const depth = countOf(layers.length, unit);
  if (last === undefined || last.logUpper === null || last.logLower === null) {
    return `Theory has no formula for ${named.title}: measure it.`;
  }
  if (last.mean !== null && Number.isFinite(last.mean) && (last.mean !== 0 || layers[0]?.mean === 0)) {
    return meanSentence(prediction, unit);
  }
  const logRatio = (last.logEstimate ?? last.logUpper) - Math.log(inputLength);
  const verb = logRatio > 0 ? 'grows' : 'shrinks';
  if (last.mean !== null) {
    return `${named.title}: the mean length ${verb} to ${typicalText(last.logMean)} in ${depth}.`;
  }
  const bounds = `between ${typicalText(last.logLower)} and ${typicalText(last.logUpper)}`;
  return last.logEstimate === null
    ? `${named.title}: the mean length after ${depth} lies ${bounds}, which is proved.`
    : `${named.title}: the mean length ${verb} to about ${typicalText(last.logEstimate)} in ${depth}; ${bounds} is proved.`;
}

/** Whether more modules make it worse. */
function growthSentence(growth: PredictedGrowth | null): string | null {
  if (growth === null || growth.limit === null || growth.limit === 0) return null;
  const { rule, limit } = growth;
  const name = sumName(growth);
  if (Number.isFinite(limit))
    return `It stays bounded however many modules are added: ${name} never passes ${numberText(limit)}.`;
  const speed = rule.rule === 'constant' ? 'exponentially with every module' : 'with every module';
  return `It grows ${speed}: nothing bounds ${name}.`;
}

/** The sum that decides. */
export function sumName({ decisive }: PredictedGrowth): string {
  return decisive === 'sum' ? 'Σ η_l' : 'Σ η_l²';
}

/** What the borders cost. */
function leakSentence({ family, layers, architecture, givenInput }: ArchitecturePrediction): string | null {
  const sizes = family === 'convolutional' ? convolutionalSizesOf(architecture) : null;
  if (sizes?.padding !== 'zero') return null;
  const logKept = layers.reduce((sum, { kept }) => sum + Math.log(kept ?? 1), 0);
  const leak = 1 - Math.exp(logKept);
  if (Number.isNaN(leak) || leak < noticedLeak) return null;
  // Which pixels a stride passes over matters where they differ.
  if (sizes.stride > 1 && givenInput) return `Zero padding and the stride leave out ${leakText(leak)} of it.`;
  return `Zero padding leaks ${leakText(leak)} of it at the borders; circular padding would leak nothing.`;
}

/** A share as a percentage that never says all of it. */
function leakText(leak: number): string {
  return leak > 0.9995 ? 'over 99.9 %' : `${Number((leak * 100).toPrecision(3))} %`;
}
