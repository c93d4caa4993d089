import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { nodeEndpoint, workerThread } from '@kindling/trainer/node';
import { expose, proxy, type Remote, releaseProxy, wrap } from 'comlink';
import { describe, expect, it } from 'vitest';
import { serveWorkerThread } from '../src/node/serve-worker-thread.js';

interface OddWorker {
  double(value: number): number;
  sum(bytes: Uint8Array): number;
  tell(listener: (word: string) => void): Promise<string>;
  spin(): void;
  leave(): void;
  crash(): Promise<void>;
}

function start(file = './fixtures/odd-worker.mjs') {
  const worker = workerThread(new URL(file, import.meta.url))();
  const ended = new Promise<Error>((resolve) => worker.onExit(resolve));
  return { worker, ended, remote: wrap<OddWorker>(worker.endpoint) };
}

/** Sends a call whose answer never comes. */
const send = (call: (remote: Remote<OddWorker>) => Promise<unknown>, remote: Remote<OddWorker>) => {
  call(remote).catch(() => {});
};

describe('workerThread', () => {
  it('answers calls, calls back and shares memory', async () => {
    const { worker, remote } = start();
    expect(await remote.double(21)).toBe(42);
    const words: string[] = [];
    expect(await remote.tell(proxy((word: string) => void words.push(word)))).toBe('told');
    expect(words).toEqual(['one', 'two']);
    const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(5);
    expect(await remote.sum(shared)).toBe(15);
    await worker.terminate();
  });

  it('ends a thread in an endless loop', async () => {
    const { worker, ended, remote } = start();
    expect(await remote.double(1)).toBe(2);
    send((odd) => odd.spin(), remote);
    await worker.terminate();
    await worker.terminate();
    expect((await ended).message).toContain('exit code');
  });

  it('tells of a thread that leaves, crashes or cannot be loaded', async () => {
    const leaver = start();
    send((odd) => odd.leave(), leaver.remote);
    expect((await leaver.ended).message).toContain('exit code 7');
    const crasher = start();
    send((odd) => odd.crash(), crasher.remote);
    expect((await crasher.ended).message).toBe('uncaught');
    const missing = start('./fixtures/no-such-worker.mjs');
    expect((await missing.ended).message).toContain('no-such-worker');
  });
});

describe('nodeEndpoint', () => {
  it('serves both kinds of listeners once each and lets go of them', async () => {
    const { port1, port2 } = new MessageChannel();
    const endpoint = nodeEndpoint(port1);
    const heard: unknown[] = [];
    const plain = (event: Event) => void heard.push((event as MessageEvent).data);
    const object = { handleEvent: (event: Event) => void heard.push([(event as MessageEvent).data]) };
    endpoint.addEventListener('message', plain);
    endpoint.addEventListener('message', plain);
    endpoint.addEventListener('message', object);
    endpoint.addEventListener('error', plain);
    port2.postMessage(1);
    await once(port1, 'message');
    expect(heard).toEqual([1, [1]]);
    endpoint.removeEventListener('message', plain);
    endpoint.removeEventListener('message', object);
    expect(port1.listenerCount('message')).toBe(0);
    port1.close();
  });

  it('transfers, and releases a proxy on both sides', async () => {
    const { port1, port2 } = new MessageChannel();
    expose({ size: (bytes: Uint8Array) => bytes.length }, nodeEndpoint(port2));
    const remote = wrap<{ size(bytes: Uint8Array): number }>(nodeEndpoint(port1));
    expect(await remote.size(new Uint8Array(9))).toBe(9);
    const answered = once(port1, 'message');
    remote[releaseProxy]();
    await answered;
    expect(port2.listenerCount('message')).toBe(0);
    expect(() => remote.size(new Uint8Array(1))).toThrow('released');
    port1.close();
  });
});

describe('serveWorkerThread', () => {
  it('serves nothing in the main thread of a process, and says so', async () => {
    // Under a test runner this module may itself be in a thread: then there is a parent to serve.
    const { parentPort } = await import('node:worker_threads');
    if (parentPort === null) expect(() => serveWorkerThread()).toThrow('main thread');
    else expect(() => serveWorkerThread({ find: () => Promise.reject() as never })).not.toThrow();
  });
});
