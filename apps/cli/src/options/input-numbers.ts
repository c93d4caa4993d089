/** `--input`: the numbers a net is asked about, in the argument itself or in a file. */
import { countOf, countText } from '@kindling/studies/text';
import { UsageError } from '../usage-error.js';
import { parseJsonText } from './json-syntax.js';
import { readTextFile } from './text-file.js';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** What no file is called: signs, digits and blanks. */
const listOfNumbers = /^[\s\d.,eE+-]*\d[\s\d.,eE+-]*$/;

/** Rows, pixels and channels, and one to spare. */
const mostNested = 4;

/** Lengths and what many layers make of them must be numbers, also in f32. */
const largest = 1e15;
/** Smaller ones are beyond the digits of f64. */
const leastSquare = 1e-300;

/**
 * Reads `--input`: numbers between commas, or a file of numbers between commas, blanks and line ends, or as JSON (lists in lists are
 * read row by row).
 *
 * @param count numbers the net reads
 * @param directory where relative paths start, absolute
 * @throws UsageError for anything that is no number up to 10¹⁵ in size, another count, or zeros alone
 */
export async function parseInput(text: string, count: number, directory: string): Promise<readonly number[]> {
  const typed = listOfNumbers.test(text);
  const name = typed ? '--input' : `--input ${text}`;
  const items = typed ? text.split(',').map((item) => item.trim()) : await itemsOfFile(text, directory);
  const numbers = items.map((item, index) => {
    const value = number.test(item) ? Number(item) : Number.NaN;
    if (Math.abs(value) <= largest) return value;
    throw new UsageError(
      `${name}: number ${countText(index + 1)} is "${item.slice(0, 40)}"; expected one from −10¹⁵ to 10¹⁵`,
    );
  });
  if (numbers.length !== count) {
    throw new UsageError(
      `${name} has ${countOf(numbers.length, 'number')}; expected ${countText(count)}, what the net reads`,
    );
  }
  if (numbers.every((value) => value === 0)) {
    throw new UsageError(`${name} is zero everywhere; expected an input with a length`);
  }
  const square = numbers.reduce((sum, value) => sum + value * value, 0);
  if (square < leastSquare) {
    throw new UsageError(
      `${name} is too close to zero: its squares sum to less than 10⁻³⁰⁰; expected larger numbers`,
    );
  }
  return numbers;
}

async function itemsOfFile(path: string, directory: string): Promise<readonly string[]> {
  const expected = 'numbers between commas, or a file of them (.csv, .txt or .json)';
  const text = await readTextFile({ argument: '--input', path, directory, expected });
  if (!/^\s*[[{"]/.test(text)) {
    return text
      .trim()
      .split(/\s*[,;]\s*|\s+/)
      .filter((item) => item !== '');
  }
  const value = parseJsonText('--input', path, text);
  if (!Array.isArray(value)) {
    throw new UsageError(`--input is "${path}", whose JSON is no list; expected a list of numbers`);
  }
  return value
    .flat(mostNested)
    .map((item: unknown) => (typeof item === 'number' ? String(item) : JSON.stringify(item)));
}
