/** docs/verdicts.md names every threshold with the value it has. */
import { verdictThresholds } from '@kindling/diagnostics';
import { expect, it } from 'vitest';
import { readText } from '../architecture/workspace.js';

const text = readText('docs/verdicts.md');

it.each(Object.entries(verdictThresholds))('docs/verdicts.md: %s is %d', (name, value) => {
  const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row, 'a row of the table of thresholds').toBeDefined();
  const told = (row?.split('|')[2] ?? '').trim().replace('−', '-');
  expect(Number(told)).toBeCloseTo(value, 1);
  expect(Math.abs(Number(told) - value)).toBeLessThan(0.01);
});
