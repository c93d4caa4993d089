/** The study's presets as questions the page can open with. */
import { type ExploreQuestion, explorePresets, parseExploreText } from '@kindling/studies';

/** A guided start. */
export interface Preset {
  readonly name: string;
  /** Two parts of its button: `Figure 1`, `the variance of the weights`. */
  readonly title: readonly [short: string, rest: string];
  readonly explanation: string;
  readonly theorem: string;
  readonly question: ExploreQuestion;
}

/** In the order of the buttons; the first one is what the page opens with. */
export const presets: readonly Preset[] = explorePresets.map(
  ({ name, title, explanation, theorem, query }) => {
    const { question, problems } = parseExploreText(query);
    if (question === null) {
      throw new RangeError(`preset ${name}: ${problems.map(({ message }) => message).join('; ')}`);
    }
    const [short = '', rest] = title.split(': ');
    return {
      name,
      title: rest === undefined ? ['Start here', short] : [short, rest],
      explanation,
      theorem,
      question,
    };
  },
);
