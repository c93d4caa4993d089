/**
 * Makes a built worker one file, in its place: `node ../../scripts/bundle-worker.mjs dist/worker.js`. As five hundred modules, each
 * found and read by itself, its start would take a third of a second. The licences of the libraries in it go beside it.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const file = process.argv[2];
if (file === undefined) throw new Error('bundle-worker: expected the file of a built worker');

const bundle = await rolldown({ input: file, platform: 'node' });
const { output } = await bundle.write({ file, format: 'esm', minify: 'dce-only' });
await bundle.close();
rmSync(`${file}.map`); // of the compiler's file, which this one replaces

const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
const libraries = modules.filter((id) => /[\\/]node_modules[\\/]/.test(id)).map(packageFolder);
const notices = [...new Set(libraries)].sort().map(notice);
writeFileSync(file.replace(/\.js$/, '.licenses.txt'), `${notices.join('\n\n')}\n`);

/**
 * The folder of the package that a module belongs to.
 *
 * @param {string} id
 */
function packageFolder(id) {
  for (let folder = dirname(id); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // A folder of a package may have a package.json of its own, without a name.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return folder;
  }
  throw new Error(`bundle-worker: no package.json above ${id}`);
}

/**
 * Its licence, under its name.
 *
 * @param {string} folder of a package
 */
function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (licence === undefined) throw new Error(`bundle-worker: ${name} has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, licence), 'utf8').trim()}`;
}
