/**
 * The images that can be explored: those that come with the page, and those a visitor has dropped on it. What the page's own
 * are called and how many there are is known before they have arrived, so that nothing waits for them that does not
 * look at them.
 */
import { type DatasetIdentity, datasetIdentity, type ExploreQuestion } from '@kindling/studies';
import { type Dataset, embeddedDigest, firstImages } from '@kindling/trainer';
import { signal } from '@preact/signals';

/** The subset of Fashion-MNIST that comes with the page; a test holds it beside the files. */
export const embeddedIdentity: DatasetIdentity = {
  name: 'embedded',
  digest: embeddedDigest,
  trainCount: 1500,
  testCount: 500,
  features: 784,
  classes: 10,
};

/** Where images are found by the name a question has for them. */
export interface Datasets {
  /** Names that can be asked for, functions not among them: `embedded`, then what was added. A signal's value. */
  readonly names: () => readonly string[];
  /** Takes a visitor's data set in; its name is its own from then on. */
  add(dataset: Dataset): void;
  /** Whether data of this name were a visitor's. */
  isAdded(name: string): boolean;
  /**
   * Identity of the images that are asked for.
   *
   * @returns null for images that are not here, or not yet cut to size
   */
  identity(question: Pick<ExploreQuestion, 'data' | 'images'>): DatasetIdentity | null;
  /** The images themselves; null when nothing here has that name. Rejects when a download fails. */
  load(question: Pick<ExploreQuestion, 'data' | 'images'>): Promise<Dataset | null>;
}

/**
 * The page's own images and nothing else yet.
 *
 * @param fetchEmbedded brings the page's own
 */
export function createDatasets(fetchEmbedded: () => Promise<Dataset>): Datasets {
  const added = signal<readonly Dataset[]>([]);
  const cut = signal<ReadonlyMap<string, Dataset>>(new Map());
  const cutName = (data: string, images: number) => `${data}/${images}`;

  async function whole(data: string): Promise<Dataset | null> {
    if (data === 'embedded') return await fetchEmbedded();
    return added.peek().find(({ name }) => name === data) ?? null;
  }

  function wholeIdentity(data: string): DatasetIdentity | null {
    if (data === 'embedded') return embeddedIdentity;
    const found = added.value.find(({ name }) => name === data);
    return found === undefined ? null : datasetIdentity(found);
  }

  return {
    names: () => ['embedded', ...added.value.map(({ name }) => name)],
    add(dataset) {
      added.value = [...added.peek().filter(({ name }) => name !== dataset.name), dataset];
    },
    isAdded: (name) => added.value.some((each) => each.name === name),
    identity({ data, images }) {
      const all = wholeIdentity(data);
      if (all === null || images === null || images >= all.trainCount) return all;
      const found = cut.value.get(cutName(data, images));
      return found === undefined ? null : datasetIdentity(found);
    },
    async load({ data, images }) {
      const all = await whole(data);
      if (all === null || images === null) return all;
      const name = cutName(data, images);
      const known = cut.peek().get(name);
      if (known !== undefined) return known;
      const made = firstImages(all, { train: images, test: images });
      cut.value = new Map([...cut.peek(), [name, made]]);
      return made;
    },
  };
}
