/**
 * What a page does with model files: bundled by the test and run in Chromium. `globalThis.read` is given the names of files that lie
 * beside the page, makes `File`s of them as a person drops them, and says what they hold.
 */
import { openModel, sourcesOfFiles } from '@kindling/models';
import { describeModel } from './model-digest.mjs';

/**
 * @param {string} folder
 * @param {readonly string[]} names
 */
async function read(folder, names) {
  const files = await Promise.all(
    names.map(async (name) => new File([await (await fetch(`${folder}/${name}`)).blob()], name)),
  );
  return await describeModel(await openModel(sourcesOfFiles(files)));
}

globalThis.read = read;
