/**
 * Builds the page into `dist`: static files that work under any path and without special headers. The workspace's
 * packages are taken as built (`dist` of each), so they must be built first; turbo and `pnpm dev:web` see to it.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the same files work at the root of a site and below any folder.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // Small data files stay files: an inlined one would be a `data:` address, which a strict site refuses to fetch.
    assetsInlineLimit: 0,
    // One chunk holds the kernels, Plot and the page; its size is known and no reason for a warning.
    chunkSizeWarningLimit: 1500,
  },
});
