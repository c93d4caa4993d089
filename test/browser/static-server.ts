/**
 * A small static file server for the browser tests: one folder, under any path, with or without the headers that make
 * a page cross-origin isolated. It keeps a list of what it could not find, so that a test can tell a missing file.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

/** How a folder is served. */
export interface StaticServerOptions {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Send `Cross-Origin-Opener-Policy` and `Cross-Origin-Embedder-Policy`, which isolate the page. */
  readonly isolated: boolean;
  /** Path under which the folder appears, with a slash at both ends, such as `/` or `/demo/kindling/`. */
  readonly prefix: string;
  /** Paths inside the folder to answer with 404 although they exist. Default: none. */
  readonly missing?: RegExp;
}

/** A server that is listening on a free port of this machine. */
export interface StaticServer {
  /** Address of the folder's index page, such as `http://127.0.0.1:40123/demo/`. */
  readonly url: string;
  /** Paths that were asked for and not found. */
  readonly notFound: readonly string[];
  close(): Promise<void>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.gz': 'application/gzip',
};

/** Serves a folder until it is closed. */
export async function startStaticServer(options: StaticServerOptions): Promise<StaticServer> {
  const { folder, isolated, prefix, missing } = options;
  const notFound: string[] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://local').pathname);
    const inside = path.startsWith(prefix) ? path.slice(prefix.length) : null;
    const file = inside === null ? null : normalize(join(folder, inside === '' ? 'index.html' : inside));
    const body =
      file === null || !file.startsWith(folder + sep) || missing?.test(inside ?? '')
        ? null
        : await readFile(file).catch(() => null);
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (body === null || file === null) {
      notFound.push(path);
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    response.setHeader('Content-Type', mediaTypes[extname(file)] ?? 'application/octet-stream');
    response.writeHead(200).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('static server: it has no port');
  return {
    url: `http://127.0.0.1:${address.port}${prefix}`,
    notFound,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
