/** Where the page can start: each a question, with two sentences and the theorem it shows. */
import { type ExploreQuestion, parseExploreText } from '@kindling/studies';

/** A guided start. */
export interface Preset {
  readonly id: string;
  /** A few words: a button. */
  readonly title: string;
  /** Two sentences. */
  readonly text: string;
  readonly theorem: string;
  readonly question: ExploreQuestion;
}

function preset(id: string, title: string, query: string, text: string, theorem: string): Preset {
  const { question, problems } = parseExploreText(query);
  if (question === null)
    throw new RangeError(`preset ${id}: ${problems.map(({ message }) => message).join('; ')}`);
  return { id, title, text, theorem, question };
}

/** In the order of the buttons; the first one is what the page opens with. */
export const presets: readonly Preset[] = [
  preset(
    'fails',
    'A net that fails',
    '?net=dense+100*50+tfjs:dense',
    'Fifty layers of a hundred ReLUs, drawn as a library draws them when nobody asks: the signal loses more than half of its length in every layer.',
    'Hanin & Rolnick (2018), Theorem 1: the mean length stays the same only for weights of variance 2/fan-in; any other variance makes it vanish or explode exponentially with depth.',
  ),
];
