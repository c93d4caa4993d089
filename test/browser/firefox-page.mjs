/**
 * Opens a page in a headless Firefox over WebDriver BiDi, which needs nothing but a WebSocket, and prints what it comes to.
 * A process of its own, as Node 20 has its WebSocket behind `--experimental-websocket`.
 *
 * Arguments: path of Firefox, address, a function that is run before the page's own scripts, and an expression that is
 * evaluated again and again until it is not null: a string, which is printed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [firefox, address, preload, expression] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), 'kindling-firefox-'));
const browser = spawn(firefox, [
  '--headless',
  '--no-remote',
  '--profile',
  profile,
  '--remote-debugging-port=0',
]);
const gone = new Promise((resolve) => browser.once('exit', resolve));

/** The address that Firefox prints when it can be asked. */
const endpoint = await new Promise((resolve, reject) => {
  let said = '';
  browser.stderr.on('data', (text) => {
    said += text;
    const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said);
    if (found !== null) resolve(`${found[1]}/session`);
  });
  browser.once('error', reject);
  gone.then(() => reject(new Error(`Firefox ended: ${said}`)));
});

const socket = new WebSocket(endpoint);
const waiting = new Map();
socket.addEventListener('message', ({ data }) => {
  const { id, type, result, message } = JSON.parse(data);
  const asked = waiting.get(id);
  waiting.delete(id);
  if (type === 'success') asked?.resolve(result);
  else asked?.reject(new Error(message));
});
await new Promise((resolve, reject) => {
  socket.addEventListener('open', resolve, { once: true });
  socket.addEventListener('error', () => reject(new Error('Firefox cannot be asked')), { once: true });
});

let calls = 0;
function ask(method, params) {
  calls += 1;
  const id = calls;
  socket.send(JSON.stringify({ id, method, params }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

try {
  await ask('session.new', { capabilities: {} });
  const { contexts } = await ask('browsingContext.getTree', {});
  const [{ context }] = contexts;
  await ask('script.addPreloadScript', { functionDeclaration: preload });
  await ask('browsingContext.navigate', { context, url: address, wait: 'complete' });
  for (;;) {
    const found = await ask('script.evaluate', { expression, target: { context }, awaitPromise: true });
    if (found.type === 'exception') throw new Error(found.exceptionDetails.text);
    if (found.result.type === 'string') {
      process.stdout.write(found.result.value);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
} finally {
  browser.kill();
  await gone;
  await rm(profile, { recursive: true, force: true });
}
