/** From the address to a question that can be asked: what in it cannot be is left out and told. */
import { type ExploreQuestion, parseExploreText } from '@kindling/studies';
import { presets } from './presets.js';

/** What an address says. */
export interface ReadAddress {
  readonly question: ExploreQuestion;
  /** What was left out, in words. */
  readonly problems: readonly string[];
}

/** Reads the query of the page's address, with or without its `?`. Never throws; an empty one is the first preset. */
export function readAddress(search: string): ReadAddress {
  const [first] = presets;
  if (first === undefined) throw new RangeError('there is no preset');
  const entries = [...new URLSearchParams(search)];
  if (entries.length === 0) return { question: first.question, problems: [] };
  const whole = parseExploreText(search);
  const problems = whole.problems.map(({ field, message }) => `the address says ${field}: ${message}`);
  if (whole.question !== null) return { question: whole.question, problems };
  // What is right is kept: a slip in the seed must not cost a visitor the network.
  const wrong = new Set(whole.problems.map(({ field }) => field));
  let net = 0;
  const nets = entries.filter(([key]) => key === 'net').length;
  const kept = entries.filter(([key]) => {
    if (key !== 'net') return !wrong.has(key);
    net += 1;
    return !wrong.has(nets === 1 ? 'net' : `net ${net}`) && net <= 4;
  });
  const rest = parseExploreText(`?${new URLSearchParams(kept)}`);
  return { question: rest.question ?? first.question, problems };
}
