/** The law of a kernel's whole matrix, of kernels that fit in memory. */
import type { Engine } from '@kindling/core';
import type { Floats, ModelTensor } from '@kindling/models';
import { type IdentifiedLaw, identifyStructure } from '../index.js';

/** Larger kernels are not held: 17 MB of f32, a layer of 2048 × 2048. */
const mostNumbers = 4_194_304;

/** A kernel's numbers as they come by. */
export interface StructureReader {
  add(piece: Floats): void;
  /** `null` for a kernel without a structure. */
  finish(engine: Engine, options: { readonly level: number; readonly slack: number }): IdentifiedLaw | null;
}

/** A reader for kernels whose structure can be told; `null` for other tensors and those that are too large. */
export function openStructureReader(tensor: ModelTensor): StructureReader | null {
  const { fans, role, layout, shape, size, dtype } = tensor;
  const lies = layout === null ? undefined : layouts[layout];
  const isKernel = role === 'dense-kernel' || role === 'conv-kernel';
  if (fans === null || !isKernel || lies === undefined || size > mostNumbers) return null;
  const units = (lies.unitsFirst ? shape[0] : shape.at(-1)) ?? 0;
  if (units === 0 || shape.length !== lies.axes) return null;
  const window = lies.unitsFirst ? shape.slice(2) : shape.slice(0, -2);
  const held = dtype === 'f64' ? new Float64Array(size) : new Float32Array(size);
  let count = 0;
  return {
    add(piece) {
      held.set(piece, count);
      count += piece.length;
    },
    finish(engine, options) {
      const { unitsFirst } = lies;
      const matrix = { values: held, fanIn: size / units, units, unitsFirst, window };
      const structure = identifyStructure(engine, matrix, options);
      return structure === null ? null : { kind: 'structure', structure, names: [structure.kind] };
    },
  };
}

/** Layouts whose units are the first or the last axis. */
const layouts: Readonly<
  Partial<Record<NonNullable<ModelTensor['layout']>, { readonly unitsFirst: boolean; readonly axes: number }>>
> = {
  'in-out': { unitsFirst: false, axes: 2 },
  'out-in': { unitsFirst: true, axes: 2 },
  WIO: { unitsFirst: false, axes: 3 },
  OIW: { unitsFirst: true, axes: 3 },
  HWIO: { unitsFirst: false, axes: 4 },
  OIHW: { unitsFirst: true, axes: 4 },
  DHWIO: { unitsFirst: false, axes: 5 },
  OIDHW: { unitsFirst: true, axes: 5 },
};
