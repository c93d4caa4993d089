/** The families of nets whose lengths are compared: fully connected, and residual with scales η_l = b^l. */

/** In the order of tables. A name is part of cells' ids. */
export const netFamilyNames = ['dense', 'relu-0.5', 'relu-0.75', 'relu-0.9', 'linear-0.75'] as const;

/** One of them. */
export type NetFamilyName = (typeof netFamilyNames)[number];

/** What a residual net's modules are, and b. */
export interface ResidualFamily {
  readonly module: 'relu' | 'linear';
  readonly base: number;
}

const residual: Readonly<Record<Exclude<NetFamilyName, 'dense'>, ResidualFamily>> = {
  'relu-0.5': { module: 'relu', base: 0.5 },
  'relu-0.75': { module: 'relu', base: 0.75 },
  'relu-0.9': { module: 'relu', base: 0.9 },
  'linear-0.75': { module: 'linear', base: 0.75 },
};

/** The modules of a residual family; null for fully connected nets. */
export function residualFamily(name: NetFamilyName): ResidualFamily | null {
  return name === 'dense' ? null : residual[name];
}

/** What a family's nets of one width are called. */
export function familyTitle(name: NetFamilyName, width: number): string {
  const family = residualFamily(name);
  if (family === null) return `fully connected, ${width} wide`;
  const { module, base } = family;
  return `residual, ${module === 'relu' ? 'ReLU modules' : 'linear-ending'}, η = ${base}^l`;
}
