/**
 * The address bar follows the question, but not at every step of a slider: browsers refuse an address that changes hundreds
 * of times, and each change costs tens of milliseconds.
 */

/** Milliseconds of quiet before the address is changed. */
const quiet = 180;

/** What takes a query, with its `?`, and puts it into the address bar when no other one follows soon, or the page is left. */
export function addressWriter(): (query: string) => void {
  let wanted: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    if (wanted !== null) history.replaceState(null, '', `${location.pathname}${wanted}${location.hash}`);
    wanted = null;
  };
  addEventListener('pagehide', write);
  return (query) => {
    wanted = query;
    clearTimeout(timer);
    timer = setTimeout(write, quiet);
  };
}
