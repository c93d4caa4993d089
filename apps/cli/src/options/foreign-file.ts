/** What a file is that is not what was asked for: told by its first bytes or by its keys. */

const signatures: readonly (readonly [start: readonly number[], kind: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive (as .keras, .npz and .pt files are)'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file'],
  [[0x93, 0x4e, 0x55, 0x4d], 'a NumPy file'],
  [[0x1f, 0x8b], 'gzip data'],
  [[0x80, 0x02], 'a Python pickle'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image'],
  [[0x08, 0x07, 0x12], 'an ONNX model'],
  [[0x08, 0x08, 0x12], 'an ONNX model'],
];

/** What bytes that are no text are; null for text. */
export function binaryKind(bytes: Uint8Array): string | null {
  const known = signatures.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  if (known !== undefined) return known[1];
  return bytes.subarray(0, 4096).includes(0) ? 'a binary file' : null;
}

/** Keys that tell JSON of others, one of a row being enough. */
const strangers: readonly (readonly [keys: readonly string[], kind: string])[] = [
  [['modelTopology', 'weightsManifest'], 'a TensorFlow.js model.json'],
  [['class_name', 'keras_version'], 'a Keras model'],
  [['model_type', 'architectures', 'transformers_version'], 'a config.json of transformers'],
  [['compilerOptions'], 'a tsconfig.json'],
  [['dependencies', 'devDependencies', 'scripts', 'lockfileVersion'], 'a package.json'],
  [['verdict', 'evidence'], 'an answer of kindling diagnose'],
  [['sumReciprocalWidths', 'meanLength'], 'an answer of kindling predict or measure'],
  [['study', 'specHash', 'points'], 'a file of a study of Kindling'],
  [['version', 'name', 'license'], 'a package.json'],
];

/** What JSON that is no architecture looks like; null where it may be meant as one, or is unknown. */
export function foreignJsonKind(value: unknown): string | null {
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return `a ${value === null ? 'null' : typeof value}`;
  if ('input' in value && 'layers' in value) return null;
  return strangers.find(([keys]) => keys.some((key) => key in value))?.[1] ?? null;
}
