/**
 * A port of node:worker_threads as a page's worker is, and as comlink wants it: with DOM-style listeners that get an event with
 * `data`. comlink has such an adapter, but its types cannot be reached through its package and its path differs between bundlers.
 */
import type { Transferable as NodeTransferable } from 'node:worker_threads';
import type { WorkerEndpoint } from '../threads/worker.js';

/** What a `Worker`, a `MessagePort` and `parentPort` have in common. */
export interface NodePort {
  postMessage(message: unknown, transfer?: readonly NodeTransferable[]): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  off(event: 'message', listener: (data: unknown) => void): unknown;
  start?(): void;
}

type Listener = Parameters<WorkerEndpoint['addEventListener']>[1];

/** The endpoint of `port`. Listeners of other events than `message` are not served. */
export function nodeEndpoint(port: NodePort): WorkerEndpoint {
  const listeners = new Map<Listener, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, transfer?: Transferable[]) => {
      // The two platforms name the same things: what is transferred are MessagePorts and ArrayBuffers.
      port.postMessage(message, transfer as readonly unknown[] as readonly NodeTransferable[]);
    },
    addEventListener: (type, listener) => {
      if (type !== 'message' || listeners.has(listener)) return;
      const receive = (data: unknown) => {
        const event = new MessageEvent('message', { data });
        if (typeof listener === 'function') listener(event);
        else listener.handleEvent(event);
      };
      listeners.set(listener, receive);
      port.on('message', receive);
    },
    removeEventListener: (type, listener) => {
      const receive = listeners.get(listener);
      if (type !== 'message' || receive === undefined) return;
      listeners.delete(listener);
      port.off('message', receive);
    },
    start: () => port.start?.(),
  };
}
