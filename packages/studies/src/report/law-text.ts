/** Laws of weights in words. */
import type { IdentifiedLaw, KernelStructure, LawFit } from '@kindling/diagnostics';
import { numberText } from './number-text.js';

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

/** A fitted law's name for a cell, such as `Student-t, ν 4.1`. */
export function fittedLawTitle({ name, shape }: LawFit['law']): string {
  switch (name) {
    case 'normal':
      return 'normal';
    case 'laplace':
      return 'Laplace';
    case 'uniform':
      return 'uniform';
    case 'student-t':
      return `Student-t, ν ${numberText(shape ?? Number.NaN, 2)}`;
    case 'generalized-normal':
      return `generalized normal, β ${numberText(shape ?? Number.NaN, 2)}`;
  }
}
