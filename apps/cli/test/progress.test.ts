/** How progress reads: the lines and when they come, the bar at every width, durations and news. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { barText } from '../src/progress/progress-bar.js';
import { progressLine, progressLines } from '../src/progress/progress-lines.js';
import { progressNews, recordNews } from '../src/progress/trial-news.js';
import type { WorkState } from '../src/progress/work-meter.js';

const plain = pc.createColors(false);

function stateAt(fraction: number, secondsLeft: number | null = 40): WorkState {
  const doneTrials = Math.floor(fraction * 5472);
  return { doneTrials, totalTrials: 5472, resumedTrials: 0, fraction, secondsLeft };
}

/** The moments (seconds) of the lines of a run of `seconds`, told of every 50 ms. */
function momentsOf(seconds: number): readonly number[] {
  let clock = 0;
  const moments: number[] = [];
  const display = progressLines(
    () => moments.push(clock / 1000),
    () => clock,
  );
  for (; clock <= seconds * 1000; clock += 50) display.update(stateAt(clock / (seconds * 1000)), 'x');
  return moments;
}

describe('plain lines', () => {
  it('say the share, the trials, the time left and the newest', () => {
    expect(progressLine(stateAt(0.125), 'training he-normal depth 30: epoch 2, 31.6 %')).toBe(
      ' 12 %  684 of 5,472 trials, about 40 s left – training he-normal depth 30: epoch 2, 31.6 %',
    );
    expect(progressLine(stateAt(0, null), 'x')).toBe('  0 %  0 of 5,472 trials – x');
    expect(progressLine(stateAt(1, 0), 'x')).toContain('100 %');
    expect(progressLine(stateAt(0.9999), 'x')).toContain(' 99 %');
  });

  it('come with every tenth of a run of minutes, and not much oftener', () => {
    const moments = momentsOf(40);
    expect(moments.length).toBeGreaterThanOrEqual(10);
    expect(moments.length).toBeLessThanOrEqual(20);
  });

  it('never come closer than a second, nor farther apart than 5 s in the first minute', () => {
    for (const seconds of [2, 9, 33, 60]) {
      const moments = momentsOf(seconds);
      for (const [i, moment] of moments.slice(1).entries()) {
        const gap = moment - (moments[i] ?? Number.NaN);
        expect(gap).toBeGreaterThanOrEqual(1);
        expect(gap).toBeLessThanOrEqual(5.1);
      }
    }
  });

  it('do not flood the log of a run of hours', () => {
    expect(momentsOf(3600).length).toBeLessThan(120);
  });

  it('stop when the display is closed, and need news', () => {
    const lines: string[] = [];
    const display = progressLines(
      (line) => lines.push(line),
      () => 0,
    );
    display.update(stateAt(0.1), null);
    expect(lines).toEqual([]);
    display.close();
    display.update(stateAt(0.2), 'x');
    expect(lines).toEqual([]);
  });
});

describe('the bar', () => {
  it('fits every width', () => {
    for (let columns = 1; columns <= 200; columns++) {
      for (const fraction of [0, 0.001, 0.5, 0.999, 1]) {
        const text = barText(stateAt(fraction, 86_400 * 3.2), columns, plain);
        expect([...text].length).toBeLessThan(Math.max(2, columns));
      }
    }
  });

  it('is as full as the study, and shows all where there is room', () => {
    const text = barText(stateAt(0.5), 100, plain);
    expect(text.split('█').length - 1).toBe(16);
    expect(text.split('░').length - 1).toBe(16);
    expect(text).toContain('2,736 of 5,472 trials · about 40 s left');
  });

  it('gives up the trials before the time left', () => {
    const text = barText(stateAt(0.5), 44, plain);
    expect(text).toContain('about 40 s left');
    expect(text).not.toContain('trials');
  });
});

describe('news', () => {
  it('tell where a training is', () => {
    const values = { epoch: 2, testAccuracy: 0.3164, meanLoss: 2.1 };
    expect(progressNews({ cell: 'training/he-normal/depth=30', values })).toBe(
      'training he-normal depth 30: epoch 2, 31.6 %',
    );
    expect(progressNews({ cell: 'a', values: {} })).toBe('a');
  });

  it.each([
    [{ outcome: 'reached', epochs: 1 }, ': reached the target after 1 epoch'],
    [{ outcome: 'censored', epochs: 100 }, ': not at the target after 100 epochs'],
    [{ outcome: 'diverged', epochs: 2 }, ': diverged in epoch 2'],
    [{ outcome: 'never-moves', epochs: 0 }, ': can provably never move again'],
    [{ outcome: 'reached', steps: 1234 }, ': reached the target after 1,234 steps'],
    [{ outcome: 'diverged', steps: 3 }, ': diverged in step 3'],
    [{ length: 0.0321 }, ': length 0.032'],
    [{ length: 'Infinity' }, ''],
    [{}, ''],
  ])('tell how %j ended', (result, text) => {
    expect(recordNews({ cell: 'c/depth=5', result })).toBe(`c depth 5${text}`);
  });
});
