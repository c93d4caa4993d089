/** The optimizers there are, as plain settings, and what of them is refused. */
import { InvalidArgumentError } from '@kindling/core';

/** An optimizer and its settings. Plain JSON; all numbers are rounded to f32 where they meet parameters. */
export type Optimizer =
  | {
      /** θ ← θ − rate·g. */
      readonly kind: 'sgd';
      /** > 0, finite, and both in f32 too. */
      readonly learningRate: number;
    }
  | {
      /** v ← momentum·v + g; θ ← θ − rate·v (Polyak's heavy ball, as PyTorch and Keras count the rate). */
      readonly kind: 'momentum';
      readonly learningRate: number;
      /** 0 ≤ momentum < 1. */
      readonly momentum: number;
    }
  | {
      /** m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − rate·m̂/(√v̂ + ε) (Kingma & Ba, ICLR 2015). */
      readonly kind: 'adam';
      readonly learningRate: number;
      /** 0 ≤ β₁ < 1, default 0.9. */
      readonly beta1?: number;
      /** 0 ≤ β₂ < 1, default 0.999. */
      readonly beta2?: number;
      /** > 0 and not rounded to 0 in f32, default 1e−8. */
      readonly epsilon?: number;
    }
  | {
      /** m ← β₁m + (1 − β₁)g; u ← max(β₂u, |g| + ε); θ ← θ − rate·m̂/u (Kingma & Ba, ICLR 2015; the ε is PyTorch's). */
      readonly kind: 'adamax';
      readonly learningRate: number;
      /** 0 ≤ β₁ < 1, default 0.9. */
      readonly beta1?: number;
      /** 0 ≤ β₂ < 1, default 0.999. */
      readonly beta2?: number;
      /** > 0 and not rounded to 0 in f32, default 1e−8. */
      readonly epsilon?: number;
    }
  | {
      /** v ← decay·v + (1 − decay)g²; θ ← θ − rate·g/(√v + ε) (Tieleman & Hinton, 2012). */
      readonly kind: 'rmsprop';
      readonly learningRate: number;
      /** 0 ≤ decay < 1, default 0.99. */
      readonly decay?: number;
      /** > 0 and not rounded to 0 in f32, default 1e−8. */
      readonly epsilon?: number;
    }
  | {
      /** v ← v + g²; θ ← θ − rate·g/(√v + ε) (Duchi, Hazan & Singer, 2011). */
      readonly kind: 'adagrad';
      readonly learningRate: number;
      /** > 0 and not rounded to 0 in f32, default 1e−10, as in PyTorch: the sum of squares only grows. */
      readonly epsilon?: number;
    };

/** Numbers an optimizer remembers of every parameter. */
export const rememberedNumbers: Readonly<Record<Optimizer['kind'], number>> = {
  sgd: 0,
  momentum: 1,
  adam: 2,
  adamax: 2,
  rmsprop: 1,
  adagrad: 1,
};

/** β₁, β₂ and ε of Adam or Adamax, with their paper's defaults. */
export function momentsOf(optimizer: Extract<Optimizer, { readonly kind: 'adam' | 'adamax' }>) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimizer;
  return { beta1, beta2, epsilon };
}

/** The decay and ε of RMSprop, with their defaults. */
export function decayOf(optimizer: Extract<Optimizer, { readonly kind: 'rmsprop' }>) {
  const { decay = 0.99, epsilon = 1e-8 } = optimizer;
  return { decay, epsilon };
}

/** The ε of Adagrad, with its default. */
export function floorOf(optimizer: Extract<Optimizer, { readonly kind: 'adagrad' }>) {
  const { epsilon = 1e-10 } = optimizer;
  return { epsilon };
}

/**
 * Checks an optimizer's settings.
 *
 * @param caller named in the error
 * @throws InvalidArgumentError naming the setting
 */
export function checkOptimizer(caller: string, optimizer: Optimizer): void {
  const refuse = (name: string, value: unknown, expected: string) => {
    throw new InvalidArgumentError(`${caller}: ${name} is ${value}; expected ${expected}`);
  };
  const { kind, learningRate } = optimizer;
  if (!Object.hasOwn(rememberedNumbers, kind)) {
    refuse('the optimizer', kind, 'sgd, momentum, adam, adamax, rmsprop or adagrad');
  }
  if (!isPositiveFloat(learningRate)) {
    refuse('learningRate', learningRate, `a positive finite number, ${floatRange}`);
  }
  for (const [name, value] of Object.entries(settingsOf(optimizer))) {
    if (name === 'epsilon') {
      if (!isPositiveFloat(value)) refuse(name, value, `a positive finite number, ${floatRange}`);
    } else if (!(value >= 0 && Math.fround(value) < 1)) {
      refuse(name, value, 'a number from 0 to less than 1');
    }
  }
}

/** Everything but the rate, defaults filled in: an ε, and shares that are kept. */
function settingsOf(optimizer: Optimizer): Readonly<Record<string, number>> {
  switch (optimizer.kind) {
    case 'momentum':
      return { momentum: optimizer.momentum };
    case 'adam':
    case 'adamax':
      return momentsOf(optimizer);
    case 'rmsprop':
      return decayOf(optimizer);
    case 'adagrad':
      return floorOf(optimizer);
    default:
      return {};
  }
}

const floatRange = 'from 1.5e-45 to 3.4e38 as f32 holds them';

function isPositiveFloat(value: number): boolean {
  return Math.fround(value) > 0 && Number.isFinite(Math.fround(value));
}
