/** The nets of the study, of any depth: fully connected and convolutional. */
import { type Architecture, denseArchitecture, type Layer } from '@kindling/core';

/** What each is called. */
export const familyTitles = {
  dense: 'fully connected nets of width 50',
  conv: 'convolutional nets of 8 channels',
} as const;

/** A family of nets. */
export type LawFamilyName = keyof typeof familyTitles;

/** The names. */
export const lawFamilyNames = Object.keys(familyTitles) as readonly LawFamilyName[];

const width = 50;
const channels = 8;

const convolution = (stride: 1 | 2): Layer => ({
  kind: 'conv2d',
  filters: channels,
  kernel: [3, 3],
  stride,
  padding: 'zero',
  activation: 'relu',
});

/**
 * `dense`: `depth` hidden layers of 50. `conv`: `depth` convolutions of 3 × 3 with 8 channels, the first two of stride 2, then flatten. Both
 * end in one linear output a class.
 */
export function familyNet(
  family: LawFamilyName,
  depth: number,
  { side, classes }: { readonly side: number; readonly classes: number },
): Architecture {
  if (family === 'dense') {
    return denseArchitecture({
      widths: [side * side, ...new Array<number>(depth).fill(width)],
      outputs: classes,
    });
  }
  return {
    input: { height: side, width: side, channels: 1 },
    layers: [
      ...Array.from({ length: depth }, (_, i) => convolution(i < 2 ? 2 : 1)),
      { kind: 'flatten' },
      { kind: 'dense', units: classes, activation: 'linear' },
    ],
  };
}
