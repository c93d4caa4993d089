/** The explorable's worker in the test's own thread, behind a message channel: what is ended answers no more. */
import type { SpawnedWorker } from '@kindling/studies';
import { expose } from 'comlink';
import { type ExploreServer, serveExplore } from '../../src/explore/jobs/explore-server.js';

/** What was started and ended so far. */
export interface SpawnCount {
  started: number;
  ended: number;
}

/** Starts workers; with `server` they answer what it says, else they are the page's own. */
export function inThreadWorker(server?: Partial<ExploreServer>) {
  const count: SpawnCount = { started: 0, ended: 0 };
  const spawn = (): SpawnedWorker => {
    count.started += 1;
    const { port1, port2 } = new MessageChannel();
    if (server === undefined) serveExplore(port2);
    else expose(server, port2);
    return {
      endpoint: port1,
      onExit: () => {},
      terminate: () => {
        count.ended += 1;
        port1.close();
        port2.close();
      },
    };
  };
  return { spawn, count };
}
