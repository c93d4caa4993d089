/**
 * Maps of energies, one number ≥ 0 a pixel (the expected mean square of its channels), at a scale that no depth drives out of the
 * range of f64. Of some maps only the mean over the pixels is known.
 */
import { portableMath } from '@kindling/core';
import { averageOverWindows, type Windows, windowCoverage } from './windows.js';

/** The numbers are measured in unit^units. */
export interface EnergyMap {
  /** Row by row; null where only the mean is known. */
  readonly values: Float64Array | null;
  readonly mean: number;
  readonly units: number;
}

const unit = 2 ** 300;
const logUnit = 300 * Math.LN2;

/** A map of these numbers. */
export function energyMap(values: Float64Array): EnergyMap {
  return settled(values, meanOf(values), 0);
}

/** One number at every pixel. */
export function uniformEnergy(pixels: number, energy: number): EnergyMap {
  return energyMap(new Float64Array(pixels).fill(energy));
}

/** A map of which the mean is all that is known. */
export function meanEnergy(mean: number): EnergyMap {
  return settled(null, mean, 0);
}

/** The mean over the pixels: 0 or Infinity beyond the range of f64. */
export function meanOfEnergy({ mean, units }: EnergyMap): number {
  return inUnits(mean, units);
}

/** Its natural logarithm; −Infinity where the mean is 0. */
export function logMeanOfEnergy({ mean, units }: EnergyMap): number {
  return portableMath.log(mean) + units * logUnit;
}

/** Mean over mean; NaN for 0/0. */
export function ratioOfEnergies(a: EnergyMap, b: EnergyMap): number {
  return inUnits(a.mean / b.mean, a.units - b.units);
}

/** Every pixel's energy in numbers; null where they are not known. */
export function valuesOfEnergy({ values, units }: EnergyMap): Float64Array | null {
  return values?.map((energy) => inUnits(energy, units)) ?? null;
}

/** factor · map + shift. */
export function scaleEnergy(map: EnergyMap, factor: number, shift = 0): EnergyMap {
  const added = shift === 0 ? 0 : inUnits(shift, -map.units);
  const scale = (energy: number) => factor * energy + added;
  const values = map.values?.map(scale) ?? null;
  return settled(values, values === null ? scale(map.mean) : meanOf(values), map.units);
}

/** f of two maps, pixel by pixel; of their means where one of the maps is not known. f(ca, cb) = c f(a, b) for c ≥ 0. */
export function combineEnergies(a: EnergyMap, b: EnergyMap, f: (a: number, b: number) => number): EnergyMap {
  const units = Math.max(a.units, b.units);
  const [aUnits, bUnits] = [a.units - units, b.units - units];
  const other = b.values;
  const values =
    a.values === null || other === null
      ? null
      : a.values.map((energy, p) => f(inUnits(energy, aUnits), inUnits(other[p] ?? 0, bUnits)));
  const mean = values === null ? f(inUnits(a.mean, aUnits), inUnits(b.mean, bUnits)) : meanOf(values);
  return settled(values, mean, units);
}

/** One pixel with the mean of all. */
export function flattenEnergy(map: EnergyMap): EnergyMap {
  return { ...map, values: Float64Array.of(map.mean) };
}

/**
 * Means over windows. Where only the mean of the map is known, bounds on the mean, by what a pixel counts at least and at most; both
 * are the same object where they agree.
 */
export function averageEnergy(
  map: EnergyMap,
  windows: Windows,
): { readonly least: EnergyMap; readonly greatest: EnergyMap } {
  if (map.values !== null) {
    const values = averageOverWindows(map.values, windows);
    const averaged = settled(values, meanOf(values), map.units);
    return { least: averaged, greatest: averaged };
  }
  const { least, greatest } = windowCoverage(windows);
  const lower = scaleEnergy(map, least);
  return { least: lower, greatest: greatest - least < 1e-12 ? lower : scaleEnergy(map, greatest) };
}

function settled(values: Float64Array | null, mean: number, units: number): EnergyMap {
  const step = mean > unit ? 1 : mean > 0 && mean < 1 / unit ? -1 : 0;
  if (step === 0) return { values, mean, units };
  const scale = (energy: number) => (step > 0 ? energy / unit : energy * unit);
  const scaled = values?.map(scale) ?? null;
  return { values: scaled, mean: scaled === null ? scale(mean) : meanOf(scaled), units: units + step };
}

function meanOf(map: Float64Array): number {
  return map.reduce((sum, energy) => sum + energy, 0) / map.length;
}

/** value · unit^units, which may leave the range of f64. */
function inUnits(value: number, units: number): number {
  let product = value;
  for (let i = 0; i < Math.abs(units) && product !== 0 && Number.isFinite(product); i++) {
    product = units > 0 ? product * unit : product / unit;
  }
  return product;
}
