/**
 * Makes the embedded subset: of every class the first 150 training images and the first 50 test images of Fashion-MNIST, in
 * their original order, as four gzip files.
 *
 *   node scripts/make-embedded-subset.mjs DIR [OUT]
 *
 * DIR holds the four original .gz files (Debian: /usr/share/datasets/fashion-mnist). OUT defaults to `embedded/`. The idx
 * bytes are the same wherever this runs; the compressed bytes may differ between versions of zlib.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const perClass = { train: 150, t10k: 50 };
const classes = 10;

/** The values of an idx file whose magic number must be `magic`. */
function readIdx(path, magic) {
  const bytes = gunzipSync(readFileSync(path));
  const dimensions = magic & 0xff;
  if (bytes.readUInt32BE(0) !== magic) {
    throw new Error(`${path}: expected magic ${magic}, got ${bytes.readUInt32BE(0)}`);
  }
  const shape = Array.from({ length: dimensions }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  const data = bytes.subarray(4 + 4 * dimensions);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected) throw new Error(`${path}: expected ${expected} values, got ${data.length}`);
  return { shape, data };
}

function idxBytes(shape, data) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 | shape.length, 0);
  shape.forEach((size, d) => {
    header.writeUInt32BE(size, 4 + 4 * d);
  });
  return Buffer.concat([header, data]);
}

/** Level 9, time 0 (zlib writes none), and the system byte set to "unknown" (255), which zlib fills in otherwise. */
function reproducibleGzip(bytes) {
  const gz = gzipSync(bytes, { level: 9 });
  gz.writeUInt32LE(0, 4);
  gz[9] = 255;
  return gz;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

const [from, to = fileURLToPath(new URL('../embedded/', import.meta.url))] = process.argv.slice(2);
if (from === undefined) {
  console.error('usage: node make-embedded-subset.mjs DIR [OUT]');
  process.exit(2);
}
mkdirSync(to, { recursive: true });

for (const [part, wanted] of Object.entries(perClass)) {
  const images = readIdx(join(from, `${part}-images-idx3-ubyte.gz`), 2051);
  const labels = readIdx(join(from, `${part}-labels-idx1-ubyte.gz`), 2049);
  const [count, rows, columns] = images.shape;
  if (labels.shape[0] !== count) throw new Error(`${part}: ${count} images but ${labels.shape[0]} labels`);

  const taken = new Array(classes).fill(0);
  const kept = [];
  labels.data.forEach((label, index) => {
    if (taken[label] < wanted) {
      taken[label] += 1;
      kept.push(index);
    }
  });
  if (taken.some((n) => n !== wanted)) throw new Error(`${part}: a class has fewer than ${wanted} images`);

  const size = rows * columns;
  const files = {
    [`${part}-images-idx3-ubyte`]: idxBytes(
      [kept.length, rows, columns],
      Buffer.concat(kept.map((index) => images.data.subarray(index * size, (index + 1) * size))),
    ),
    [`${part}-labels-idx1-ubyte`]: idxBytes(
      [kept.length],
      Buffer.from(kept.map((index) => labels.data[index])),
    ),
  };
  for (const [name, raw] of Object.entries(files)) {
    const gz = reproducibleGzip(raw);
    writeFileSync(join(to, `${name}.gz`), gz);
    console.log(`${name}.gz  ${gz.length} bytes\n  gz  ${sha256(gz)}\n  idx ${sha256(raw)}`);
  }
}
