/** Long work in this thread: its result comes back, Ctrl-C is heard between steps, short work says nothing. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Output, openOutput } from '../src/output/output.js';
import { runSteps, type StepProgress, workState } from '../src/progress/run-steps.js';

function capture(): { readonly output: Output; readonly text: () => string } {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  const output = openOutput(Object.assign(stream, { isTTY: false, columns: 0 }) as NodeJS.WriteStream, {});
  return { output, text: () => text };
}

/** Steps of `ms` each, without sleeping: what work in this thread is like. */
function* busy(
  total: number,
  ms: number,
  atStep: (done: number) => void = () => {},
): Generator<StepProgress, string> {
  for (let done = 1; done <= total; done++) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    atStep(done);
    yield { done, total };
  }
  return 'result';
}

describe('work in steps', () => {
  it('gives its result, and says nothing when it is short', async () => {
    const { output, text } = capture();
    expect(await runSteps(busy(20, 1), { stderr: output, now: () => 0 }, 'nets')).toEqual({
      ended: 'finished',
      result: 'result',
    });
    expect(text()).toBe('');
  });

  it('tells how far it is when it is long', async () => {
    const { output, text } = capture();
    let clock = 0;
    const steps = busy(20, 32, () => {
      clock += 500;
    });
    await runSteps(steps, { stderr: output, now: () => clock }, 'nets of he-normal');
    // Silent for a second and a half, then at once, and again after a tenth of the work and a second.
    expect(text().split('\n').slice(0, 2)).toEqual([
      ' 15 %  3 of 20 trials, about 9 s left – nets of he-normal',
      ' 25 %  5 of 20 trials, about 8 s left – nets of he-normal',
    ]);
  });

  it('depends on the clock it is given, not on how fast the machine is', async () => {
    const { output, text } = capture();
    await runSteps(busy(10, 40), { stderr: output, now: () => 0 }, 'nets');
    expect(text()).toBe('');
  });

  it('does not foretell from the first trials', () => {
    expect(workState({ done: 4, total: 100 }, 1000).secondsLeft).toBeNull();
    expect(workState({ done: 5, total: 100 }, 1000).secondsLeft).toBeCloseTo(19, 9);
  });

  it('stops at a signal, with its exit code and one line that says how far it was', async () => {
    const before = process.listenerCount('SIGTERM');
    const { output, text } = capture();
    const steps = busy(10_000, 1, (done) => {
      if (done === 50) process.kill(process.pid, 'SIGTERM');
    });
    expect(await runSteps(steps, { stderr: output, now: () => 0 }, 'nets')).toEqual({
      ended: 'interrupted',
      exitCode: 143,
    });
    expect(text()).toMatch(/^Stopping\..*\nInterrupted after [\d,]+ of 10,000 trials; [^\n]+\n$/);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('passes an error on and listens no longer', async () => {
    const before = process.listenerCount('SIGINT');
    const { output } = capture();
    const steps = busy(5, 1, () => {
      throw new RangeError('of the work');
    });
    await expect(runSteps(steps, { stderr: output, now: () => 0 }, 'nets')).rejects.toThrow('of the work');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
