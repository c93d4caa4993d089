/** Fields and address: what is typed is what is meant, and what cannot be meant is told in words. */
import { figure1InitializerNames, figure1Initializers } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { type Draft, defaultDraft } from '../../src/study/settings/draft.js';
import { readAddress, writeAddress } from '../../src/study/settings/query.js';
import { readSettings } from '../../src/study/settings/read-settings.js';

const defaults = defaultDraft(2);

function problemsOf(change: Partial<Draft>): readonly string[] {
  return readSettings({ ...defaults, ...change }).problems.map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

describe('readSettings', () => {
  it('takes the defaults', () => {
    expect(readSettings(defaults)).toMatchObject({
      problems: [],
      settings: { seed: 1, workers: 2, initializers: figure1Initializers },
    });
  });

  it('reads depths with commas, spaces or both, and puts them in order', () => {
    for (const depths of ['20,5,10', ' 20  5 10 ', '20, 5,\t10,']) {
      expect(readSettings({ ...defaults, depths }).settings?.depths).toEqual([5, 10, 20]);
    }
  });

  it('puts initializers into the order of the catalog, whatever the order of the address', () => {
    const inits = [...figure1InitializerNames].reverse();
    expect(readSettings({ ...defaults, inits }).settings?.initializers).toEqual(figure1InitializerNames);
  });

  it('takes the largest seed and refuses the next number, which a double cannot tell from its neighbor', () => {
    expect(readSettings({ ...defaults, seed: '9007199254740991' }).settings?.seed).toBe(2 ** 53 - 1);
    expect(problemsOf({ seed: '9007199254740992' })).toHaveLength(1);
  });

  it.each([
    [{ seed: '-1' }, /^seed: .*0 to 9007199254740991, got “-1”/],
    [{ seed: '1.5' }, /^seed: .*“1.5”/],
    [{ seed: '' }, /^seed: .*“”/],
    [{ trials: '1e3' }, /^trials: .*“1e3”/],
    [{ runs: '1001' }, /^runs: .*0 to 1000/],
    [{ maxEpochs: '0' }, /^maxEpochs: .*1 to/],
    [{ workers: '0' }, /^workers: .*1 to 64/],
    [{ depths: '' }, /^depths: .*none/],
    [{ depths: '5,x' }, /^depths: .*“x”/],
    [{ depths: '1001' }, /^depths: .*1 to 1000/],
    [{ depths: '5 5' }, /^depths: .*5 twice/],
    [{ inits: [] }, /^inits: expected at least one/],
    [{ inits: ['he-norml'] }, /^inits: .*“he-norml”.*he-normal, he-uniform/],
    [{ trials: '0', runs: '0' }, /^runs: .*nothing to do/],
  ] satisfies [Partial<Draft>, RegExp][])('refuses %j', (change, message) => {
    const problems = problemsOf(change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('tells every problem at once', () => {
    expect(problemsOf({ seed: 'a', runs: 'b', depths: 'c' })).toHaveLength(3);
  });
});

describe('the address', () => {
  it('is empty for the defaults, and says only what differs', () => {
    expect(writeAddress(defaults, defaults)).toBe('');
    const draft = { ...defaults, seed: '7', depths: '5, 10', inits: ['he-normal', 'lecun-normal'] };
    expect(writeAddress(draft, defaults)).toBe('?depths=5,10&seed=7&inits=he-normal,lecun-normal');
  });

  it('brings back what it was written from, wrong values and odd characters included', () => {
    for (const change of [
      { seed: '3', workers: '4' },
      { depths: '5, 20', trials: '0' },
      { runs: 'a&b=c #é' },
      { inits: [] },
      { inits: ['he-uniform'] },
    ] satisfies Partial<Draft>[]) {
      const draft = { ...defaults, ...change };
      const read = readAddress(writeAddress(draft, defaults), defaults);
      expect(read).toEqual({ draft, run: false, problems: [] });
    }
  });

  it('starts a run only for run=1', () => {
    expect(readAddress('?run=1', defaults)).toMatchObject({ run: true, problems: [] });
    expect(readAddress('?run=0', defaults)).toMatchObject({ run: false, problems: [] });
    expect(readAddress('', defaults).run).toBe(false);
    expect(readAddress('?run=true', defaults)).toMatchObject({ run: false, problems: [/run=true/] });
  });

  it('tells of parameters it does not know, and of those said twice', () => {
    expect(readAddress('?sede=1', defaults).problems).toEqual([expect.stringContaining('“sede”')]);
    const twice = readAddress('?seed=1&seed=2', defaults);
    expect(twice.problems).toEqual([expect.stringContaining('more than once')]);
    expect(twice.draft.seed).toBe('1');
  });
});
