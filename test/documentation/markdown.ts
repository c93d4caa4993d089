/**
 * What the tests of documents read from Markdown: fenced code blocks, link targets and headings. Covers the Markdown this
 * repository writes, not all of CommonMark (no indented code, no setext headings).
 */

/** A fenced block; `line` is the line of its opening fence, from 1. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  readonly line: number;
}

/** A code block and the output a document says it prints, when a `text` block comes next. */
export interface Example {
  readonly block: CodeBlock;
  readonly output: string | null;
}

/** The fenced code blocks in order. Throws when a fence is never closed. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: {
    readonly fence: string;
    readonly language: string;
    readonly line: number;
    code: string[];
  } | null = null;
  for (const [i, text] of markdown.split('\n').entries()) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w-]*)/.exec(text);
    if (open === null) {
      if (fence !== null) open = { fence: fence[1] ?? '', language: fence[2] ?? '', line: i + 1, code: [] };
    } else if (fence !== null && (fence[1] ?? '').startsWith(open.fence) && text.trim() === fence[1]) {
      blocks.push({ language: open.language, code: `${open.code.join('\n')}\n`, line: open.line });
      open = null;
    } else open.code.push(text);
  }
  if (open !== null) throw new Error(`codeBlocks: the fence opened on line ${open.line} is never closed`);
  return blocks;
}

/** Every block in one of `languages`, each with the `text` block that follows it directly, if one does. */
export function examples(markdown: string, languages: readonly string[]): readonly Example[] {
  const blocks = codeBlocks(markdown);
  return blocks.flatMap((block, i) => {
    if (!languages.includes(block.language)) return [];
    const next = blocks[i + 1];
    return [{ block, output: next?.language === 'text' ? next.code : null }];
  });
}

/** Text for comparing printed lines: no carriage returns, no blanks at line ends, no empty lines at the end. */
export function normalizeOutput(text: string): string {
  return text
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

/** The document without fenced blocks and code spans, lines kept. */
function prose(markdown: string): string {
  let fence: string | null = null;
  const lines = markdown.split('\n').map((text) => {
    const match = /^ {0,3}(`{3,}|~{3,})/.exec(text);
    if (match !== null && fence === null) {
      fence = match[1] ?? '';
      return '';
    }
    if (fence !== null) {
      if (match !== null && (match[1] ?? '').startsWith(fence)) fence = null;
      return '';
    }
    return text.replace(/`[^`]*`/g, '');
  });
  return lines.join('\n');
}

/** The targets of links, images and reference definitions, Markdown's and HTML's. */
export function linkTargets(markdown: string): readonly string[] {
  const text = prose(markdown);
  const patterns = [
    /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
    /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm,
    /\b(?:href|src)\s*=\s*"([^"]+)"/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** The fragments a document's headings and HTML ids answer to, spelled as GitHub does. */
export function anchors(markdown: string): ReadonlySet<string> {
  const found = new Set<string>();
  // Headings keep their code spans, so fences are dropped here by the code blocks' own lines.
  const blocks = codeBlocks(markdown).map(
    ({ line, code }) => [line, line + code.split('\n').length] as const,
  );
  for (const [i, text] of markdown.split('\n').entries()) {
    if (blocks.some(([first, last]) => i + 1 >= first && i + 1 <= last)) continue;
    const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
    if (heading !== undefined) {
      const slug = heading
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-');
      let unique = slug;
      for (let n = 1; found.has(unique); n += 1) unique = `${slug}-${n}`;
      found.add(unique);
    }
    for (const match of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) found.add(match[1] ?? '');
  }
  return found;
}
