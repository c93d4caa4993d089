import { InvalidArgumentError, KindlingError, OutOfMemoryError } from '@kindling/core';
import { describe, expect, it } from 'vitest';
import { fromErrorData, toErrorData } from '../src/errors/error-data.js';

/** As a worker's message does it. */
const cross = (thrown: unknown) => fromErrorData(structuredClone(toErrorData(thrown)));

describe('errors as data', () => {
  it('keeps class, message, stack, code, details and the chain of causes', () => {
    const root = Object.assign(new RangeError('root'), { code: 'ERR_ROOT' });
    const middle = new OutOfMemoryError('middle', { details: { bytes: 12 }, cause: root });
    const top = new InvalidArgumentError('top', {
      details: { names: ['a', 'b'], flag: null },
      cause: middle,
    });
    const arrived = cross(top);
    expect(arrived).toBeInstanceOf(InvalidArgumentError);
    expect(arrived).toMatchObject({ name: 'InvalidArgumentError', message: 'top', code: 'invalid-argument' });
    expect(arrived).toMatchObject({ details: { names: ['a', 'b'], flag: null }, stack: top.stack });
    expect(arrived.cause).toBeInstanceOf(OutOfMemoryError);
    expect(arrived.cause).toMatchObject({ message: 'middle', details: { bytes: 12 }, stack: middle.stack });
    const last = (arrived.cause as Error).cause as Error;
    expect(last).toBeInstanceOf(RangeError);
    expect(last).toMatchObject({ message: 'root', code: 'ERR_ROOT', stack: root.stack });
    expect(last.cause).toBeUndefined();
  });

  it('rebuilds an unknown Kindling class with its name, code and details', () => {
    class FarError extends KindlingError {
      override readonly name: string = 'FarError';

      constructor(message: string) {
        super('far-away', message, { details: { miles: 3 } });
      }
    }
    const arrived = cross(new FarError('hm'));
    expect(arrived).toBeInstanceOf(KindlingError);
    expect(arrived).not.toBeInstanceOf(InvalidArgumentError);
    expect(arrived).toMatchObject({
      name: 'FarError',
      message: 'hm',
      code: 'far-away',
      details: { miles: 3 },
    });
  });

  it('goes by the code and not by the name, which a bundler may change', () => {
    class OutOfMemoryError extends KindlingError {
      override readonly name: string = 'OutOfMemoryError';
    }
    const foreign = cross(new OutOfMemoryError('other', 'x'));
    expect(foreign.constructor).toBe(KindlingError);
    expect(foreign).toMatchObject({ name: 'OutOfMemoryError', code: 'other' });
    const minified = Object.assign(new InvalidArgumentError('x'), { name: 'a' });
    expect(cross(minified)).toBeInstanceOf(InvalidArgumentError);
    expect(cross(minified).name).toBe('InvalidArgumentError');
  });

  it('rebuilds an unknown class without a code as a KindlingError of the same name', () => {
    const arrived = cross(new DOMException('gone', 'AbortError'));
    expect(arrived).toBeInstanceOf(KindlingError);
    expect(arrived).toMatchObject({ name: 'AbortError', message: 'gone', code: 'worker-error' });
  });

  it('takes what is not an error, details that cannot be cloned, and causes in a circle', () => {
    expect(cross('just text')).toMatchObject({ name: 'NonError', message: 'just text' });
    expect(cross(undefined).message).toBe('undefined');
    const odd = new InvalidArgumentError('odd', { details: { f: (() => 1) as unknown as string } });
    expect(cross(odd)).toMatchObject({ details: { f: expect.stringContaining('=>') } });
    const circle = new Error('circle');
    circle.cause = circle;
    expect(cross(circle)).toMatchObject({ message: 'circle', cause: { message: 'circle' } });
  });
});
