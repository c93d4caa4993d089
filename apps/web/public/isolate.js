/**
 * A service worker for hosts that cannot send headers: it gives every answer of this folder the two that make a page
 * cross-origin isolated, so that from the second visit on workers share memory. It keeps nothing, works in no other
 * folder, and the page never reloads itself for it: without isolation everything works, each worker with its own copy.
 */
addEventListener('install', () => skipWaiting());

addEventListener('fetch', (event) => {
  const { request } = event;
  // A request of the developer tools that may not leave the cache must not be made anew.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  if (new URL(request.url).origin !== location.origin) return;
  event.respondWith(isolated(request));
});

async function isolated(request) {
  const response = await fetch(request);
  if (response.status === 0 || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  // A body may not be given with these.
  const body = [101, 204, 205, 304].includes(status) ? null : response.body;
  return new Response(body, { status, statusText, headers });
}
