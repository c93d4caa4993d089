import { createEngine, InvalidArgumentError, rootKey } from '@kindling/core';
import {
  checkInitializer,
  effectiveVariance,
  findInitializer,
  type Initializer,
  initializeNetwork,
  initializerNames,
} from '@kindling/initializers';
import { expect, it } from 'vitest';
import { network } from './networks-on-data.js';

const normal = { kind: 'stated-variance', distribution: 'normal', variance: 1 };

it('takes every initializer of the catalog', () => {
  for (const name of initializerNames) checkInitializer('test', findInitializer(name).initializer);
});

it.each<[unknown, string]>([
  [undefined, 'kind of initializer is missing; expected a kind there is'],
  [null, 'kind of initializer is missing'],
  ['he-normal', 'kind of initializer is missing'],
  [{}, 'kind of initializer is missing'],
  [{ kind: 'layer' }, 'kind of initializer is "layer"'],
  [{ kind: 'layerwise' }, 'weights is undefined; expected a law such as'],
  [{ kind: 'layerwise', weights: normal }, 'biases is undefined; expected a law such as {"kind":"zeros"}'],
  [{ kind: 'layerwise', weights: normal, biases: null }, 'biases is null; expected a law'],
  [{ kind: 'layerwise', weights: {}, biases: { kind: 'zeros' } }, 'kind of law is missing'],
  [{ kind: 'layerwise', weights: 'normal', biases: { kind: 'zeros' } }, 'kind of law is missing'],
  [{ kind: 'layerwise', weights: normal, biases: 0 }, 'kind of law is missing'],
  [{ kind: 'sign-flip' }, 'base is undefined'],
  [{ kind: 'sign-flip', base: { kind: 'layerwise', weights: normal } }, 'biases is undefined'],
])('refuses JSON that is %j in one line', (json, message) => {
  const initializer = json as Initializer;
  expect(() => checkInitializer('test', initializer)).toThrow(InvalidArgumentError);
  expect(() => checkInitializer('test', initializer)).toThrow(`test: ${message}`);
  const engine = createEngine();
  expect(() => initializeNetwork(engine, network(engine, [2, 2]), initializer, rootKey(1))).toThrow(
    `initializeNetwork: ${message}`,
  );
});

it('effectiveVariance refuses what is no initializer as one', () => {
  const nothing = undefined as unknown as Initializer;
  expect(() => effectiveVariance(nothing, { fanIn: 2, fanOut: 2 })).toThrow(
    'effectiveVariance: kind of initializer is missing',
  );
});
