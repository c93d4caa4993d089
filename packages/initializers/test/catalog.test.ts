import { KindlingError } from '@kindling/core';
import {
  figure1Initializers,
  initializerLaw,
  initializerNames,
  initializerTitle,
  isInitializerName,
} from '@kindling/initializers';
import { expect, it } from 'vitest';

it('gives every name a law and a title of its own', () => {
  expect(new Set(initializerNames.map(initializerTitle)).size).toBe(initializerNames.length);
  expect(new Set(initializerNames.map((name) => JSON.stringify(initializerLaw(name)))).size).toBe(
    initializerNames.length,
  );
});

it('has the eight curves of figure 1, the uncorrected truncation among them', () => {
  expect(figure1Initializers).toHaveLength(8);
  expect(figure1Initializers).toContain('he-truncated-normal-uncorrected');
  expect(figure1Initializers).not.toContain('he-truncated-normal');
});

it.each(['He normal', 'he', '', '__proto__', 'toString'])('refuses %j and lists what it knows', (name) => {
  expect(isInitializerName(name)).toBe(false);
  expect(() => initializerLaw(name)).toThrow(/he-normal, he-uniform/);
  try {
    initializerTitle(name);
    expect.unreachable();
  } catch (error) {
    expect(KindlingError.isInstance(error) && error.details['known']).toEqual(initializerNames);
  }
});
