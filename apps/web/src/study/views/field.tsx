/** A labeled text field for a number or a list of numbers, with a hint and its problem in words. */

/** What a field shows. */
export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** What is wrong with the value, or null. */
  readonly problem: string | null;
  readonly disabled: boolean;
  readonly onInput: (value: string) => void;
}

/** The field. The problem is tied to it, so a screen reader tells it with the field. */
export function Field({ id, label, hint, value, problem, disabled, onInput }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        type="text"
        inputMode={id === 'depths' ? 'text' : 'numeric'}
        autocomplete="off"
        spellcheck={false}
        value={value}
        disabled={disabled}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-note`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p id={`${id}-note`} class={problem === null ? 'hint' : 'problem'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
