/** The names MNIST gave its four files and every relative kept, in the order in which they are read. */

/** One of the four files of a data set. */
export type IdxFileRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

/** The usual name of each file, without `.gz`. The embedded subset has these names with `.gz` appended. */
export const idxFileNames: Readonly<Record<IdxFileRole, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** The four roles, in the order in which the files are read and faults are reported. */
export const idxFileRoles: readonly IdxFileRole[] = [
  'trainImages',
  'trainLabels',
  'testImages',
  'testLabels',
];
