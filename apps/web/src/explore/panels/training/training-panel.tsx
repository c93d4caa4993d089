/** Trainings, live and side by side: accuracy or error by epoch, gradients by layer, and what can be done to them. */
import { exploreConfigurationText } from '@kindling/studies';
import type { ComponentChildren } from 'preact';
import { LineChart } from '../../charts/line-chart.js';
import type { PanelProps } from '../../panels.js';
import { seriesLetters } from '../../series.js';
import { accuracyAxis, errorAxis, gradientAxis, lossAxis } from './training-axes.js';
import { accuracyLines, gradientLines, lossLines } from './training-lines.js';
import type { TrainingSession } from './training-session.js';
import { TrainingSettings } from './training-settings.js';
import { asksFunction, standingText, targetText } from './training-words.js';

/** The panel. */
export function TrainingPanel({ state, trainings: session }: PanelProps) {
  const question = state.question.value;
  const trainings = session.trainings.value;
  const before = session.before.value;
  const shown = { trainings, before };
  const ofFunction = asksFunction(question);
  const depth = Math.max(1, ...trainings.flatMap(({ epochs }) => epochs.at(-1)?.layers.length ?? 0));
  const standing = trainings.map((training) => ({
    letter: seriesLetters[training.index] ?? 'a',
    text: standingText(training, question),
    configuration: question.configurations[training.index],
  }));
  const words = standing.map(({ letter, text }) => `${letter.toUpperCase()}: ${text}`).join('. ');
  if (trainings.length === 0) {
    return (
      <p class="measured">
        No training is asked for.{' '}
        <button type="button" onClick={() => state.change({ runs: 1 })}>
          Ask for one
        </button>
      </p>
    );
  }
  return (
    <>
      <Buttons session={session} begun={trainings.some(({ epochs }) => epochs.length > 0)} />
      <ul class="standing">
        {standing.map(({ letter, text, configuration }) => (
          <li key={letter} class={`series-${letter}`}>
            <b>{letter.toUpperCase()}</b> <span class="words">{text}</span>{' '}
            {configuration !== undefined && <code>{shortened(exploreConfigurationText(configuration))}</code>}
          </li>
        ))}
        {before !== null && (
          <li class="quiet">
            <b>{(seriesLetters[before.index] ?? 'a').toUpperCase()} before the fix</b>{' '}
            <span class="words">{standingText(before, question)}</span>
          </li>
        )}
      </ul>
      {/* Told when trainings rest, not at every epoch. */}
      <p class="unseen" role="status">
        {session.phase.value === 'running' ? 'Training.' : words}
      </p>
      {question.runs > 1 && (
        <p class="measured">
          This is the first of the {question.runs} trainings a net that are asked for; the records hold them
          all.
        </p>
      )}
      <div class="charts">
        {!ofFunction && (
          <LineChart
            title="Test accuracy"
            description={`Test accuracy by epoch. ${words}.`}
            lines={accuracyLines(shown)}
            first={0}
            last={question.epochs}
            across="epoch"
            axis={accuracyAxis}
            level={{ value: question.target, text: `started: ${targetText(question)}` }}
          />
        )}
        <LineChart
          title={ofFunction ? 'Mean squared error' : 'Loss on the training images'}
          description={`Loss by epoch. ${words}.`}
          lines={lossLines(shown, ofFunction)}
          first={0}
          last={question.epochs}
          across="epoch"
          axis={ofFunction ? errorAxis(shown) : lossAxis(shown)}
          level={
            ofFunction
              ? { value: Math.log10(question.target), text: `started: ${targetText(question)}` }
              : undefined
          }
        />
        <LineChart
          title="Squared gradient by layer, now"
          description="Squared length of the gradient at every hidden layer, after the last epoch that was trained."
          lines={gradientLines(shown)}
          first={1}
          last={depth}
          across="layer"
          axis={gradientAxis(shown)}
        />
      </div>
      <TrainingSettings state={state} />
    </>
  );
}

function Buttons({ session, begun }: { readonly session: TrainingSession; readonly begun: boolean }) {
  const phase = session.phase.value;
  const underWay = phase !== 'idle';
  return (
    <div class="buttons">
      {phase === 'running' ? (
        <button type="button" class="primary" onClick={session.hold}>
          Pause
        </button>
      ) : (
        <button type="button" class="primary" onClick={session.run}>
          {phase === 'held' ? 'Go on' : begun ? 'Train again' : 'Train'}
        </button>
      )}
      <Action usable={phase !== 'running'} onClick={session.step}>
        One epoch
      </Action>
      <Action usable={underWay} onClick={session.stop}>
        Stop
      </Action>
      <Action usable={begun || underWay} onClick={session.reset}>
        Reset
      </Action>
    </div>
  );
}

/** A button that is not always usable. It is not `disabled`, because that would take the focus away from who has just pressed it. */
function Action(props: {
  readonly usable: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}) {
  const { usable, onClick, children } = props;
  return (
    <button type="button" aria-disabled={!usable} onClick={() => usable && onClick()}>
      {children}
    </button>
  );
}

function shortened(text: string): string {
  return text.length > 48 ? `${text.slice(0, 46)}…` : text;
}
