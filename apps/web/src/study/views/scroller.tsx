/** A region that scrolls sideways where its content is wider than the screen, by keyboard too. */
import type { ComponentChildren, Ref } from 'preact';

/** What a scroller holds. */
export interface ScrollerProps {
  readonly class: string;
  /** What a screen reader calls it. */
  readonly label: string;
  readonly hidden?: boolean;
  readonly children?: ComponentChildren;
  /** The element itself, for content that is not made by the page's views. */
  readonly inner?: Ref<HTMLElement>;
}

/** The region. */
export function Scroller({ label, hidden = false, children, inner, ...rest }: ScrollerProps) {
  return (
    <section
      ref={inner ?? null}
      class={rest.class}
      aria-label={label}
      hidden={hidden}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys, and needs the focus for it
      tabIndex={0}
    >
      {children}
    </section>
  );
}
