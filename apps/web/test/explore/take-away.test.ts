/** What is taken away: tables as RFC 4180 has them, the argument of the data, and the whole run's way from start to files. */
import { parseExploreText } from '@kindling/studies';
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { LengthCurves } from '../../src/explore/charts/lengths-drawing.js';
import { createDatasets } from '../../src/explore/data/datasets.js';
import type { ExploreState } from '../../src/explore/explore-state.js';
import { csvText, lengthsCsv, trainingCsv } from '../../src/explore/panels/take-away/csv.js';
import { dataArgument, isFolder } from '../../src/explore/panels/take-away/data-argument.js';
import type { StartedStudy, StartWholeStudy } from '../../src/explore/panels/take-away/start-whole-study.js';
import { createWholeRun } from '../../src/explore/panels/take-away/whole-run.js';

function questionOf(query: string) {
  const { question } = parseExploreText(query);
  if (question === null) throw new Error(`no question: ${query}`);
  return question;
}

describe('tables', () => {
  it('quote what needs it, leave out what is not known, and tell NaN and infinities', () => {
    const rows = [['a,b', 'say "no"', null, Number.NaN, Number.NEGATIVE_INFINITY, 0.5]];
    expect(csvText(['one', 'two\nlines'], rows)).toBe(
      'one,"two\nlines"\r\n"a,b","say ""no""",,NaN,-Infinity,0.5\r\n',
    );
  });

  const question = questionOf('?net=dense+4,5*2+he-normal&net=dense+3*2+lecun-normal&runs=1&epochs=2');
  const curve = (series: string, depth: number): LengthCurves => ({
    ...{ label: series, series, depth, selected: false, nets: null, before: null },
    theory: { mean: [0.25, -1], exact: true, typical: [null, -2], low: [0, 0], high: [1, 1] },
  });

  it('have a line a layer of every configuration, in the order of the question', () => {
    const lines = lengthsCsv(question, [curve('b', 2), curve('a', 3)]).split('\r\n');
    expect(lines[0]).toMatch(/^series,configuration,layer,theory_exact,theory_mean,/);
    expect(lines.slice(1, -1).map((line) => line.replace(/"[^"]*"|dense [^,]*/, 'net').slice(0, 8))).toEqual([
      'a,net,1,',
      'a,net,2,',
      'a,net,3,',
      'b,net,1,',
      'b,net,2,',
    ]);
    expect(lines[1]).toBe('a,"dense 4,5*2 he-normal",1,true,0.25,,0,1,,,,,');
  });

  it('have a line an epoch of trainings that have begun', () => {
    const epoch = { epoch: 1, loss: Number.NaN, testAccuracy: 0.125, deadNeurons: 3, layers: [] };
    const begun = { index: 1, phase: 'running', epochs: [epoch], result: null, failure: null } as const;
    const idle = { index: 0, phase: 'idle', epochs: [], result: null, failure: null } as const;
    expect(trainingCsv(question, [idle, begun])).toBe(
      'series,configuration,epoch,loss,test_accuracy,dead_neurons\r\nb,dense 3*2 lecun-normal,1,NaN,0.125,3\r\n',
    );
  });
});

describe('the argument of the data', () => {
  it.each(['embedded', 'mnist', 'fashion-mnist', 'absolute'])('%s is a name the command knows', (data) => {
    expect([dataArgument({ data }), isFolder({ data })]).toEqual([data, false]);
  });

  it('of a visitor’s files is a folder that has to be put there', () => {
    expect(dataArgument({ data: 'idx-01234567' })).toBe('path/to/idx-01234567');
    expect(isFolder({ data: 'idx-01234567' })).toBe(true);
  });
});

describe('the whole run', () => {
  const datasets = createDatasets(() => Promise.reject(new Error('no images here')));

  function open(begin: StartWholeStudy) {
    const question = signal(questionOf('?net=dense+3*2+he-normal&data=absolute&runs=0'));
    const spec = signal({ data: { kind: 'function', name: 'absolute' } }) as unknown as ExploreState['spec'];
    const command = () => 'kindling study explore';
    return {
      question,
      run: createWholeRun({ state: { question, spec, datasets }, begin, command, workers: 2 }),
    };
  }

  /** A study that ends when it is told to. */
  function held() {
    const ended: number[] = [];
    let finish: (files: Awaited<StartedStudy['files']>) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const begin: StartWholeStudy = () => {
      const files = new Promise<Awaited<StartedStudy['files']>>((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
      return { files, end: () => ended.push(1) };
    };
    const file = { name: 'records.jsonl', title: '', mediaType: '', text: 'x' };
    return {
      begin,
      ended,
      finish: () => finish([file]),
      fail: (message: string) => fail(new Error(message)),
    };
  }

  it('gives its files, and starts once however often it is asked', async () => {
    const study = held();
    const { run } = open(study.begin);
    const done = run.start();
    void run.start();
    await Promise.resolve();
    expect(run.phase.value).toBe('running');
    study.finish();
    await done;
    expect([run.phase.value, run.files.value.map(({ name }) => name)]).toEqual(['done', ['records.jsonl']]);
  });

  it('says why it failed, and can start again', async () => {
    const study = held();
    const { run } = open(study.begin);
    const done = run.start();
    study.fail('the worker is gone');
    await done;
    expect([run.phase.value, run.failure.value]).toEqual(['failed', 'the worker is gone']);
    const again = run.start();
    study.finish();
    await again;
    expect(run.phase.value).toBe('done');
  });

  it('is ended by a stop and by another question, and what comes of it then is nobody’s', async () => {
    const study = held();
    const { run, question } = open(study.begin);
    const stopped = run.start();
    run.stop();
    study.finish();
    await stopped;
    expect([run.phase.value, run.files.value, study.ended.length]).toEqual(['stopped', [], 1]);
    const other = run.start();
    question.value = questionOf('?net=dense+3*3+he-normal&data=absolute&runs=0');
    study.finish();
    await other;
    expect([run.phase.value, run.files.value, study.ended.length]).toEqual(['idle', [], 2]);
  });
});
