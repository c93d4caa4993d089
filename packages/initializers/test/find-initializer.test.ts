import { KindlingError } from '@kindling/core';
import {
  effectiveVariance,
  findInitializer,
  initializerAliases,
  initializerNames,
  initializerTitle,
  isInitializerName,
  needsData,
} from '@kindling/initializers';
import { describe, expect, it } from 'vitest';

it('gives every name an initializer, a title and a source; titles are distinct', () => {
  expect(new Set(initializerNames.map(initializerTitle)).size).toBe(initializerNames.length);
  for (const name of initializerNames) {
    const found = findInitializer(name);
    expect(found).toMatchObject({ name, title: initializerTitle(name) });
    expect(found.source.length).toBeGreaterThan(5);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  }
});

it('means the same by an alias', () => {
  for (const [alias, name] of Object.entries(initializerAliases)) {
    expect(findInitializer(alias)).toEqual(findInitializer(name));
    expect(isInitializerName(alias)).toBe(false);
  }
  expect(findInitializer('tfjs:heNormal').name).toBe('tfjs:he-normal');
});

/** Of a layer of 100 inputs and 300 units: Var(w), E[w], Var(b), E[b]. From each library's source or documentation. */
const presets: readonly (readonly [string, string, string, number, number, number, number])[] = [
  ['pytorch:linear', 'PyTorch', '2', 1 / 300, 0, 1 / 300, 0],
  ['keras:dense', 'Keras', '3', 2 / 400, 0, 0, 0],
  ['tfjs:dense', 'TensorFlow.js', '4.22', (0.7737413 * 2) / 400, 0, 0, 0],
  ['tfjs:he-normal', 'TensorFlow.js', '4.22', (0.7737413 * 2) / 100, 0, 0, 0],
  ['flax:dense', 'Flax', '0.10', 1 / 100, 0, 0, 0],
  ['brainjs', 'brain.js', '1.6', 0.04 / 3, 0, 0.04 / 3, 0],
  ['synaptic', 'synaptic', '1.1', 0.01 / 3, 0, 0.01 / 3, 0],
  ['neataptic', 'neataptic', '1.4', 0.01 / 3, 0, 0.01 / 3, 0],
  ['convnetjs', 'ConvNetJS', '0.3', 1 / 100, 0, 0, 0.1],
  ['ml-fnn', 'ml-fnn', '5', 1 / 1200, 0.05, 0, 0],
  ['tensorflow-playground', 'TensorFlow Playground', '2016', 0.25 / 3, 0, 0, 0.1],
];

it.each(presets)(
  '%s is the default of %s %s',
  (name, library, version, variance, mean, biasVariance, biasMean) => {
    const { preset, initializer } = findInitializer(name);
    expect(preset).toEqual({ library, version });
    const effective = effectiveVariance(initializer, { fanIn: 100, fanOut: 300 });
    expect(effective.variance / variance).toBeCloseTo(1, 7);
    expect(effective.mean).toBeCloseTo(mean, 12);
    expect(effective.biasVariance).toBeCloseTo(biasVariance, 12);
    expect(effective.biasMean).toBeCloseTo(biasMean, 12);
  },
);

it('knows every preset by library and version', () => {
  const listed = initializerNames.filter((name) => findInitializer(name).preset !== undefined);
  expect(listed).toEqual(presets.map(([name]) => name));
});

describe('expressions', () => {
  const fans = { fanIn: 100, fanOut: 100 };
  it.each([
    ['normal:variance=0.01', { variance: 0.01 }],
    ['he-normal:slope=0.2', { variance: 0.02 / 1.04 }],
    ['he-truncated-normal-uncorrected:gain=1.137', { variance: 0.02 * 0.7737413035499232 * 1.137 ** 2 }],
    ['he-normal:bias-variance=0.1', { variance: 0.02, biasVariance: 0.1 }],
    ['he-normal: slope = 0.2 , bias-variance = 0.1', { variance: 0.02 / 1.04, biasVariance: 0.1 }],
    ['he-normal:bias=0.1', { biasMean: 0.1, biasVariance: 0 }],
    ['he-normal:bias=0', { biasMean: 0, symmetric: true }],
    ['orthogonal:gain=1.4', { variance: 1.96 / 100 }],
    ['constant:value=0.1', { mean: 0.1, variance: 0 }],
    ['uniform:low=-1,high=2', { mean: 0.5, variance: 0.75 }],
    ['uniform:high=0.3', { mean: 0, variance: 0.03 }],
    ['student-t:variance=2,degrees-of-freedom=10', { variance: 2, excessKurtosis: 1 }],
    ['sparse:sparsity=0.5,deviation=0.1', { variance: 0.005, excessKurtosis: 3 }],
    ['variance-scaling:scale=2,mode=fan-out,distribution=uniform', { variance: 0.02, excessKurtosis: -1.2 }],
    ['variance-scaling:degrees-of-freedom=10,distribution=student-t', { variance: 0.01, excessKurtosis: 1 }],
    ['pytorch:linear:bias-variance=0', { biasVariance: 0 }],
    ['tfjs:heNormal:bias=1', { biasMean: 1 }],
  ])('%s', (expression, expected) => {
    const effective: Readonly<Record<string, unknown>> = {
      ...effectiveVariance(findInitializer(expression).initializer, fans),
    };
    for (const [field, value] of Object.entries(expected)) {
      if (typeof value === 'number') expect(effective[field], field).toBeCloseTo(value, 10);
      else expect(effective[field], field).toBe(value);
    }
  });

  it('reach initializers that look at data, too', () => {
    expect(findInitializer('lsuv:tolerance=0.01,max-tries=3').initializer).toEqual({
      kind: 'lsuv',
      tolerance: 0.01,
      maxTries: 3,
    });
    expect(findInitializer('data-dependent:weight-deviation=0.8,bias-deviation=0.3').initializer).toEqual({
      kind: 'data-dependent',
      anchors: 'cycle',
      weightDeviation: 0.8,
      biasDeviation: 0.3,
    });
    const flipped = findInitializer('sign-flip:base=pytorch:linear').initializer;
    expect(flipped).toEqual({ kind: 'sign-flip', base: findInitializer('pytorch:linear').initializer });
    expect(needsData(flipped)).toBe(true);
  });

  it('keep what was typed in the name, in one spelling', () => {
    expect(findInitializer('kaiming-normal: slope=0.2').name).toBe('he-normal:slope=0.2');
    expect(findInitializer('he-normal:slope=0.2').title).toBe('He normal (slope=0.2)');
  });
});

describe('messages are one line that names the argument', () => {
  it.each(['He normal', 'he', '', '__proto__', 'toString', 'he:slope=1', 'xavier'])(
    'unknown name %j',
    (name) => {
      expect(isInitializerName(name)).toBe(false);
      const error = errorOf(name);
      expect(error.message).toMatch(
        /^findInitializer: there is no initializer ".*"; expected one of he-normal, he-uniform/,
      );
      expect(error.details['known']).toEqual(initializerNames);
    },
  );

  it.each([
    ['normal:variance=-1', 'initializer "normal": variance is "-1"; expected a positive finite number'],
    ['normal:variance=0', 'variance is "0"; expected a positive'],
    ['normal:variance=NaN', 'variance is "NaN"; expected a positive'],
    ['normal:variance=Infinity', 'variance is "Infinity"; expected a positive'],
    ['normal:variance=1e999', 'variance is "1e999"; expected a positive'],
    ['normal:variance=', 'variance is ""; expected a positive'],
    ['normal:variance=0x10', 'variance is "0x10"'],
    ['he-normal:bias-variance=-0.1', 'bias-variance is "-0.1"; expected a finite number ≥ 0'],
    [
      'he-normal:variance=1',
      'cannot set "variance"; expected slope, gain, bias, bias-variance (as key=value)',
    ],
    ['he-normal:slope=0.2,', 'cannot set ""'],
    ['rai:gain=2', 'initializer "rai": cannot set "gain"; expected nothing to set'],
    ['normal:variance=1,toString=2', 'cannot set "toString"'],
    ['uniform:low=1', 'high is -1; expected a number > low = 1'],
    ['student-t:degrees-of-freedom=2', 'expected a finite number > 2'],
    ['sparse:sparsity=1', 'expected a number ≥ 0 and < 1'],
    ['lsuv:max-tries=1.5', 'expected an integer ≥ 1'],
    ['variance-scaling:mode=fan', 'expected one of fan-in, fan-out, fan-average'],
    ['sign-flip:base=lsuv', 'base is "lsuv"; expected the name of an initializer that needs no data'],
    ['sign-flip:base=rai', 'base is "rai"'],
    ['he-normal:gain=1e200', 'scale is Infinity'],
    [
      'uniform:low=-1,variance=4',
      'initializer "uniform": low is set beside variance; expected one of the two',
    ],
    ['uniform:variance=4,high=1', 'high is set beside variance'],
    ['he-normal:bias=1,bias-variance=2', 'bias is set beside bias-variance'],
    ['he-normal:bias-variance=0,bias=0', 'bias is set beside bias-variance'],
    ['he-normal:slope=0.1,slope=0.2', 'slope is set twice; expected each key once'],
    ['variance-scaling:degrees-of-freedom=7', 'the distribution is truncated-normal, which has none'],
    ['variance-scaling:distribution=laplace,degrees-of-freedom=7', 'the distribution is laplace'],
  ])('%s', (expression, message) => {
    expect(errorOf(expression).message).toContain(message);
    expect(errorOf(expression).message).not.toContain('\n');
  });
});

function errorOf(expression: string): KindlingError {
  try {
    findInitializer(expression);
  } catch (error) {
    if (KindlingError.isInstance(error)) return error;
  }
  throw new Error(`"${expression}" was taken`);
}
