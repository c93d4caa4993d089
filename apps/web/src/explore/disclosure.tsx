/** What folds away, and is made only when it is open: a table of a thousand rows costs nothing until somebody wants it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** What folds away. */
export interface DisclosureProps {
  /** The line that opens it. */
  readonly summary: ComponentChildren;
  readonly class?: string;
  /** Whether it is open at first. Default: no. */
  readonly open?: boolean;
  /** Makes what is inside. */
  readonly children: () => ComponentChildren;
}

/** A `details` element. */
export function Disclosure({ summary, children, open: first = false, ...rest }: DisclosureProps) {
  const [open, setOpen] = useState(first);
  return (
    <details class={rest.class ?? ''} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children()}
    </details>
  );
}
