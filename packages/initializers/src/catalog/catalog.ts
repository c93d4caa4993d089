/** Every name there is. Names are data: adding one is adding an entry. */
import type { CatalogEntry } from './catalog-entry.js';
import { presetEntries } from './preset-entries.js';
import { scaledEntries } from './scaled-entries.js';
import { statedEntries } from './stated-entries.js';
import { structuralEntries } from './structural-entries.js';

const entries = { ...scaledEntries, ...statedEntries, ...structuralEntries, ...presetEntries };

/** A name of the catalog. */
export type InitializerName = keyof typeof entries;

/** Every name of the catalog, in the order in which lists show them. */
export const initializerNames = Object.keys(entries) as readonly InitializerName[];

/** Other spellings, by what they mean. */
export const initializerAliases: Readonly<Record<string, InitializerName>> = {
  'kaiming-normal': 'he-normal',
  'kaiming-uniform': 'he-uniform',
  'xavier-normal': 'glorot-normal',
  'xavier-uniform': 'glorot-uniform',
  'tfjs:heNormal': 'tfjs:he-normal',
};

/** True for a name of the catalog; aliases and expressions are none. */
export function isInitializerName(name: string): name is InitializerName {
  return Object.hasOwn(entries, name);
}

/** What the catalog knows of a name. */
export function catalogEntry(name: InitializerName): CatalogEntry {
  return entries[name];
}

/** The name as a person reads it, such as "He truncated at 2σ, variance not restored" or "Normal (variance=0.0025)". */
export function initializerTitle(name: InitializerName): string {
  const { title, defaults } = catalogEntry(name);
  return defaults === undefined ? title : `${title} (${defaults})`;
}
