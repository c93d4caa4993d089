/** Will it start, why not, and the buttons that change it: the verdict in plain words with its evidence. */
import type { ExploreRemedy, ExploreVerdictResult } from '@kindling/studies';
import { useRef } from 'preact/hooks';
import type { VerdictFound } from '../../jobs/findings.js';
import type { PanelProps } from '../../panels.js';
import { seriesLetters } from '../../series.js';
import { BeforeAndAfter } from './before-and-after.js';
import { Evidence } from './evidence.js';
import { badgeOf, measuresOf } from './verdict-words.js';

/** The panel: of the selected configuration. */
export function VerdictPanel({ state, jobs }: PanelProps) {
  const index = state.selected.value;
  const found = jobs.findings.value[index]?.verdict ?? null;
  const { verdict: asked, configurations } = state.question.value;
  const shown = useLatest(found, `${index}`);
  const card = useRef<HTMLDivElement>(null);
  if (!asked) {
    return (
      <p class="verdict-none">
        The verdict is left out.{' '}
        <button type="button" onClick={() => state.change({ verdict: true })}>
          Ask for it
        </button>
      </p>
    );
  }
  // The button that was pressed goes away with what it was for: the focus stays in the card.
  const keepFocus = () => card.current?.focus({ preventScroll: true });
  const letter = configurations.length > 1 ? `${(seriesLetters[index] ?? '').toUpperCase()}: ` : '';
  return (
    <div ref={card} class="verdict-card" tabIndex={-1} aria-busy={found === null}>
      <div>
        <div role="status">
          {shown === null ? (
            <p class="headline">Judging…</p>
          ) : shown.state === 'failed' ? (
            <p class="problem">{shown.message}</p>
          ) : (
            <Headline verdict={shown.verdict} letter={letter} />
          )}
        </div>
        {shown?.state === 'judged' && <Evidence verdict={shown.verdict} />}
      </div>
      {shown?.state === 'judged' && (
        <>
          <Remedies
            remedies={shown.verdict.remedies}
            starts={shown.verdict.verdict === 'starts'}
            stale={found === null}
            onFix={(configuration) => {
              const theory = jobs.findings.peek()[index]?.theory ?? null;
              state.fix(index, configuration, { verdict: shown.verdict, theory });
              keepFocus();
            }}
          />
          <BeforeAndAfter
            state={state}
            now={shown.verdict}
            onUndo={() => {
              state.undo();
              keepFocus();
            }}
          />
        </>
      )}
    </div>
  );
}

function Headline({ verdict, letter }: { readonly verdict: ExploreVerdictResult; readonly letter: string }) {
  const { title, tone } = badgeOf(verdict.verdict);
  // The evidence of the main cause stands first.
  const [reason] = verdict.evidence;
  const others = verdict.verdicts.slice(1).map((code) => badgeOf(code).title.toLowerCase());
  return (
    <>
      <p class={`badge ${tone}`}>
        {letter}
        {title}
        {others.length > 0 && <small> and {others.join(', ')}</small>}
      </p>
      <p class="headline">{verdict.headline}</p>
      {reason !== undefined && <p class="reason">{reason.text}</p>}
    </>
  );
}

/** What can be done about it: the surest as the button, the others folded away behind it. */
function Remedies(props: {
  readonly remedies: readonly ExploreRemedy[];
  readonly starts: boolean;
  /** They mend what was asked before: another verdict is on its way. */
  readonly stale: boolean;
  readonly onFix: (configuration: string) => void;
}) {
  const { remedies, starts, stale, onFix } = props;
  const possible = remedies.filter(({ configuration }) => configuration !== null);
  const words = remedies.filter(({ configuration }) => configuration === null);
  const [first, ...others] = possible;
  if (starts || (first === undefined && words.length === 0)) return null;
  return (
    <div class="remedies">
      {first !== undefined && <Remedy remedy={first} main stale={stale} onFix={onFix} />}
      {(others.length > 0 || words.length > 0) && (
        <details>
          <summary>{others.length + words.length === 1 ? 'Another way' : 'Other ways'}</summary>
          {others.map((remedy) => (
            <Remedy key={remedy.configuration} remedy={remedy} main={false} stale={stale} onFix={onFix} />
          ))}
          {words.map(({ text }) => (
            <p key={text} class="remedy-text">
              {capitalized(text)}
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

function Remedy(props: {
  readonly remedy: ExploreRemedy;
  readonly main: boolean;
  readonly stale: boolean;
  readonly onFix: (configuration: string) => void;
}) {
  const { remedy, main, stale, onFix } = props;
  const { configuration, text, after, starts } = remedy;
  if (configuration === null) return null;
  return (
    <div class="remedy">
      <button
        type="button"
        class={main ? 'primary' : ''}
        disabled={stale}
        onClick={() => onFix(configuration)}
      >
        {main ? 'Fix it' : 'Apply'}
      </button>
      <div>
        <p class="remedy-text">{capitalized(text)}</p>
        <p class="remedy-after">
          Then {starts ? 'it starts' : badgeOf(after.verdict).title.toLowerCase()}
          {measuresOf(after).map(({ name, text: value }) => (
            <span key={name}>
              {' · '}
              {name} <b>{value}</b>
            </span>
          ))}
        </p>
        <p class="remedy-after">
          <code>{configuration}</code>
        </p>
      </div>
    </div>
  );
}

/** Remedies begin small, as part of a sentence of the command line. */
function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The verdict that stood there last, while the new one is on its way: of the same configuration only. */
function useLatest(found: VerdictFound | null, of: string): VerdictFound | null {
  const last = useRef<{ readonly of: string; readonly found: VerdictFound | null }>({ of, found });
  if (found !== null || last.current.of !== of) last.current = { of, found };
  return last.current.found;
}
