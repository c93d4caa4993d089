/** The whole page: claim, settings, run, figures, result. It puts together; it computes nothing. */
import { type Figure1InitializerName, figure1 } from '@kindling/studies';
import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { PageState } from '../page-state.js';
import { type FieldName, fieldNames } from '../settings/draft.js';
import { fieldTitles } from '../settings/read-settings.js';
import { Field } from './field.js';
import { FigurePanel } from './figure-panel.js';
import { InitializerChoice } from './initializer-choice.js';
import { ResultPanel } from './result-panel.js';
import { RunPanel } from './run-panel.js';

const hints: Readonly<Record<FieldName, string>> = {
  seed: 'same seed, same bits',
  depths: 'hidden layers; width = depth',
  trials: 'for 1a; 0 leaves it out',
  runs: 'for 1b; 0 leaves it out',
  maxEpochs: 'then a training is given up',
  workers: 'how fast, never what',
};

/** The page. */
export function Page({ state }: { readonly state: PageState }) {
  const { run } = state;
  const result = run.result.value;
  const figures = useMemo(
    () => computed(() => (run.summary.value === null ? [] : figure1.figures(run.summary.value))),
    [run],
  );
  const figure = (name: string) => computed(() => figures.value.find((one) => one.name === name) ?? null);
  const [figure1a, figure1b] = useMemo(() => [figure('figure-1a'), figure('figure-1b')] as const, [figures]);
  return (
    <>
      <header>
        <p class="kicker">Kindling · figure 1 of Hanin &amp; Rolnick, How to Start Training (2018), live</p>
        <h1>Will this deep network start training?</h1>
        <p class="claim">
          Only if its random weights keep a signal’s length: variance 2 / fan-in does, a little less lets it
          vanish, a little more makes it explode.
        </p>
      </header>
      <main>
        <Alerts messages={state.alerts} />
        <form
          class="settings card"
          aria-label="Settings"
          onSubmit={(event) => {
            event.preventDefault();
            state.requestRun();
          }}
        >
          <Fields state={state} />
          <RunPanel run={run} settings={state.settings} />
        </form>
        <div class="figures">
          <FigurePanel
            number="1a"
            question="Does the signal keep its length?"
            explanation="Mean length of the last hidden layer: lines are theory, points are nets."
            figure={figure1a}
            placeholder={placeholder(state, 'trials')}
          />
          <FigurePanel
            number="1b"
            question="Does the network start to learn?"
            explanation="Epochs of SGD until a fifth of the test images are right."
            figure={figure1b}
            placeholder={placeholder(state, 'runs')}
          />
        </div>
        {result !== null && <ResultPanel result={result} />}
      </main>
      <footer>
        <p>
          Trained on 1,500 images of{' '}
          <a href="https://github.com/zalandoresearch/fashion-mnist">Fashion-MNIST</a> (Zalando SE, MIT
          licence) that come with the page. Nothing leaves your machine.{' '}
          {state.isolated
            ? 'This page is cross-origin isolated: the workers share one copy of the images.'
            : 'This page is not cross-origin isolated: every worker has its own copy of the images.'}
        </p>
      </footer>
    </>
  );
}

/** What is wrong, in words. The region is always there, so that what appears in it is announced. */
function Alerts({ messages }: { readonly messages: ReadonlySignal<readonly string[]> }) {
  return (
    <div role="alert" class="alerts">
      {messages.value.length > 0 && (
        <ul>
          {messages.value.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Fields({ state }: { readonly state: PageState }) {
  const draft = state.draft.value;
  const disabled = state.run.busy.value;
  const problemOf = (field: FieldName | 'inits') =>
    state.problems.value.find((problem) => problem.field === field)?.message ?? null;
  return (
    <div class="fields">
      {fieldNames.map((name) => (
        <Field
          key={name}
          id={name}
          label={fieldTitles[name]}
          hint={hints[name]}
          value={draft[name]}
          problem={problemOf(name)}
          disabled={disabled}
          onInput={(value) => state.edit({ [name]: value })}
        />
      ))}
      <InitializerChoice
        chosen={draft.inits}
        problem={problemOf('inits')}
        disabled={disabled}
        onChoose={(inits: readonly Figure1InitializerName[]) => state.edit({ inits })}
      />
    </div>
  );
}

function placeholder({ settings, run }: PageState, part: 'trials' | 'runs'): string {
  if (settings.value?.[part] === 0) return `Left out: “${fieldTitles[part]}” is 0.`;
  return run.busy.value
    ? 'The first points are on their way.'
    : 'Press Run: the points appear as your machine finds them.';
}
