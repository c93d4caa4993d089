/** What throws gives its work memory back. */
import {
  allocateDenseNetwork,
  allocateForward,
  allocateMatrix,
  createEngine,
  type RandomKey,
  rootKey,
} from '@kindling/core';
import { findInitializer, initializeNetwork } from '@kindling/initializers';
import {
  findDeadLayerOn,
  findTargetFunction,
  isConstant,
  sampleFunction,
  shuffle,
  type TargetFunction,
} from '@kindling/trainer';
import { expect, it } from 'vitest';

const engine = createEngine();

function expectNothingKept(run: () => unknown, message: string | RegExp) {
  const used = engine.arena.usedBytes;
  expect(run).toThrow(message);
  expect(engine.arena.usedBytes).toBe(used);
}

it('tests of outputs, on inputs that do not fit', () => {
  const network = allocateDenseNetwork(engine, { widths: [2, 3], outputs: 1 });
  initializeNetwork(engine, network, findInitializer('he-normal').initializer, rootKey(1));
  const wide = allocateMatrix(engine, 4, 3);
  const workspace = allocateForward(engine, network, 2);
  expectNothingKept(() => isConstant(engine, network, wide), /forward: the input is 4 × 3/);
  expectNothingKept(() => findDeadLayerOn(engine, network, wide), /forward: the input is 4 × 3/);
  const long = allocateMatrix(engine, 4, 2);
  expectNothingKept(() => isConstant(engine, network, long, { workspace }), /at most 2/);
  expectNothingKept(() => findDeadLayerOn(engine, network, long, workspace), /at most 2/);
});

it.each([{ count: 4 }, { count: 4, key: rootKey(1) }])(
  'sampleFunction of %j, when the function throws',
  (sample) => {
    const broken: TargetFunction = {
      ...findTargetFunction('absolute'),
      evaluate: () => {
        throw new Error('no value here');
      },
    };
    expectNothingKept(() => sampleFunction(engine, broken, sample), 'no value here');
  },
);

it('random orders and points, under what is no key', () => {
  const none = undefined as unknown as RandomKey;
  const order = engine.arena.allocate(16);
  expectNothingKept(() => shuffle(engine, none, 1, 4, order), /./);
  const absolute = findTargetFunction('absolute');
  const broken = { count: 4, key: null as unknown as RandomKey };
  expectNothingKept(() => sampleFunction(engine, absolute, broken), /./);
});
