/** Numbers as figures print them. Apart from what draws, because studies' styles need it and workers load those. */

/** A hundredth of a pixel: finer than anyone sees, coarse enough to be the same everywhere. */
export function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
