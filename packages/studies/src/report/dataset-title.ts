/** Data sets for people. */
const titles: Readonly<Record<string, string>> = {
  mnist: 'MNIST',
  'fashion-mnist': 'Fashion-MNIST',
  embedded: 'Fashion-MNIST (embedded)',
};

/** The title of the data set called `name`; data of one's own keep their name. */
export function datasetTitle(name: string): string {
  return titles[name] ?? name;
}
