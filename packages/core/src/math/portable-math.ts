/**
 * Elementary functions of f64 with the same bits in every engine: the host's own (`Math.log` and kin) may differ in the last
 * digit. They are kernels compiled into the module, so no engine has to be handed around for a formula.
 */

import { strictKernels } from '../generated/strict-kernels.js';
import type { KernelExports } from '../kernels/kernel-exports.js';
import { loadKernels } from '../kernels/load-kernels.js';

/** Functions of one f64, each within 1 ulp or so, with IEEE's answers for NaN, ±∞ and ±0. */
export interface PortableMath {
  /** Natural logarithm: −∞ at 0, NaN below. */
  log(x: number): number;
  /** eˣ: 0 below −745.2, ∞ above 709.8. */
  exp(x: number): number;
  /** Sine of an angle in radians: NaN at ±∞. */
  sin(x: number): number;
  /** The angle in [−π/2, π/2] whose tangent is x. */
  atan(x: number): number;
}

let kernels: KernelExports | undefined;

/** Instantiated at the first call in a thread, on a page of memory that nothing else uses. */
function loaded(): KernelExports {
  kernels ??= loadKernels(strictKernels).exports;
  return kernels;
}

/**
 * log, exp, sin and atan of f64, the same bits everywhere. About 20 ns a call.
 *
 * @throws UnsupportedEngineError at the first call where there is no WebAssembly SIMD
 */
export const portableMath: PortableMath = {
  log: (x) => loaded().log_f64(x),
  exp: (x) => loaded().exp_f64(x),
  sin: (x) => loaded().sin_f64(x),
  atan: (x) => loaded().atan_f64(x),
};
