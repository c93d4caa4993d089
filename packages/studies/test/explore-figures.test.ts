/** Figures, tables and words of the explorable, from records that were made up: nets that live, die, explode and diverge. */
import {
  type ExploreQuestion,
  explore,
  exploreSpec,
  type JsonObject,
  parseExploreText,
} from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { inventRecords } from './run-in-thread.js';
import { checkDrawings, type DrawnStudy } from './study-drawings.js';

const identity = {
  name: 'embedded',
  digest: 'a'.repeat(64),
  trainCount: 1500,
  testCount: 500,
  features: 784,
  classes: 10,
};

const query =
  'net=dense+4*5+tfjs:he-normal&net=dense+4*5+lsuv&net=residual+6*4+he-normal&net=conv+2/2,3*4+he-normal&nets=12&runs=3&epochs=4';

const states = (epoch: number) => ({
  epoch,
  layers: [1, 2, 3, 4, 5].map((layer) => ({
    logLength: layer === 5 ? '-Infinity' : -layer,
    logGradient: layer < 3 ? '-Infinity' : layer - epoch,
    dead: layer === 1 ? null : 1,
  })),
});

/** The last of every dozen nets is dead from its third layer on, the one before left f32 in a block. */
const lengths = (trial: number): JsonObject => ({
  logLengths: [1, 2, 3, 4, 5].map((layer) =>
    trial === 11 && layer > 2 ? '-Infinity' : trial === 10 && layer > 4 ? 'NaN' : -layer * (1 + trial / 10),
  ),
  deadLayer: trial === 11 ? 3 : null,
});

const training = (trial: number, isFunction: boolean): JsonObject => ({
  outcome: ['reached', 'diverged', 'never-moves'][trial % 3] ?? '',
  epochs: 2,
  epochsToTarget: trial % 3 === 0 ? 2 : null,
  loss: [...(isFunction ? [1] : []), 2.3, trial % 3 === 1 ? 'NaN' : 0.001],
  testAccuracy: isFunction ? null : [0.1, 0.2, trial % 3 === 1 ? 0 : 0.7],
  deadNeurons: [3, 2, 1],
  deadLayer: trial % 3 === 2 ? 1 : null,
  layersAt: [states(0), states(2)],
});

const remedy = {
  code: 'fm1-vanishing',
  text: 'use <he-normal>',
  starts: true,
  after: { startingShare: 0.97 },
};
const verdict: JsonObject = {
  verdict: 'fm1-vanishing',
  verdicts: ['fm1-vanishing'],
  headline: 'Training does not start: signals vanish with depth.',
  evidence: [{ code: 'fm1-vanishing', quantity: 'lengthFactor', value: 0.5, threshold: null, text: 'Half.' }],
  remedies: [
    { ...remedy, configuration: null },
    { ...remedy, configuration: 'dense 4*5 he-normal' },
  ],
  numbers: {},
  method: 'theory',
  trials: 0,
  notes: ['A note.'],
};

const neurons: JsonObject = {
  layers: [
    { layer: 1, states: '0002' },
    { layer: 2, states: '0011' },
  ],
  bornDeadLayer: null,
};

function drawn(text: string): DrawnStudy {
  const question = parseExploreText(text).question as ExploreQuestion;
  const isFunction = question.data !== 'embedded';
  return {
    study: explore as DrawnStudy['study'],
    spec: exploreSpec(question, isFunction ? null : identity),
    result: (cell, trial) => {
      if (cell.startsWith('verdict/')) return verdict;
      if (cell.startsWith('neurons/')) return neurons;
      return cell.startsWith('lengths/') ? lengths(trial) : training(trial, isFunction);
    },
    names: ['explore-lengths', 'explore-training', 'explore-gradients'],
  };
}

const images = drawn(query);
describe('of images', () => checkDrawings(images));
describe('of a function', () =>
  checkDrawings(drawn('net=dense+2*5+he-normal&net=dense+8*5+rai&data=absolute&nets=12&runs=3')));

describe('what is said', () => {
  const { study, spec, result } = images;
  const summary = study.summarize(spec, inventRecords(study, spec, result));

  it('names every net, what became of it, and what would mend it', () => {
    const [first = '', second = ''] = study.findings(summary);
    expect(first).toMatch(
      /^Net 1, dense 4\*5 tfjs:he-normal: Training does not start: signals vanish with depth; /,
    );
    expect(first).toContain('1 of 3 runs reached the target');
    expect(first).toContain('to mend it: dense 4*5 he-normal.');
    // No theory of what looks at data.
    expect(second).not.toContain('theory');
  });

  it('counts dead nets, and neurons by their state', () => {
    const [lengthsTable, neuronsTable] = study.tables(summary);
    expect(lengthsTable?.rows[0]).toContain('1 of 12');
    expect(neuronsTable?.rows[0]?.slice(2)).toEqual(['0', '62.5 %', '25 %', '12.5 %']);
    expect(study.figures(summary)[0]?.caption).toContain('4 dead nets (length exactly 0) are not drawn');
    expect(study.figures(summary)[1]?.caption).toContain('4 of 12 runs reached it, 4 diverged');
  });

  it('leaves out what was not asked', () => {
    const short = drawn('net=dense+5+he-normal&nets=0&runs=0&maps=0');
    const of = short.study.summarize(short.spec, inventRecords(short.study, short.spec, short.result));
    expect(short.study.figures(of)).toEqual([]);
    expect(short.study.tables(of)).toHaveLength(1);
    expect(short.study.findings(of)[0]).toMatch(/^The net dense 5 he-normal: \S/);
  });

  it('says what there is of a net of which next to nothing was asked', () => {
    const said = (parts: string) => {
      const { study, spec, result } = drawn(`net=dense+5*3+he-normal&nets=0&runs=0&verdict=0&${parts}`);
      return study.findings(study.summarize(spec, inventRecords(study, spec, result)));
    };
    expect(said('maps=0')).toEqual([
      'The net dense 5*3 he-normal: theory has a mean length of 1 at its end; nothing was measured.',
    ]);
    expect(said('maps=2')[0]).toMatch(/^The net dense 5\*3 he-normal: \S.* born dead on the data\.$/);
  });
});
