/** The numbers behind a verdict, each with its sentence, its line, and what it speaks for. */
import { countOf, type ExploreVerdictResult } from '@kindling/studies';
import { Disclosure } from '../../disclosure.js';
import { badgeOf } from './verdict-words.js';

/** Folded away: who wants to know opens it. */
export function Evidence({ verdict }: { readonly verdict: ExploreVerdictResult }) {
  const { evidence, notes, method, trials } = verdict;
  return (
    <Disclosure class="evidence" summary="The evidence">
      {() => (
        <>
          <ul>
            {/* The first one stands above, as the reason. */}
            {evidence.slice(1).map(({ quantity, code, text }) => (
              <li key={`${quantity} ${text}`} class={badgeOf(code).tone}>
                {text}
              </li>
            ))}
          </ul>
          {notes.map((note) => (
            <p key={note} class="hint">
              {note}
            </p>
          ))}
          <p class="hint">
            {method === 'theory'
              ? 'Decided by closed forms.'
              : `Decided with the help of ${countOf(trials, 'random net')}.`}
          </p>
        </>
      )}
    </Disclosure>
  );
}
