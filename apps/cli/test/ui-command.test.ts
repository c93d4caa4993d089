/** `kindling ui`: the page is served whole, isolated, to this machine alone, and what cannot be is refused in a line. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { servePage } from '../src/page-server.js';
import { run } from './run-command.js';

async function open(options: Partial<Parameters<typeof servePage>[0]> = {}) {
  const server = await servePage({ host: '127.0.0.1', port: 0, orNext: false, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A port that somebody else listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('the server of the page', () => {
  it('serves every file the page names, isolated from other pages', async () => {
    const { url } = await open();
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const names = [...(await page.text()).matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(names.filter((name) => name.endsWith('.js')).length).toBeGreaterThan(0);
    for (const name of names) {
      const answer = await fetch(new URL(name, url));
      expect([name, answer.status]).toEqual([name, 200]);
      if (name.endsWith('.js')) expect(answer.headers.get('content-type')).toMatch(/javascript/);
      await answer.arrayBuffer();
    }
  });

  it('serves nothing beside the page', async () => {
    const { url } = await open();
    for (const path of ['nothing.js', '..%2fpackage.json', '%2e%2e/main.js', '%00', '%E0%A4%A']) {
      const answer = await fetch(`${url}${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('answers whole files whatever range is asked for, and lives on', async () => {
    const { url } = await open();
    const whole = (await (await fetch(url)).arrayBuffer()).byteLength;
    for (const range of ['bytes=5-2', 'bytes=-5', 'bytes=0-9', 'bytes=999999999-', 'lines=1-2', '']) {
      const answer = await fetch(`${url}index.html`, { headers: { range } });
      expect([range, answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([range, 200, whole]);
    }
  });

  it('takes nothing from a browser', async () => {
    const { url } = await open();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await fetch(url, { method });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
    }
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('tells an address that a browser can open, and refuses an empty host', async () => {
    const { url } = await open({ host: '0.0.0.0' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(url)).status).toBe(200);
    for (const host of ['', ' ']) await expect(open({ host })).rejects.toThrow('--host is empty');
  });

  it('takes the next port where the usual one is in use, and refuses one that was asked for', async () => {
    const port = await takenPort();
    const { url } = await open({ port, orNext: true });
    expect(Number(new URL(url).port)).toBeGreaterThan(port);
    await expect(servePage({ host: '127.0.0.1', port, orNext: false })).rejects.toThrow(
      `--port ${port} is in use`,
    );
  });

  it('is gone when it is closed', async () => {
    const server = await servePage({ host: '127.0.0.1', port: 0, orNext: false });
    await (await fetch(server.url)).text();
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

describe('kindling ui', () => {
  it.each([
    ['ui --port 65536', '--port is "65536"; expected a whole number from 0 to 65535'],
    ['ui --port 1e3', '--port is "1e3"; expected a whole number from 0 to 65535'],
    [
      'ui --host 203.0.113.7',
      '--host 203.0.113.7 cannot be listened on; expected an address of this machine',
    ],
  ])('%s is refused in one line', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
