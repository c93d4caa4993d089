/** The explorable as a whole: claim, presets, the network's controls beside the panels. It puts together and computes nothing. */
import flame from '../kindling.svg';
import { Controls } from './controls/controls.js';
import { Guide } from './guide.js';
import { type PanelProps, panels } from './panels.js';

/** The page. */
export function ExplorePage({ state, jobs }: PanelProps) {
  return (
    <>
      <header class="masthead">
        <p class="brand">
          <img src={flame} alt="" width={20} height={20} /> Kindling
        </p>
        <h1>Will this deep network start training?</h1>
        <p>Only if its random weights keep the signal’s length. Watch one fail, see why, fix it.</p>
      </header>
      <main>
        <Guide state={state} />
        <Notices state={state} />
        <div class="bench">
          <Controls state={state} />
          <div class="panels">
            {panels.map(({ id, title, question, View }) => (
              <section key={id} id={id} class={`card panel ${id}`} aria-labelledby={`${id}-heading`}>
                <div class={question === null ? 'unseen' : 'panel-head'}>
                  <h2 id={`${id}-heading`}>{title}</h2>
                  {question !== null && <p>{question}</p>}
                </div>
                <View state={state} jobs={jobs} />
              </section>
            ))}
          </div>
        </div>
      </main>
      <footer class="colophon">
        <p>
          After Hanin &amp; Rolnick, <cite>How to Start Training</cite> (2018), and Shin &amp; Karniadakis,{' '}
          <cite>Trainability of ReLU Networks</cite> (2020). The page computes everything on your own
          processor, with the packages of the command line, and sends nothing anywhere.{' '}
          <a href="./study.html">Figure 1 as a whole</a> has a page of its own.
        </p>
        <p>
          Images: 2,000 of <a href="https://github.com/zalandoresearch/fashion-mnist">Fashion-MNIST</a>{' '}
          (Zalando SE, MIT license).{' '}
          {state.isolated
            ? 'This page is cross-origin isolated: its workers share one copy of them.'
            : 'This page is not cross-origin isolated: each worker has its own copy of them.'}
        </p>
      </footer>
    </>
  );
}

/** What is wrong, in words. The region is always there, so that what appears in it is announced. */
function Notices({ state }: Pick<PanelProps, 'state'>) {
  const notices = state.notices.value;
  return (
    <div role="alert" class="alerts">
      {notices.length > 0 && (
        <div class="notice">
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
          <button type="button" class="plain" onClick={state.dismissNotices}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
