/** What a prediction comes to, in one or two sentences without a formula. */
import { countOf, numberText } from '@kindling/studies/text';
import { probabilityText } from '../output/probability-text.js';
import { typicalText } from './length-text.js';
import type { NetworkPrediction } from './prediction.js';

/** A mean whose logarithm stays this close to the input's, in every layer, is kept. */
const kept = 0.02;
/** A layer on the way is worth a word when its mean lies beyond both ends by this factor. */
const detour = 2;
/** Nets that are alive more rarely than this have no length to speak of. */
const rarelyAlive = 0.001;
/** Nets that are dead more often than this are the first thing to say. */
const oftenDead = 0.05;
/** A typical net that ends this far below the mean has little to do with it. */
const farBelow = 0.5;

/** The sentences. */
export function predictionHeadline(prediction: NetworkPrediction): string {
  const silent = silentSentence(prediction);
  if (silent !== null) return silent;
  return [meanSentence(prediction), typicalSentence(prediction), deadSentence(prediction)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

/** Where practically all nets are 0 for their input, their mean length is that of next to none. */
function silentSentence({ named, layers }: NetworkPrediction): string | null {
  const { mean = null, deadProbability = null } = layers.at(-1) ?? {};
  if (mean === null || mean === 0 || deadProbability === null || deadProbability < 1 - rarelyAlive)
    return null;
  return (
    `${named.title}: practically every net is 0 for its input after ${countOf(layers.length, 'layer')}; ` +
    `the mean length of ${numberText(mean)} is made by the few others.`
  );
}

/** What becomes of the mean length from layer to layer. */
export interface MeanLengths {
  readonly named: { readonly title: string };
  readonly inputLength: number;
  readonly layers: readonly { readonly mean: number | null }[];
}

/** Whether the mean length is kept, grows or shrinks. @param unit what is counted */
export function meanSentence({ named, layers, inputLength }: MeanLengths, unit = 'layer'): string {
  const mean = layers.at(-1)?.mean ?? null;
  const depth = countOf(layers.length, unit);
  if (mean === null) return `Theory has no formula for ${named.title}: measure it.`;
  if (mean === 0 && layers[0]?.mean === 0) return `${named.title}: every length is 0, nothing passes.`;
  // Beyond the range of f64 only the direction is known.
  if (mean === Number.POSITIVE_INFINITY)
    return `${named.title}: the mean length grows beyond 10³⁰⁸ in ${depth}.`;
  if (mean === 0) return `${named.title}: the mean length shrinks below 10⁻³⁰⁸ in ${depth}.`;
  const ratios = layers.map((layer) => (layer.mean ?? Number.NaN) / inputLength);
  if (ratios.every((ratio) => Math.abs(Math.log(ratio)) < kept)) {
    return `${named.title} keeps the mean length: ${numberText(mean)} after ${depth}.`;
  }
  const ratio = mean / inputLength;
  const verb = Math.abs(Math.log(ratio)) < kept ? 'returns' : ratio > 1 ? 'grows' : 'shrinks';
  return `${named.title}: the mean length ${verb} to ${numberText(mean)} in ${depth}${detourText(ratios, inputLength)}.`;
}

/** What lies far beyond both the input and the last layer. */
function detourText(ratios: readonly number[], inputLength: number): string {
  const ends = [1, ratios.at(-1) ?? 1];
  const highest = Math.max(...ratios);
  const lowest = Math.min(...ratios);
  if (highest > detour * Math.max(...ends)) return `, by way of ${numberText(highest * inputLength)}`;
  return lowest < Math.min(...ends) / detour ? `, by way of ${numberText(lowest * inputLength)}` : '';
}

function typicalSentence({ layers }: NetworkPrediction): string | null {
  const { mean = null, meanLog = null } = layers.at(-1) ?? {};
  if (mean === null || meanLog === null) return null;
  if (mean === 0 || mean === Number.POSITIVE_INFINITY) {
    return layers[0]?.mean === 0 ? null : `A typical net ends at ${typicalText(meanLog)}.`;
  }
  const share = Math.exp(meanLog - Math.log(mean));
  if (share >= farBelow) return null;
  return `A typical net ends at ${numberText(share)} of that.`;
}

function deadSentence({ bornDead: { lower = 0, upper } }: NetworkPrediction): string | null {
  if ((upper === 1 && lower === 0) || upper < oftenDead) return null;
  if (lower === upper) return `${probabilityText(lower)} of nets are constant functions.`;
  if (lower >= oftenDead) return `At least ${probabilityText(lower)} of nets are born dead.`;
  return `Up to ${probabilityText(upper)} of nets may be born dead.`;
}
