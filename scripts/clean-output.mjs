/**
 * Removes the `dist` of the package it is run in. The compiler never deletes what it wrote for a source that is gone, and
 * a package would ship it.
 */
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
