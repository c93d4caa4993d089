/** The explorable page as files on this machine: served to its browser, and sent nowhere. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { UsageError } from './usage-error.js';

/** Where the page listens. */
export interface PageServerOptions {
  /** 127.0.0.1 lets only this machine in. */
  readonly host: string;
  /** 0 … 65,535; 0 takes any free port. */
  readonly port: number;
  /** Take the next free port where `port` is in use, instead of refusing. */
  readonly orNext: boolean;
}

/** A page that can be opened. */
export interface PageServer {
  /** Such as `http://127.0.0.1:4173/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** How many ports are tried where the first is in use. */
const mostPorts = 20;

/**
 * Serves the page until it is closed, cross-origin isolated, so that its workers share memory. Answers GET and HEAD.
 *
 * @throws UsageError when the port or the host cannot be had, or the host is empty, which would let everybody in
 */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  if (options.host.trim() === '') {
    throw new UsageError('--host is empty; expected an address of this machine, such as 127.0.0.1');
  }
  const files = sirv(fileURLToPath(new URL('../dist/page', import.meta.url)), {
    etag: true,
    setHeaders: (response) => {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('X-Content-Type-Options', 'nosniff');
    },
  });
  const server = createServer((request, response) => {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(response, 405, 'only GET and HEAD');
      return;
    }
    // Files are answered whole, as a server may (RFC 9110, 14.2): sirv throws at a range that ends before it begins, and misreads the last n bytes.
    delete request.headers.range;
    files(request, response, () => refuse(response, 404, 'not found'));
  });
  const port = await listen(server, options);
  return {
    url: `http://${addressToOpen(options.host)}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

/** All addresses of a machine are none that a browser could open: the one of the machine itself stands for them. */
function addressToOpen(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function listen(server: Server, { host, port, orNext }: PageServerOptions): Promise<number> {
  const ports = orNext && port > 0 ? Math.min(mostPorts, 65_536 - port) : 1;
  for (let tried = 0; tried < ports; tried++) {
    const failure = await attempt(server, host, port + tried);
    if (failure === null) {
      const address = server.address();
      return address === null || typeof address === 'string' ? port + tried : address.port;
    }
    if (failure.code !== 'EADDRINUSE' || tried === ports - 1)
      throw new UsageError(refusal(failure, host, port));
  }
  throw new UsageError(`--port ${port} cannot be had; expected a port that is free`);
}

/** Null once it listens. */
function attempt(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      resolve(error);
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve(null);
    });
  });
}

function refusal({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `--port ${port} is in use; expected a free port — leave the flag out for any`;
  if (code === 'EACCES') return `--port ${port} is not allowed; expected a port from 1024 up`;
  return `--host ${host} cannot be listened on; expected an address of this machine, got ${message}`;
}
