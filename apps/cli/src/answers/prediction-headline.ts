/** What a prediction comes to, in one or two sentences without a formula. */
import { countOf, numberText } from '@kindling/studies';
import { probabilityText } from '../output/probability-text.js';
import type { NetworkPrediction } from './prediction.js';

/** A mean that ends within this factor of the input's is kept. */
const kept = 2;
/** Nets that are dead more often than this are the first thing to say. */
const oftenDead = 0.05;
/** A typical net that ends this far below the mean has little to do with it. */
const farBelow = 0.5;

/** The sentences. */
export function predictionHeadline(prediction: NetworkPrediction): string {
  return [meanSentence(prediction), typicalSentence(prediction), deadSentence(prediction)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

function meanSentence({ named, layers, inputLength }: NetworkPrediction): string {
  const mean = layers.at(-1)?.mean ?? null;
  const depth = countOf(layers.length, 'layer');
  if (mean === null) return `Theory has no formula for ${named.title}: measure it.`;
  if (mean === 0 && layers[0]?.mean === 0) return `${named.title}: every length is 0, nothing passes.`;
  const ratio = mean / inputLength;
  if (ratio <= kept && ratio >= 1 / kept) {
    return `${named.title} keeps the mean length: ${numberText(mean)} after ${depth}.`;
  }
  const verb = ratio > 1 ? 'grows' : 'shrinks';
  return `${named.title}: the mean length ${verb} to ${numberText(mean)} in ${depth}.`;
}

function typicalSentence({ layers }: NetworkPrediction): string | null {
  const { mean = null, meanLog = null } = layers.at(-1) ?? {};
  if (mean === null || meanLog === null || mean === 0) return null;
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
