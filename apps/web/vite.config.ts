/**
 * Builds the pages into `dist`: static files that work under any path and without special headers. The workspace's
 * packages are taken as built (`dist` of each), so they must be built first; turbo and `pnpm dev:web` see to it.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  // Relative addresses: the same files work at the root of a site and below any folder.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // Small data files stay files: an inlined one would be a `data:` address, which a strict site refuses to fetch.
    assetsInlineLimit: 0,
    // The whole study draws with Plot; its size is known and no reason for a warning. The explorable loads none of it.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: { index: page('index.html'), study: page('study.html') } },
  },
});
