/** A whole number, by a slider whose places are a geometric row, or typed. */
import { useEffect, useId, useState } from 'preact/hooks';

/** What a slider shows and does. */
export interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly hint?: string | undefined;
  /** Takes the number, or what was typed for one. @returns why it cannot be, in words; null when it is done */
  readonly onNumber: (text: string) => string | null;
}

/** Places of the slider: fine enough for every whole number up to about 60. */
const places = 240;

/** The slider with its field. */
export function SliderField({ label, value, most, hint, onNumber }: SliderFieldProps) {
  const id = useId();
  const [text, setText] = useState(String(value));
  const [refusal, setRefusal] = useState<string | null>(null);
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    if (typing) return;
    setText(String(value));
    setRefusal(null);
  }, [value, typing]);
  const take = (typed: string) => {
    setText(typed);
    setRefusal(onNumber(typed));
  };
  const at = Math.round((Math.log(value) / Math.log(most)) * places);
  return (
    <div class="slider-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="number"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        aria-invalid={refusal !== null}
        aria-describedby={`${id}-note`}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onInput={(event) => take(event.currentTarget.value)}
      />
      <input
        type="range"
        min={0}
        max={places}
        step={1}
        value={at}
        aria-label={`${label}, slider`}
        aria-valuetext={String(value)}
        onInput={(event) => {
          const place = Number(event.currentTarget.value);
          const number = numberAt(place, most);
          // Low down several places are one number: a key must always do something.
          const moved =
            place > at ? Math.max(number, value + 1) : place < at ? Math.min(number, value - 1) : value;
          take(String(Math.min(most, Math.max(1, moved))));
        }}
      />
      {(refusal ?? hint) !== undefined && (
        <p
          id={`${id}-note`}
          class={refusal === null ? 'hint' : 'problem'}
          role={refusal === null ? undefined : 'alert'}
        >
          {refusal ?? hint}
        </p>
      )}
    </div>
  );
}

/** The number at a place: 1 … most in a geometric row, beyond 100 to two digits and a half. */
function numberAt(place: number, most: number): number {
  const exact = most ** (place / places);
  const step = exact < 60 ? 1 : exact < 200 ? 5 : exact < 500 ? 10 : 20;
  return Math.min(most, Math.max(1, Math.round(exact / step) * step));
}
