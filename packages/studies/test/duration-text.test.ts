/** Durations as people read them, in the terminal and on the page. */
import { describe, expect, it } from 'vitest';
import { durationText, timeLeftText } from '../src/report/duration-text.js';

describe('durations', () => {
  it.each([
    [0, 'under 1 s'],
    [1, '1 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [202, '3 min 20 s'],
    [598, '10 min'],
    [3590, '1 h'],
    [3599, '1 h'],
    [4320, '1 h 12 min'],
    [86_399, '1 d'],
    [183_600, '2 d 3 h'],
  ])('of %d s read "%s"', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it('are never empty, NaN or sixty of anything', () => {
    for (let seconds = 0; seconds < 200_000; seconds += 37) {
      expect(durationText(seconds)).toMatch(/^(under )?\d+ (s|min|h|d)( \d+ (s|min|h))?$/);
      expect(durationText(seconds)).not.toMatch(/\b60 (s|min)|\b24 h|NaN/);
    }
  });

  it('that are estimates say so, and end in "almost done"', () => {
    expect(timeLeftText(40)).toBe('about 40 s left');
    expect(timeLeftText(0.2)).toBe('almost done');
    expect(timeLeftText(null)).toBe('');
  });
});
