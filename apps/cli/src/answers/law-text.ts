/** Laws of weights in words. */
import { printableText } from '@kindling/core';
import { causeOf, type IdentifiedLaw, type KernelStructure } from '@kindling/diagnostics';
import type { StatedInitializer } from '@kindling/models';
import { numberText } from '@kindling/studies';
import { probabilityText } from '../output/probability-text.js';

/** A law for a cell of a table; a dash where there is none to tell. */
export function lawText(law: IdentifiedLaw | null): string {
  if (law === null) return 'not tested';
  switch (law.kind) {
    case 'catalog':
      return law.names[0] ?? law.title;
    case 'shape':
      return `${law.shape}, σ ${numberText(law.deviation)}`;
    case 'constant':
      return law.value === 0 ? 'zeros' : `${numberText(law.value)} everywhere`;
    case 'structure':
      return structureText(law.structure);
    case 'signs':
      return law.names[0] ?? `±${numberText(law.size)}`;
    case 'unknown':
      return 'trained / no known law';
    case 'untested':
      return law.reason === 'too-few' ? 'too few numbers' : 'holds NaN or ∞';
  }
}

/** Its p-value for a cell. */
export function lawPText(law: IdentifiedLaw | null): string {
  const pValue = pValueOf(law);
  if (pValue === null) return '–';
  if (pValue < 1e-9) return '< 10⁻⁹';
  return pValue < 0.001 ? numberText(pValue, 1) : numberText(pValue, 2);
}

/** Of a law that was told by a test; `null` of what is exact, or was not tested. */
export function pValueOf(law: IdentifiedLaw | null): number | null {
  if (law === null) return null;
  if ('pValue' in law) return law.pValue;
  return law.kind === 'structure' && law.structure.kind === 'sparse' ? law.structure.pValue : null;
}

function structureText(structure: KernelStructure): string {
  if (structure.kind === 'sparse') {
    return `sparse, ${structure.zeros} zeros ${structure.of === 'unit' ? 'a unit' : 'an input'}`;
  }
  return `${structure.kind}, gain ${numberText(structure.gain)}`;
}

/** The same in a sentence's words. */
export function lawWords(law: IdentifiedLaw | null): string {
  return law === null ? 'not tested' : causeOf(law);
}

/** What a file says an initializer was: `VarianceScaling(2, fanIn, normal)`. */
export function statedText(stated: StatedInitializer | null): string {
  if (stated === null) return '–';
  const settings = Object.entries(stated.config).flatMap(([key, value]) => {
    const plain = typeof value === 'number' || typeof value === 'string';
    if (!plain || key === 'seed' || key === 'name') return [];
    return [typeof value === 'number' ? numberText(value) : value];
  });
  const text = `${stated.className}${settings.length === 0 ? '' : `(${settings.join(', ')})`}`;
  return printableText(text.slice(0, 60));
}

/** A share of numbers: 0 %, 12.5 %. */
export function shareOf(count: number, total: number): string {
  return total === 0 ? '–' : probabilityText(count / total);
}
