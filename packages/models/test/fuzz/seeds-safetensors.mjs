import { collectBytes, tensorOfFloats, writeSafetensors } from '@kindling/models';

/** @typedef {import('./run-fuzz.mjs').FuzzSeed} FuzzSeed */

const floats = (/** @type {number} */ count) =>
  Float32Array.from({ length: count }, (_, i) => i / count - 0.5);

/** @returns {Promise<readonly FuzzSeed[]>} */
export async function safetensorsSeeds() {
  const tensors = [
    tensorOfFloats('conv.weight', [4, 3, 3, 3], floats(108)),
    tensorOfFloats('conv.bias', [4], floats(4), 'f16'),
    tensorOfFloats('fc.weight', [5, 4], floats(20), 'bf16'),
    tensorOfFloats('empty', [0, 3], floats(0)),
  ];
  const model = await collectBytes(writeSafetensors(tensors, { format: 'pt' }));
  const [first, second] = await Promise.all(
    [tensors.slice(0, 2), tensors.slice(2)].map((part) => collectBytes(writeSafetensors(part))),
  );
  const map = {
    'conv.weight': 'a.safetensors',
    'conv.bias': 'a.safetensors',
    'fc.weight': 'b.safetensors',
    empty: 'b.safetensors',
  };
  const index = new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 500 }, weight_map: map }));
  return [
    { name: 'safetensors', files: { 'model.safetensors': model }, forge: forgeHeader },
    {
      name: 'safetensors-index',
      files: {
        'model.safetensors.index.json': index,
        'a.safetensors': first ?? index,
        'b.safetensors': second ?? index,
      },
    },
  ];
}

/** @type {NonNullable<FuzzSeed['forge']>} */
function forgeHeader(files, random) {
  const bytes = files['model.safetensors'] ?? new Uint8Array(8);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const entry = header[random.pick(Object.keys(header))];
  const size = bytes.length - 8 - length;
  const wrong = () => random.pick([0, 1, -1, 4, size, size + 1, 2 ** 31, 2 ** 53, 1.5, 1e308]);
  const changes = [
    () => (entry.shape = [wrong(), wrong()]),
    () => (entry.data_offsets = [wrong(), wrong()]),
    () => (entry.dtype = random.pick(['F64', 'F8_E4M3', 'BOOL', 'C64', '', 7])),
    () => (header[random.pick(['__proto__', 'constructor', 'x', ''])] = entry),
    () => (entry.shape = new Array(random.pick([33, 100])).fill(1)),
  ];
  random.pick(changes)();
  const json = new TextEncoder().encode(JSON.stringify(header));
  const changed = new Uint8Array(8 + json.length + size);
  new DataView(changed.buffer).setUint32(0, json.length, true);
  changed.set(json, 8);
  changed.set(bytes.subarray(8 + length), 8 + json.length);
  return { 'model.safetensors': changed };
}
