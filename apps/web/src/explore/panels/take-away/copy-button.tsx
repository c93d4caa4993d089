/** A button that copies a text and says that it has. */
import { useEffect, useState } from 'preact/hooks';

/** What is copied. */
export interface CopyButtonProps {
  readonly text: string;
  /** On the button: `Copy link`. */
  readonly label: string;
}

/** Milliseconds for which it is said. */
const told = 2500;

/** The button and its answer. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [answer, setAnswer] = useState('');
  useEffect(() => {
    if (answer === '') return;
    const timer = setTimeout(() => setAnswer(''), told);
    return () => clearTimeout(timer);
  }, [answer]);
  return (
    <span class="copy">
      <button
        type="button"
        onClick={() => {
          copy(text).then(
            () => setAnswer('Copied.'),
            () => setAnswer('The browser refuses; select the text and copy it.'),
          );
        }}
      >
        {label}
      </button>{' '}
      <span role="status">{answer}</span>
    </span>
  );
}

/** Without a secure connection, as in a local network, there is no clipboard but the old way. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (!done) throw new Error('the browser did not copy');
}
