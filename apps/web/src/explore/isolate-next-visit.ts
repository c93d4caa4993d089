/**
 * Asks the browser to give the next visit the headers that make a page cross-origin isolated, where the host does not send
 * them: workers then share the images instead of having a copy each. This visit goes on as it is; the page never
 * reloads itself. Where service workers are not to be had, nothing is lost.
 */

/** Registers `isolate.js` beside the page, once all that the visitor waits for has arrived. */
export function isolateNextVisit(): void {
  if (import.meta.env.DEV || globalThis.crossOriginIsolated === true || !('serviceWorker' in navigator))
    return;
  const register = () => {
    navigator.serviceWorker.register(new URL('isolate.js', document.baseURI)).catch(() => {});
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
