/** What a judgment depends on: a net, how it is drawn, and what is known of its inputs. */
import type { Architecture, RandomKey } from '@kindling/core';
import type { InitializationData, Initializer } from '@kindling/initializers';

/** What every setting has. */
interface DrawnNet {
  readonly initializer: Initializer;
  readonly initializerName: string | null;
  readonly key: RandomKey;
  readonly data: InitializationData | null;
  /** M₀ of the data; 1 without. */
  readonly inputLength: number;
  /** Nets to simulate where theory does not suffice; null for as many as a second or so allows. */
  readonly trials: number | null;
}

/** A fully connected ReLU net. */
export interface DenseSetting extends DrawnNet {
  readonly kind: 'dense';
  /** The input's width, then every ReLU layer's. */
  readonly widths: readonly number[];
  readonly outputs: number;
  /** What the weights of each hidden layer are multiplied by after they are drawn. */
  readonly weightScales: readonly number[] | null;
}

/** Any other net. */
export interface NetworkSetting extends DrawnNet {
  readonly kind: 'network';
  readonly architecture: Architecture;
}

/** Everything a judgment depends on. */
export type Setting = DenseSetting | NetworkSetting;
