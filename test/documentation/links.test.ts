/** Every link inside the repository leads somewhere: the file exists, and the heading in it too. Other sites are not asked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinPosix, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { listFiles, readText, root } from '../architecture/workspace.js';
import { anchors, codeBlocks, linkTargets } from './markdown.js';

const documents = listFiles().filter((file) => file.endsWith('.md'));

/** What is wrong with a link, or null. */
function problem(document: string, target: string): string | null {
  if (/^[a-z][a-z\d+.-]*:/i.test(target) || target.startsWith('//')) return null;
  const [path = '', fragment] = decodeURI(target).split('#');
  const file = path === '' ? document : normalize(joinPosix(dirname(document), path.replace(/\?.*$/, '')));
  if (path.startsWith('/') || file.startsWith('..')) return 'leaves the repository';
  if (!existsSync(join(root, file))) return 'leads to no file';
  // A link to a file that is ignored by git works only where it was made.
  const trimmed = file.replace(/\/$/, '');
  if (trimmed !== '.' && !listFiles().some((other) => other === trimmed || other.startsWith(`${trimmed}/`))) {
    return 'leads to a file that is not in the repository';
  }
  if (fragment !== undefined && file.endsWith('.md') && !anchors(readText(file)).has(fragment)) {
    return 'leads to no heading';
  }
  return null;
}

describe('links', () => {
  it('are read from the documents', () => {
    expect(documents.length).toBeGreaterThan(0);
  });

  it.each(documents)('%s leads somewhere', (document) => {
    const broken = linkTargets(readText(document)).flatMap((target) => {
      const what = problem(document, target);
      return what === null ? [] : [`${target} ${what}`];
    });
    expect(broken).toEqual([]);
  });

  it('are found in every spelling, and broken ones are seen', () => {
    const text =
      '# A b\n[x](a.md "t") ![y](<b.svg>)\n```js\n[no](no.md)\n```\n`[no](no.md)`\n[r]: c.md\n<img src="d.png">';
    expect(linkTargets(text)).toEqual(['a.md', 'b.svg', 'c.md', 'd.png']);
    expect([...anchors('# The `x` way\n## A/B: c\n## A/B: c')]).toEqual(['the-x-way', 'ab-c', 'ab-c-1']);
    expect(codeBlocks('~~~text\n```\n~~~\n')).toEqual([{ language: 'text', code: '```\n', line: 1 }]);
    expect(problem('LICENSE', 'no-such-file.md')).toBe('leads to no file');
    expect(problem('LICENSE', '../outside')).toBe('leaves the repository');
    expect(problem('LICENSE', 'https://example.org')).toBeNull();
  });
});
