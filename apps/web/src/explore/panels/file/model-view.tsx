/** A model file as it was found: verdict, network, tensors, notes. */
import {
  countOf,
  type ExploreEnds,
  exploreEnds,
  exploreLimits,
  numberText,
  parseExploreConfiguration,
  percentText,
} from '@kindling/studies';
import { useState } from 'preact/hooks';
import { Disclosure } from '../../disclosure.js';
import type { ExploreState } from '../../explore-state.js';
import { seriesLetters } from '../../series.js';
import { badgeOf } from '../verdict/verdict-words.js';
import type { FileConfiguration } from './file-configuration.js';
import type { ModelReport, TensorRow } from './model-report.js';

/** The view. */
export function ModelView({ report, state }: { readonly report: ModelReport; readonly state: ExploreState }) {
  const { name, format, producer, verdict, obstacle, tensors, configuration, notes } = report;
  const badge = verdict === null ? null : badgeOf(verdict.verdict);
  return (
    <div class="model">
      <h3>
        {name} <small>{producer === null ? format : `${format}, by ${producer}`}</small>
      </h3>
      {verdict !== null && badge !== null && (
        <>
          <p>
            <span class={`badge ${badge.tone}`}>{badge.title}</span>
          </p>
          <p class="headline">{verdict.headline}</p>
          <p class="hint">
            Judged {verdict.method}, as <code>kindling diagnose</code> does.
          </p>
        </>
      )}
      {obstacle !== null && <p class="problem">There is no verdict: {obstacle}</p>}
      {configuration !== null && (
        // Another file has another answer.
        <OpenNetwork key={configuration.text} configuration={configuration} state={state} />
      )}
      <Disclosure summary={`Its ${countOf(tensors.length, 'tensor')}`} open={tensors.length <= 60}>
        {() => <TensorTable tensors={tensors} />}
      </Disclosure>
      {notes.length > 0 && (
        <Disclosure summary={countOf(notes.length, 'note')}>
          {() => (
            <ul class="hint">
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </Disclosure>
      )}
    </div>
  );
}

function OpenNetwork(props: { readonly configuration: FileConfiguration; readonly state: ExploreState }) {
  const { configuration, state } = props;
  const { text, sameLaw, ends } = configuration;
  const [answer, setAnswer] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const spec = state.spec.value;
  const own = spec === null ? null : exploreEnds(spec.data);
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() => {
            const refused = openConfiguration(state, text);
            setRefusal(refused);
            const letter = (seriesLetters[state.selected.peek()] ?? 'a').toUpperCase();
            setAnswer(refused === null ? `It is configuration ${letter} now.` : null);
          }}
        >
          Open its network on the page
        </button>
        <span class="measured" role="status">
          {answer}
        </span>
      </div>
      {refusal !== null && (
        <p class="problem" role="alert">
          {refusal}
        </p>
      )}
      <p class="hint">
        As <code>{text.length > 200 ? `${text.slice(0, 198)}…` : text}</code>: random nets{' '}
        {sameLaw
          ? 'of the law that its weights follow'
          : 'as far from He’s variance as the file’s weights are in the geometric mean, for they follow no one law of the catalog'}
        {own !== null && !sameEnds(own, ends) ? `, ${endsText(own)} as the page’s data have` : ''}.
      </p>
    </>
  );
}

/** Beside what is there where there is room, else in the place of what is selected. */
function openConfiguration(state: ExploreState, text: string): string | null {
  const { configurations } = state.question.peek();
  if (configurations.length >= exploreLimits.configurations) {
    return state.changeConfiguration(state.selected.peek(), text);
  }
  return state.addConfiguration(parseExploreConfiguration(text));
}

function sameEnds(a: ExploreEnds, b: ExploreEnds): boolean {
  return a.inputs === b.inputs && a.outputs === b.outputs;
}

function endsText({ inputs, outputs }: ExploreEnds): string {
  return `with ${countOf(inputs, 'input')} and ${countOf(outputs, 'output')}`;
}

const columns: readonly (readonly [name: string, text: (row: TensorRow) => string])[] = [
  ['Shape', ({ shape }) => (shape.length === 0 ? 'one number' : shape.join(' × '))],
  ['Type', ({ type }) => type],
  ['Var × fan-in', ({ scaledVariance }) => (scaledVariance === null ? '–' : shownNumber(scaledVariance))],
  ['Kurtosis', ({ excessKurtosis }) => (Number.isNaN(excessKurtosis) ? '–' : shownNumber(excessKurtosis))],
  [
    'Zeros',
    ({ zeros }) =>
      zeros === 0 ? '0' : zeros < 0.001 ? 'under 0.1 %' : percentText(Math.round(zeros * 1000) / 1000),
  ],
  ['Law', ({ law }) => law],
  ['p', ({ pValue }) => pValue],
];

function shownNumber(value: number): string {
  return Number.isNaN(value) ? 'NaN' : numberText(value);
}

function TensorTable({ tensors }: { readonly tensors: readonly TensorRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys, and needs the focus for it
    <section class="scroll" aria-label="Tensors" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            {columns.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tensors.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {columns.map(([name, text]) => (
                <td key={name}>{text(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        Kurtosis is the excess: 0 of a normal law, −1.2 of a uniform one. p is of the test of the law.
      </p>
    </section>
  );
}
