/** One figure of the study, drawn anew whenever its summary changes, and what it asks in plain words. */
import type { Figure } from '@kindling/studies';
import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Scroller } from './scroller.js';

/** What a panel shows. */
export interface FigurePanelProps {
  /** Such as `1a`. */
  readonly number: string;
  readonly question: string;
  readonly explanation: string;
  /** Null while there is nothing to draw. */
  readonly figure: ReadonlySignal<Figure | null>;
  /** What to say in place of a figure. */
  readonly placeholder: string;
}

/** The panel. The drawing scrolls sideways where the screen is too narrow to read it. */
export function FigurePanel({ number, question, explanation, figure, placeholder }: FigurePanelProps) {
  const drawing = useRef<HTMLElement>(null);
  const caption = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    const drawn = figure.value;
    drawing.current?.replaceChildren(...(drawn === null ? [] : [drawn.render(document)]));
    if (caption.current !== null) caption.current.textContent = drawn?.caption ?? '';
  });
  const empty = figure.value === null;
  return (
    <section class="panel card" aria-labelledby={`figure-${number}`}>
      <h2 id={`figure-${number}`}>
        <span class="number">{number}</span> {question}
      </h2>
      <p class="explanation">{explanation}</p>
      <figure>
        {empty && <p class="placeholder">{placeholder}</p>}
        <Scroller class="drawing" inner={drawing} hidden={empty} label={`Figure ${number}`} />
        <p class="aside" hidden={empty}>
          The names of the curves stand to the right of the drawing: swipe to see them.
        </p>
        <details hidden={empty}>
          <summary>How to read it</summary>
          <p ref={caption} />
        </details>
      </figure>
    </section>
  );
}
