/** A study's data in the memory of the thread's engine. */
import type { Engine } from '@kindling/core';
import { type Dataset, loadDatasetIntoMemory, type ResidentDataset } from '@kindling/trainer';

interface Residence {
  readonly dataset: Dataset;
  readonly resident: ResidentDataset;
}
const residences = new WeakMap<Engine, Residence>();

/** The data in the engine's memory, copied there for the first trial that needs it and kept for the rest. */
export function residentDataset(engine: Engine, dataset: Dataset): ResidentDataset {
  const known = residences.get(engine);
  if (known?.dataset === dataset) return known.resident;
  const resident = loadDatasetIntoMemory(engine, dataset);
  residences.set(engine, { dataset, resident });
  return resident;
}
