/**
 * A question as text: pairs of a key and a value, the same in the page's address (`?net=dense+100*50+he-normal&nets=100`) and in the
 * command (`--net 'dense 100*50 he-normal' --nets 100`).
 */
import { InvalidArgumentError, shortened } from '@kindling/core';
import { type OptimizerName, optimizerNames } from '../../../regression/optimizers.js';
import { commandLine } from '../../../report/command-line.js';
import {
  type ExploreConfiguration,
  exploreConfigurationText,
  parseExploreConfiguration,
} from '../configuration/configuration.js';
import { exploreLimits, reasonOf } from '../spec.js';
import { asksFunction, defaultLook, defaultRate, type ExploreQuestion, exploreDefaults } from './question.js';

/** The keys, in the order in which they are written; `net` may stand there up to four times. */
export const exploreKeys = [
  'net',
  'seed',
  'data',
  'images',
  'nets',
  'maps',
  'verdict',
  'runs',
  'epochs',
  'optimizer',
  'rate',
  'batch',
  'target',
  'look',
] as const;

/** A key of the text. */
export type ExploreKey = (typeof exploreKeys)[number];

/** A key and its value. */
export type ExploreEntry = readonly [key: string, value: string];

/** Something that cannot be, in words. */
export interface ExploreProblem {
  /** The key: `seed`; of the second net `net 2`. */
  readonly field: string;
  /** One line, without the field. */
  readonly message: string;
}

/** What a text says. */
export interface ParsedExplore {
  /** Null where there is a problem. */
  readonly question: ExploreQuestion | null;
  /** All there are. */
  readonly problems: readonly ExploreProblem[];
}

/** How a text is read. */
export interface ParseExploreOptions {
  /** Smaller defaults. */
  readonly quick?: boolean;
  /** Keys that mean something else to the caller and are passed over. */
  readonly others?: readonly string[];
}

/** What one field's text came to. */
type Read = <Value>(key: ExploreKey, usual: Value, parse: (text: string) => Value) => Value;

/**
 * Reads the query of an address, with or without its `?`. Never throws: what cannot be is told, all of it.
 *
 *     parseExploreText('?net=dense+100*50+he-normal&net=dense+100*50+tfjs:dense&data=embedded')
 */
export function parseExploreText(query: string, options: ParseExploreOptions = {}): ParsedExplore {
  return parseExploreEntries([...new URLSearchParams(query)], options);
}

/** Reads pairs of keys and values, as a command line gives them. */
export function parseExploreEntries(
  entries: readonly ExploreEntry[],
  { quick = false, others = [] }: ParseExploreOptions = {},
): ParsedExplore {
  const problems: ExploreProblem[] = [];
  const values = new Map<ExploreKey, string>();
  const nets: string[] = [];
  for (const [typed, value] of entries) {
    const key = exploreKeys.find((known) => known === typed);
    if (key === 'net') nets.push(value);
    else if (key === undefined) {
      if (!others.includes(typed)) {
        problems.push({
          field: shortened(typed),
          message: `there is no such key; expected ${exploreKeys.join(', ')}`,
        });
      }
    } else if (values.has(key))
      problems.push({ field: key, message: 'it stands there twice; expected it once' });
    else values.set(key, value);
  }
  const read: Read = (key, usual, parse) => {
    const text = values.get(key);
    if (text === undefined) return usual;
    return attempt(problems, key, () => parse(text.trim())) ?? usual;
  };
  const configurations = readNets(nets, problems);
  const data = read('data', 'embedded', readDataName);
  const images = read<number | null>('images', null, (text) => readCount(text, 1, exploreLimits.images));
  if (images !== null && asksFunction(data)) {
    problems.push({
      field: 'images',
      message: `${data} is a function; expected no images, or data that are images`,
    });
  }
  const usual = exploreDefaults({ data, images }, quick);
  const epochs = read('epochs', usual.epochs, (text) => readCount(text, 1, exploreLimits.epochs));
  const optimizer = read<OptimizerName>('optimizer', usual.optimizer, readOptimizer);
  const question: ExploreQuestion = {
    configurations,
    seed: read('seed', usual.seed, (text) => readCount(text, 0, Number.MAX_SAFE_INTEGER)),
    data,
    images,
    nets: read('nets', usual.nets, (text) => readCount(text, 0, exploreLimits.nets)),
    maps: read('maps', usual.maps, (text) => readCount(text, 0, exploreLimits.maps)),
    verdict: read('verdict', usual.verdict, (text) => readCount(text, 0, 1) === 1),
    runs: read('runs', usual.runs, (text) => readCount(text, 0, exploreLimits.runs)),
    epochs,
    optimizer,
    rate: read('rate', defaultRate(data, optimizer), (text) => readPositive(text, Number.MAX_VALUE)),
    batch: read('batch', usual.batch, (text) => readCount(text, 1, exploreLimits.batchSize)),
    target: read('target', usual.target, (text) =>
      readPositive(text, asksFunction(data) ? Number.MAX_VALUE : 1),
    ),
    look: read('look', defaultLook(epochs), (text) => readEpochs(text, epochs)),
  };
  return { question: problems.length === 0 ? question : null, problems };
}

/** The pairs that say a question, all of them, in one order. */
export function exploreEntries(question: ExploreQuestion): readonly ExploreEntry[] {
  const { configurations, images, verdict, look } = question;
  const text = (key: ExploreKey): readonly string[] => {
    if (key === 'net') return configurations.map(exploreConfigurationText);
    if (key === 'images') return images === null ? [] : [String(images)];
    if (key === 'verdict') return [verdict ? '1' : '0'];
    if (key === 'look') return [look.length === 0 ? 'none' : look.join(',')];
    return [String(question[key])];
  };
  return exploreKeys.flatMap((key) => text(key).map((value): ExploreEntry => [key, value]));
}

/** The question as the query of an address, without `?`. Only what an address cannot hold is escaped. */
export function exploreQuery(question: ExploreQuestion): string {
  return exploreEntries(question)
    .map(([key, value]) => `${key}=${escaped(value)}`)
    .join('&');
}

/** The question as a command that a POSIX shell reads. @param data what `--data` is instead, such as the folder of a user's files */
export function exploreCommand(question: ExploreQuestion, data: string = question.data): string {
  const words = exploreEntries({ ...question, data }).flatMap(([key, value]) => [`--${key}`, value]);
  return commandLine(['kindling', 'study', 'explore', ...words]);
}

/**
 * The question as a program for Node that runs it with this package and prints its records, the same lines as in the command's
 * `records.jsonl` but for their order.
 *
 * @param data what is loaded instead, such as the folder of a user's files
 */
export function exploreCode(question: ExploreQuestion, data: string = question.data): string {
  // JSON escapes line ends, which folders' names may have; only the quotes are others.
  const text = (value: string) =>
    `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}'`;
  const isFunction = asksFunction(question.data);
  const { images } = question;
  const loading = isFunction
    ? []
    : images === null
      ? [`  const { dataset } = await loadDataset(${text(data)});`]
      : [
          `  const all = (await loadDataset(${text(data)})).dataset;`,
          `  const dataset = firstImages(all, { train: ${images}, test: ${images} });`,
        ];
  const names = ['encodeRecordLine', 'explore', 'exploreSpec', 'memoryStore', 'parseExploreText', 'runStudy'];
  return [
    "import { isMainThread } from 'node:worker_threads';",
    `import { ${(isFunction ? names : ['datasetIdentity', ...names]).join(', ')} } from '@kindling/studies';`,
    "import { serveWorkerThread, workerThread } from '@kindling/studies/node';",
    ...(images === null || isFunction ? [] : ["import { firstImages } from '@kindling/trainer';"]),
    ...(isFunction ? [] : ["import { loadDataset } from '@kindling/trainer/node';"]),
    '',
    'if (isMainThread) {',
    `  const { question } = parseExploreText(${text(exploreQuery(question))});`,
    ...loading,
    `  const spec = exploreSpec(question, ${isFunction ? 'null' : 'datasetIdentity(dataset)'});`,
    '  await runStudy({',
    '    study: explore,',
    '    spec,',
    isFunction ? '    dataset: null,' : '    dataset,',
    '    store: memoryStore(),',
    '    spawn: workerThread(new URL(import.meta.url)),',
    '    workers: 2,',
    '    onRecords: (records) => {',
    '      for (const record of records) console.log(encodeRecordLine(record));',
    '    },',
    '  });',
    '} else {',
    '  serveWorkerThread();',
    '}',
    '',
  ].join('\n');
}

/** Blanks as `+`, and what is legible and harmless in a query as it is. */
function escaped(value: string): string {
  return encodeURIComponent(value).replaceAll(/%(20|2C|3A|2F|5E|3D|40|3B)/g, (code, digits: string) =>
    digits === '20' ? '+' : decodeURIComponent(code),
  );
}

function readNets(texts: readonly string[], problems: ExploreProblem[]): readonly ExploreConfiguration[] {
  const most = exploreLimits.configurations;
  if (texts.length === 0) {
    problems.push({
      field: 'net',
      message: 'it is missing; expected a network, such as dense 100*50 he-normal',
    });
  }
  if (texts.length > most) {
    problems.push({
      field: 'net',
      message: `it stands there ${texts.length} times; expected at most ${most}`,
    });
  }
  const field = (index: number) => (texts.length === 1 ? 'net' : `net ${index + 1}`);
  const seen = new Map<string, number>();
  return texts.slice(0, most).flatMap((text, index) => {
    const found = attempt(problems, field(index), () => parseExploreConfiguration(text));
    if (found === null) return [];
    const canonical = exploreConfigurationText(found);
    const first = seen.get(canonical);
    if (first !== undefined) {
      problems.push({
        field: field(index),
        message: `it is net ${first + 1} again, which has the same numbers; expected different ones`,
      });
    }
    seen.set(canonical, first ?? index);
    return [found];
  });
}

function attempt<Value>(problems: ExploreProblem[], field: string, parse: () => Value): Value | null {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    problems.push({ field, message: reasonOf(error) });
    return null;
  }
}

function refuse(text: string, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`explore: it is "${shortened(text)}"; expected ${expected}`);
}

function readCount(text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw refuse(text, `a whole number from ${least} to ${most}`);
}

function readPositive(text: string, most: number): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw refuse(text, most === Number.MAX_VALUE ? 'a positive number' : `a number above 0, at most ${most}`);
}

function readOptimizer(text: string): OptimizerName {
  const found = optimizerNames.find((name) => name === text);
  if (found === undefined) throw refuse(text, optimizerNames.join(', '));
  return found;
}

/** Longest name or path of data. */
const longestName = 1000;

function readDataName(text: string): string {
  if (text !== '' && text.length <= longestName) return text;
  throw refuse(text, 'embedded, mnist, fashion-mnist, a function such as absolute, or a folder of idx files');
}

function readEpochs(text: string, most: number): readonly number[] {
  if (text === 'none') return [];
  const epochs = text.split(',').map((item) => readCount(item.trim(), 0, most));
  const sorted = [...new Set(epochs)].sort((a, b) => a - b);
  if (sorted.length <= exploreLimits.lookAt) return sorted;
  throw refuse(text, `at most ${exploreLimits.lookAt} epochs`);
}
