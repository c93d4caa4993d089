/** A field whose text is taken at every keystroke if it can be, and told why not if it cannot. */
import { useEffect, useId, useState } from 'preact/hooks';

/** What a field shows and does. */
export interface TextFieldProps {
  readonly label: string;
  /** What holds now. */
  readonly value: string;
  readonly hint?: string | undefined;
  /** For phones: which keys to offer. */
  readonly inputMode?: 'numeric' | 'decimal' | 'text';
  /** Takes the text. @returns why it cannot be, in words; null when it is done */
  readonly onText: (text: string) => string | null;
}

/** The field. A text that was refused stays, with the reason under it; what holds is unchanged. */
export function TextField({ label, value, hint, inputMode = 'text', onText }: TextFieldProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    // What has changed from elsewhere is shown, but never under the hands of who types.
    if (typing) return;
    setText(value);
    setRefusal(null);
  }, [value, typing]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={inputMode}
        autoComplete="off"
        spellcheck={false}
        value={text}
        aria-invalid={refusal !== null}
        aria-describedby={`${id}-note`}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          setRefusal(onText(typed));
        }}
      />
      <p
        id={`${id}-note`}
        class={refusal === null ? 'hint' : 'problem'}
        role={refusal === null ? undefined : 'alert'}
      >
        {refusal ?? hint}
      </p>
    </div>
  );
}
