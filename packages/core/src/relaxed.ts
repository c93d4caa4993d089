/**
 * @kindling/core/relaxed — the relaxed build of the kernels, for `createEngine({ kernels: relaxedKernels })`. It lies behind an
 * entry of its own so that a page that does not ask for it does not load it.
 */
export { relaxedKernels } from './generated/relaxed-kernels.js';
