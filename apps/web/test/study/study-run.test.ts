/** The page's run, without a browser: real trials in a worker made of a message channel. */
import { findStudy, type SpawnedWorker, serveTrials } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { createPageState } from '../../src/study/page-state.js';
import { replayCommand } from '../../src/study/run/result-files.js';
import { createStudyRun, type StudyRun } from '../../src/study/run/study-run.js';
import { defaultDraft } from '../../src/study/settings/draft.js';
import { readSettings, type Settings } from '../../src/study/settings/read-settings.js';

/** A worker in this thread; `hold` lets a test keep its trials waiting. */
function channelWorker(hold?: Promise<void>): SpawnedWorker {
  const { port1, port2 } = new MessageChannel();
  serveTrials(port2, {
    find: (name) => {
      const study = findStudy(name);
      if (hold === undefined) return study;
      return {
        ...study,
        runTrial: async (context, spec, key) => {
          await hold;
          return await study.runTrial(context, spec, key);
        },
      };
    },
  });
  port1.start();
  port2.start();
  return {
    endpoint: port1,
    onExit: () => {},
    terminate: () => {
      port1.close();
      port2.close();
    },
  };
}

function settingsOf(change: Record<string, string>): Settings {
  const { settings } = readSettings({
    ...defaultDraft(1),
    depths: '5, 10',
    trials: '20',
    runs: '0',
    ...change,
  });
  if (settings === null) throw new Error('test: wrong settings');
  return settings;
}

function runOf(spawn: () => SpawnedWorker = channelWorker): StudyRun {
  return createStudyRun({ spawn, loadDataset: () => Promise.reject(new Error('no images here')) });
}

function fileOf(run: StudyRun, name: string): string | undefined {
  return run.result.value?.files.find((file) => file.name === name)?.text;
}

describe('createStudyRun', () => {
  it('runs a study to its end', async () => {
    const run = runOf();
    expect(run.phase.value).toBe('idle');
    const running = run.start(settingsOf({}));
    expect(run.busy.value).toBe(true);
    await running;
    expect(run.phase.value).toBe('done');
    expect(run.progress.value).toMatchObject({ doneTrials: 320, totalTrials: 320, fraction: 1 });
    const lines = (fileOf(run, 'records.jsonl') ?? '').trimEnd().split('\n');
    expect(lines).toHaveLength(320);
    expect(lines[0]).toContain('"cell":"lengths/he-normal/depth=5"');
    expect(fileOf(run, 'spec.json')).toContain(run.result.value?.specHash);
  });

  it('gives the same files after a stop and any number of workers', async () => {
    const whole = runOf();
    await whole.start(settingsOf({}));

    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hold: Promise<void> | undefined = held;
    const stopped = runOf(() => channelWorker(hold));
    const running = stopped.start(settingsOf({}));
    stopped.stop();
    await running;
    release();
    expect(stopped.phase.value).toBe('stopped');
    expect(stopped.result.value).toBeNull();
    expect(stopped.canResume(settingsOf({ workers: '3' }))).toBe(true);
    expect(stopped.canResume(settingsOf({ seed: '2' }))).toBe(false);
    hold = undefined;
    await stopped.start(settingsOf({ workers: '3' }));
    expect(stopped.phase.value).toBe('done');
    for (const name of ['records.jsonl', 'summary.json', 'spec.json']) {
      expect(fileOf(stopped, name)).toBe(fileOf(whole, name));
    }
  });

  it('tells why it failed, and can be used again', async () => {
    const run = runOf();
    await run.start(settingsOf({ runs: '1' }));
    expect(run.phase.value).toBe('failed');
    expect(run.failure.value).toBe('no images here');
    await run.start(settingsOf({}));
    expect(run.phase.value).toBe('done');
    expect(run.failure.value).toBeNull();
  });
});

describe('createPageState', () => {
  function stateOf(search: string) {
    const addresses: string[] = [];
    const state = createPageState({
      run: runOf(),
      search,
      defaults: defaultDraft(2),
      isolated: false,
      onAddress: (query) => addresses.push(query),
    });
    return { state, addresses };
  }

  it('keeps the address in step with the fields', () => {
    const { state, addresses } = stateOf('?seed=4');
    state.edit({ runs: '0' });
    expect(addresses).toEqual(['?seed=4&runs=0']);
  });

  it('starts nothing while something is wrong, and says what, until it is put right', () => {
    const { state } = stateOf('?seed=x&run=1');
    expect(state.run.phase.value).toBe('idle');
    expect(state.alerts.value).toEqual([expect.stringMatching(/^Seed: expected/)]);
    state.edit({ seed: '1' });
    expect(state.alerts.value).toEqual([]);
    state.edit({ seed: 'y' });
    expect(state.alerts.value).toEqual([]); // only beside the field, until Run is pressed
    state.requestRun();
    expect(state.alerts.value).toHaveLength(1);
    expect(state.run.phase.value).toBe('idle');
  });
});

describe('replayCommand', () => {
  it('says everything that decides the numbers', () => {
    expect(replayCommand(settingsOf({ seed: '9' }))).toBe(
      'kindling study figure-1 --data embedded --seed 9 --depths 5,10 --inits he-normal,he-uniform,' +
        'he-truncated-normal-uncorrected,he-normal-2x,glorot-normal,glorot-uniform,lecun-normal,lecun-uniform ' +
        '--trials 20 --runs 0 --max-epochs 100',
    );
  });
});
