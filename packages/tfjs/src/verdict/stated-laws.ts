/** From what a topology states of its kernels to one initializer of the whole network, if the weights can be draws of it. */
import { effectiveVariance } from '@kindling/initializers';
import type { Model } from '@kindling/models';
import { lawOfBias, lawOfKernel, type StatedLaw, withBiases } from '../initializers/stated-law.js';
import { deviationFromLaw, type KernelStatistics, mostDeviations } from '../measure/kernel-statistics.js';
import type { ModelKernel } from '../model/kernels.js';

/** What is known of the law of one kernel. */
export interface KernelLaw {
  /** `null` where the topology states none that is known. */
  readonly law: StatedLaw | null;
  /** Of mean square × fan-in; `null` without a law. */
  readonly standardError: number | null;
  /** Whether the numbers can be a draw of it; `null` without a law. */
  readonly matches: boolean | null;
}

/** The law of the hidden layers together, or why there is none, a full sentence. */
export type NetworkLaw =
  | { readonly law: StatedLaw; readonly notes: readonly string[] }
  | { readonly why: string };

/** Compares every kernel with the law that is stated for it, or with `given`. */
export function kernelLaws(
  model: Model,
  kernels: readonly ModelKernel[],
  statistics: readonly KernelStatistics[],
  given: StatedLaw | null,
): readonly KernelLaw[] {
  return kernels.map(({ layer, fans }, index): KernelLaw => {
    const law = given ?? lawOfKernel(statedOf(model, layer.name, 'kernel'));
    const found = statistics[index];
    if (law === null || found === undefined) return { law, standardError: null, matches: null };
    const { variance, excessKurtosis, dependence } = effectiveVariance(law.initializer, fans);
    const spread = dependence === 'independent' ? Math.sqrt((excessKurtosis + 2) / found.count) : 0;
    const deviation = deviationFromLaw(found, law.initializer, fans);
    return {
      law,
      standardError: variance * fans.fanIn * spread,
      matches: Math.abs(deviation) <= mostDeviations,
    };
  });
}

/** One law for all hidden kernels and their biases; the last layer's may differ, for the signal is judged before it. */
export function networkLaw(
  model: Model,
  kernels: readonly ModelKernel[],
  laws: readonly KernelLaw[],
  given: boolean,
): NetworkLaw {
  const hidden = laws.length > 1 ? laws.slice(0, -1) : laws;
  const [first] = hidden;
  if (first === undefined)
    return { why: 'The model has no dense layer or convolution whose weights have a law.' };
  const layerName = (index: number) => kernels[index]?.layer.name ?? '';
  const unknown = hidden.findIndex(({ law }) => law === null);
  if (unknown >= 0 || first.law === null) {
    return { why: `The topology states no law that is known for the kernel of ${layerName(unknown)}.` };
  }
  const other = hidden.findIndex(({ law }) => textOf(law) !== textOf(first.law));
  if (other >= 0) {
    return {
      why: `Kernels have different laws (${first.law.name} in ${layerName(0)}, ${hidden[other]?.law?.name} in ${layerName(other)}); theory is for one.`,
    };
  }
  const strange = hidden.findIndex(({ matches }) => matches === false);
  if (strange >= 0) {
    return {
      why: `The kernel of ${layerName(strange)} is no draw of ${first.law.name}${given ? '' : ', which the topology states'}: the weights were trained, loaded or rescaled since.`,
    };
  }
  const biases = given ? null : biasesOf(model, kernels.slice(0, hidden.length));
  const law = given || biases === null ? first.law : withBiases(first.law, biases);
  if (law === null || (!given && biases === null)) {
    return { why: 'The topology states no single law for the biases of the hidden layers.' };
  }
  const last = laws.at(-1);
  const differs = last !== undefined && textOf(last.law) !== textOf(first.law);
  const notes = differs
    ? [
        `The last layer has a law of its own (${last.law?.name ?? 'not known'}); the signal is judged before it.`,
      ]
    : [];
  return { law, notes };
}

function biasesOf(model: Model, kernels: readonly ModelKernel[]) {
  const found = kernels.map(({ layer, bias }) =>
    lawOfBias(bias === null ? null : statedOf(model, layer.name, 'bias')),
  );
  const [first = null] = found;
  const alike = found.every((law) => JSON.stringify(law) === JSON.stringify(first));
  return alike ? first : null;
}

function statedOf({ tensors }: Model, layer: string, variable: string) {
  return tensors.find(({ name }) => name === `${layer}/${variable}`)?.statedInitializer ?? null;
}

function textOf(law: StatedLaw | null): string {
  return JSON.stringify(law?.initializer ?? null);
}
