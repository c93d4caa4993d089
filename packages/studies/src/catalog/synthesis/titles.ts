/** What methods and data are called. */

const methods: Readonly<Record<string, string>> = {
  interpolation: 'interpolation',
  'random-features': 'random features',
  training: 'training (Adam)',
};

/** The title of a method; a name that is not known is returned as it is. */
export function methodTitle(name: string): string {
  return methods[name] ?? name;
}

const data: Readonly<Record<string, string>> = { zigzag: '±1 in turn', random: 'random numbers' };

/** The title of the data of the question of widths; a name that is not known is returned as it is. */
export function capacityTitle(name: string): string {
  return data[name] ?? name;
}
