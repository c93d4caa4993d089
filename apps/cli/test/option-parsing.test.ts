/** Numbers, depths and names on the command line: what is read, what is refused, and how the refusal reads. */
import { commandLine, figure1InitializerNames, figure1Limits } from '@kindling/studies';
import { describe, expect, it } from 'vitest';
import { parseDepths } from '../src/options/depths.js';
import { parseInitializers } from '../src/options/initializers.js';
import { nearestNames } from '../src/options/nearest-names.js';
import { invocation, userDirectory } from '../src/options/user-directory.js';
import { parseWholeNumber } from '../src/options/whole-number.js';
import { UsageError } from '../src/usage-error.js';

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('messageOf: nothing was thrown; expected a UsageError');
}

describe('whole numbers', () => {
  const bounds = { least: 1, most: 1_000_000 };

  it.each([1, 2, 10, 999_999, 1_000_000, ...Array.from({ length: 40 }, (_, i) => 7 ** 3 * i + 1)])(
    'reads back %i',
    (value) => expect(parseWholeNumber('--trials', String(value), bounds)).toBe(value),
  );

  it.each(
    'NaN|Infinity|-1|-0|+1|0|1000001|1e9|1e3|1.5|1.0|0x10|1_000|1,000||  |1 |１|99999999999999999999|one'.split(
      '|',
    ),
  )('refuses "%s" in one line that names the argument, the text and the bounds', (text) => {
    const message = messageOf(() => parseWholeNumber('--trials', text, bounds));
    expect(message).not.toContain('\n');
    expect(message).toBe(`--trials is "${text}"; expected a whole number from 1 to 1,000,000`);
  });

  it('says why there is a most only to whom asks for more', () => {
    const explained = { ...bounds, hint: 'the least', whyMost: 'the most' };
    expect(messageOf(() => parseWholeNumber('--x', '1000001', explained))).toContain('(the most)');
    expect(messageOf(() => parseWholeNumber('--x', '0', explained))).toContain('(the least)');
  });

  it('reads the largest exact integer', () => {
    const seed = { least: 0, most: Number.MAX_SAFE_INTEGER };
    expect(parseWholeNumber('--seed', '9007199254740991', seed)).toBe(Number.MAX_SAFE_INTEGER);
    expect(messageOf(() => parseWholeNumber('--seed', '9007199254740993', seed))).toContain('--seed');
  });
});

describe('depths', () => {
  it('are ascending and each once, in whatever order they are written', () => {
    for (const text of ['5,10,20', '20,5,10', '10,5,20,5', ' 5 , 10,20 ', '5..5,10..20:10']) {
      expect(parseDepths(text)).toEqual([5, 10, 20]);
    }
  });

  it('have ranges that hold what counting by the step holds', () => {
    for (let from = 1; from < 40; from += 3) {
      for (let to = from; to < 60; to += 7) {
        for (const step of [1, 2, 5, 13]) {
          const counted: number[] = [];
          for (let depth = from; depth <= to; depth += step) counted.push(depth);
          expect(parseDepths(`${from}..${to}:${step}`)).toEqual(counted);
        }
      }
    }
    expect(parseDepths('3..5')).toEqual([3, 4, 5]);
  });

  it.each(
    '|,|5,|,5|0|-5|5.5|abc|1001|1e2|5..|..5|20..10|5..10:0|5..10:-1|5..2000|5...10|5..10:1:1|NaN'.split('|'),
  )('refuse "%s" in one line that names --depths', (text) => {
    const message = messageOf(() => parseDepths(text));
    expect(message).toContain('--depths');
    expect(message).not.toContain('\n');
  });

  it('go as far as a spec does', () => {
    expect(parseDepths(String(figure1Limits.depth))).toEqual([figure1Limits.depth]);
  });
});

describe('initializers', () => {
  it('come in the order of the catalog, each once', () => {
    for (const name of figure1InitializerNames) expect(parseInitializers(name)).toEqual([name]);
    const backwards = [...figure1InitializerNames].reverse();
    expect(parseInitializers([...backwards, ...backwards].join(', '))).toEqual(figure1InitializerNames);
  });

  it('that are mistyped get the name that was meant', () => {
    for (const name of figure1InitializerNames) {
      for (let i = 1; i < name.length; i++) {
        const omitted = name.slice(0, i) + name.slice(i + 1);
        const doubled = name.slice(0, i) + name[i] + name.slice(i);
        const replaced = `${name.slice(0, i)}#${name.slice(i + 1)}`;
        for (const typed of [omitted, doubled, replaced, replaced.toUpperCase()]) {
          // One letter off may be another name's spelling too, such as he-normal in he-normal-2x without its end.
          expect(nearestNames(typed, figure1InitializerNames)).toContain(name);
        }
      }
    }
    const message = messageOf(() => parseInitializers('he-normal,he-norml'));
    expect(message).toContain('there is no initializer "he-norml"; did you mean he-normal');
    expect(message).not.toContain('\n');
  });

  it('that are like none get the whole list', () => {
    const message = messageOf(() => parseInitializers('xavier-orthogonal'));
    for (const name of figure1InitializerNames) expect(message).toContain(name);
    expect(messageOf(() => parseInitializers(''))).toContain('expected one of');
  });
});

describe('nearest names', () => {
  const names = ['mnist', 'fashion-mnist', 'embedded'];

  it.each([
    ['mnits', ['mnist']],
    ['MNIST', ['mnist', 'fashion-mnist']],
    ['fashion', ['fashion-mnist']],
    ['embeded', ['embedded']],
    ['cifar', []],
    ['', []],
    [' ', []],
  ])('of "%s" are %j', (typed, near) => expect(nearestNames(typed, names)).toEqual(near));
});

describe('the user’s directory', () => {
  it('is where a package manager was called, while the process is where that put it', () => {
    const env = { INIT_CWD: '/u/deep', npm_package_json: '/u/package.json' };
    expect(userDirectory('/u', env)).toBe('/u/deep');
    expect(userDirectory('/elsewhere', env)).toBe('/elsewhere');
    expect(userDirectory('/u', { INIT_CWD: '/u/deep' })).toBe('/u');
    expect(userDirectory('/u', {})).toBe('/u');
  });

  it('tells how the program was called', () => {
    const env = { npm_package_json: '/u/package.json', npm_package_name: 'kindling-workspace' };
    expect(invocation('/u', env)).toBe('pnpm kindling');
    expect(invocation('/v', env)).toBe('kindling');
    expect(invocation('/u', {})).toBe('kindling');
  });
});

describe('command lines', () => {
  it('are quoted where a shell would read something else', () => {
    expect(commandLine(['kindling', '--depths', '5,10', '--data', './a b', "it's", '', '$x', '~/d'])).toBe(
      "kindling --depths 5,10 --data './a b' 'it'\\''s' '' '$x' '~/d'",
    );
  });
});
