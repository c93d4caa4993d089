/** What workers load: the same trials as the studies', and nothing that draws. */
import { findTrialStudy, studyCatalog } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { trialCatalog } from '../src/catalog/trial-catalog.js';

describe('the trials of the catalog', () => {
  it('are those of the studies, in their order', () => {
    expect([...trialCatalog.keys()]).toEqual([...studyCatalog.keys()]);
    for (const [name, { parseSpec, runTrial }] of trialCatalog) {
      expect(parseSpec).toBe(studyCatalog.get(name)?.parseSpec);
      expect(runTrial).toBe(studyCatalog.get(name)?.runTrial);
    }
  });

  it('are refused under other names', () => {
    expect(() => findTrialStudy('figure-0')).toThrow(
      /no study is called "figure-0"; expected one of figure-1/,
    );
  });
});
