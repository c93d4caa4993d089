/** What the first and the second signal do, on a process that is none. */
import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { listenForInterruption } from '../src/interruption.js';

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

function listen() {
  const exit = vi.fn<(code: number) => void>();
  const source = Object.assign(new EventEmitter(), { exit });
  const tell = vi.fn<(line: string) => void>();
  const interruption = listenForInterruption(tell, source);
  const send = (name: NodeJS.Signals) => source.emit(name, name);
  return { source, exit, tell, send, interruption };
}

describe('an interruption', () => {
  it.each(signals)('by %s is told, aborts, and ends nothing', (name, code) => {
    const { exit, tell, send, interruption } = listen();
    expect(interruption.signal.aborted).toBe(false);
    send(name);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode()).toBe(code);
    expect(tell).toHaveBeenCalledTimes(1);
    expect(exit).not.toHaveBeenCalled();
  });

  it.each(signals)('ends the process at a second signal, %s, with its code %i', (name, code) => {
    const { exit, tell, send } = listen();
    send('SIGINT');
    send(name);
    expect(exit.mock.calls).toEqual([[code]]);
    expect(tell).toHaveBeenCalledTimes(1);
  });

  it('calls whom it was told to call before anything is said or ended', () => {
    const { exit, tell, send, interruption } = listen();
    const heard: string[] = [];
    tell.mockImplementation(() => heard.push('told'));
    exit.mockImplementation(() => heard.push('ended'));
    interruption.beforeStop(() => heard.push('terminal given back'));
    send('SIGINT');
    send('SIGINT');
    expect(heard).toEqual(['terminal given back', 'told', 'terminal given back', 'ended']);
  });

  it('is not listened for any more after it has been disposed of', () => {
    const { source, tell, interruption } = listen();
    expect(source.eventNames()).toEqual(signals.map(([name]) => name));
    interruption.dispose();
    expect(source.eventNames()).toEqual([]);
    expect(tell).not.toHaveBeenCalled();
  });
});
