import { ModelFormatError } from '../errors/model-format-error.js';
import { printableName } from '../errors/printable-name.js';

/** Which file of several is the model, first match first. */
const mainNames: readonly RegExp[] = [
  /^model\.json$/,
  /\.safetensors\.index\.json$/,
  /\.safetensors$/,
  /\.keras$/,
  /\.onnx$/,
  /\.(h5|hdf5)$/,
  /\.npz$/,
  /\.npy$/,
  /weights_manifest\.json$/,
  // Pickles, which are refused with the line that converts them.
  /^pytorch_model\.bin$/,
  /\.(pt|pth)$/,
];

/**
 * The file among those of one folder that stands for the model; `null` if no name looks like one.
 *
 * @param names without folders
 * @param place what they lie in, for the message: `the folder nets`
 * @throws ModelFormatError when several do
 */
export function mainNameOf(names: readonly string[], place: string): string | null {
  const sorted = [...names].sort();
  for (const pattern of mainNames) {
    const [first, ...others] = sorted.filter((name) => pattern.test(name));
    if (first === undefined) continue;
    if (others.length === 0) return first;
    const found = [first, ...others].slice(0, 20).map(printableName);
    const shown = found.slice(0, 4).join(', ');
    const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
    throw new ModelFormatError(
      `openModel: ${place} holds ${shown}${more}; expected one model — name the file`,
      { details: { got: found } },
    );
  }
  return null;
}

/** What the names of models look like, for messages. */
export const expectedNames = 'a model.json, .safetensors, .keras, .onnx, .h5, .hdf5, .npz or .npy file';
