/** Questions of the explorable as text: every one is read back as it was written, and what cannot be is told and never thrown. */
import { InvalidArgumentError } from '@kindling/core';
import { initializerNames } from '@kindling/initializers';
import {
  canonicalJson,
  type ExploreConfiguration,
  type ExploreNetwork,
  type ExploreQuestion,
  exploreCode,
  exploreCommand,
  exploreConfigurationText,
  exploreEntries,
  exploreKeys,
  explorePresets,
  exploreQuery,
  exploreQuestion,
  exploreSpec,
  type JsonValue,
  parseExploreConfiguration,
  parseExploreEntries,
  parseExploreSpec,
  parseExploreText,
} from '@kindling/studies';
import { embeddedDigest } from '@kindling/trainer';
import { describe, expect, it } from 'vitest';

const identity = {
  name: 'embedded',
  digest: embeddedDigest,
  trainCount: 1500,
  testCount: 500,
  features: 784,
  classes: 10,
};

/** Numbers from 0 to 1 (Park & Miller), the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function chooser(random: () => number) {
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const one = <Item>(items: readonly Item[]): Item => items[whole(0, items.length - 1)] as Item;
  return { whole, one };
}

function randomNetwork(random: () => number): ExploreNetwork {
  const { whole, one } = chooser(random);
  const kind = one(['dense', 'residual', 'convolutional'] as const);
  const runs = <Item>(item: () => Item) =>
    Array.from({ length: whole(1, 4) }, item).flatMap((each) => new Array<Item>(whole(1, 30)).fill(each));
  if (kind === 'dense') return { kind, widths: runs(() => whole(1, 1000)) };
  if (kind === 'residual') {
    const modules = random() < 0.05 ? 1000 : whole(1, 60);
    const list = Array.from({ length: modules }, () => one(['0.5', '1', '0.25']));
    const lists = modules > 1 && modules < 50 && new Set(list).size > 1 ? [list.join(',')] : [];
    const scale = one(['1', '0.75^l', '1/L', '1/sqrt(L)', 'rezero', 'skipinit', '0', '0.001', ...lists]);
    const text = `residual ${whole(1, 1000)}*${modules} scale=${scale} module=${one(['relu', 'linear'])} he-normal`;
    return parseExploreConfiguration(text).network;
  }
  return {
    kind,
    layers: runs(() => ({ channels: whole(1, 64), stride: one([1, 1, 2]) })),
    kernel: one([
      [3, 3],
      [5, 5],
      [1, 3],
    ]),
    padding: one(['zero', 'circular']),
  };
}

function randomConfiguration(random: () => number): ExploreConfiguration {
  const { one } = chooser(random);
  const network = randomNetwork(random);
  const initializer = one([
    'he-normal',
    'tfjs:he-normal',
    'tfjs:dense',
    'glorot-uniform:gain=1.25',
    'he-normal:slope=0.2',
    'normal:variance=0.01',
    'variance-scaling:scale=2.23,mode=fan-in,distribution=student-t,degrees-of-freedom=7',
    'pytorch:linear',
    'lecun-uniform',
  ]);
  const biases = one<ExploreConfiguration['biases']>([
    null,
    null,
    { kind: 'constant', value: random() - 0.5 },
    { kind: 'constant', value: 0 },
    { kind: 'normal', variance: random() / 3 },
  ]);
  return { network, initializer, weightFactor: one([1, 1, random() * 3, 1e-7]), biases };
}

function randomQuestion(random: () => number): ExploreQuestion {
  const { whole, one } = chooser(random);
  const isFunction = random() < 0.3;
  const configurations = new Map<string, ExploreConfiguration>();
  for (let i = whole(1, 4); i > 0; i--) {
    const each = randomConfiguration(random);
    if (!isFunction || each.network.kind !== 'convolutional')
      configurations.set(exploreConfigurationText(each), each);
  }
  if (configurations.size === 0) configurations.set('', parseExploreConfiguration('dense 3 he-normal'));
  const epochs = whole(1, 1000);
  const look = [...new Set(Array.from({ length: whole(0, 5) }, () => whole(0, epochs)))].sort(
    (a, b) => a - b,
  );
  return {
    configurations: [...configurations.values()],
    seed: whole(0, Number.MAX_SAFE_INTEGER - 1),
    data: isFunction ? one(['absolute', 'absolute-pair']) : 'embedded',
    images: isFunction || random() < 0.5 ? null : whole(1, 100_000),
    nets: whole(0, 10_000),
    maps: whole(0, 1000),
    verdict: random() < 0.5,
    runs: whole(0, 1000),
    epochs,
    optimizer: one(['sgd', 'momentum', 'adam']),
    rate: random() * 10 ** -whole(0, 9),
    batch: whole(1, 65_536),
    target: random() + 1e-9,
    look,
  };
}

const spelled = (value: unknown) => canonicalJson(value as JsonValue);

describe('a question', () => {
  it('is read back from its query, its entries and its JSON, whatever it asks', () => {
    const random = randomNumbers(7);
    for (let i = 0; i < 200; i++) {
      const question = randomQuestion(random);
      const query = exploreQuery(question);
      const read = parseExploreText(query);
      expect(read.problems, query).toEqual([]);
      expect(spelled(read.question)).toBe(spelled(question));
      expect(spelled(parseExploreEntries(exploreEntries(question)).question)).toBe(spelled(question));
      // Through the standard's own way of writing a query, too: what an address bar may make of ours.
      const again = new URLSearchParams([...new URLSearchParams(query)]).toString();
      expect(spelled(parseExploreText(`?${again}`).question)).toBe(spelled(question));
    }
  });

  it('has a spec that is read back as the question, and survives JSON', () => {
    const random = randomNumbers(11);
    let specs = 0;
    for (let i = 0; i < 30; i++) {
      const question = { ...randomQuestion(random), runs: 0, maps: 0, images: null };
      const data = question.data === 'embedded' ? identity : null;
      try {
        const spec = exploreSpec(question, data);
        specs += 1;
        expect(parseExploreSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
        const { configurations, seed, nets, verdict } = exploreQuestion(spec);
        expect(spelled({ configurations, seed, nets, verdict })).toBe(
          spelled({
            configurations: question.configurations,
            seed: question.seed,
            nets: question.nets,
            verdict: question.verdict,
          }),
        );
      } catch (error) {
        // Strides may leave nothing of an image: that is told, too.
        expect(error).toBeInstanceOf(InvalidArgumentError);
        expect((error as Error).message).toMatch(/^explore: configurations\.\d: /);
      }
    }
    expect(specs).toBeGreaterThan(15);
  });

  it('is a command whose words a shell gives back', () => {
    const random = randomNumbers(13);
    for (let i = 0; i < 100; i++) {
      const question = randomQuestion(random);
      const words = shellWords(exploreCommand(question));
      expect(words.slice(0, 3)).toEqual(['kindling', 'study', 'explore']);
      const entries = pairs(words.slice(3)).map(([flag, value]) => [flag.replace(/^--/, ''), value] as const);
      expect(entries).toEqual(exploreEntries(question));
    }
    const own = parseExploreText('net=dense+3+he-normal&data=absolute').question as ExploreQuestion;
    expect(exploreCommand(own, "my $(rm) folder's")).toContain(`--data 'my $(rm) folder'\\''s'`);
    expect(exploreCode({ ...own, data: 'x' }, "a'b\\c")).toContain(String.raw`loadDataset('a\'b\\c')`);
    expect(exploreCode({ ...own, data: 'x' }, 'a"b\nc\\"d')).toContain(String.raw`loadDataset('a"b\nc\\"d')`);
  });

  it('may be as short as one net: the rest has defaults, smaller ones if quick', () => {
    const { question } = parseExploreText('net=dense 100*50 he-normal');
    expect(question).toMatchObject({
      data: 'embedded',
      nets: 100,
      epochs: 10,
      batch: 32,
      rate: 0.01,
      target: 0.2,
    });
    expect(parseExploreText('net=dense 5 he-normal', { quick: true }).question).toMatchObject({
      nets: 30,
      epochs: 3,
    });
    const learned = parseExploreText('net=dense 5 he-normal&data=absolute').question;
    expect(learned).toMatchObject({
      optimizer: 'adam',
      rate: 0.001,
      batch: 64,
      target: 0.01,
      look: [0, 1, 500],
    });
  });

  it('is the one text of a configuration, however that was typed', () => {
    const text = 'residual 50*30 module=linear scale=1/sqrt(L) he-normal bias-variance=0.1';
    const typed = '  RESIDUAL  50×30 he-normal:bias-variance=.1 scale=1/√L module=linear';
    expect(exploreConfigurationText(parseExploreConfiguration(typed))).toBe(text);
    const dense = exploreConfigurationText(
      parseExploreConfiguration('dense 5,5,5*2,3 kaiming-normal times=1'),
    );
    expect(dense).toBe('dense 5*4,3 he-normal');
  });
});

describe('what cannot be', () => {
  it.each([
    ['net=dense 0*3 he-normal', 'net', 'a width is "0"; expected a whole number from 1 to 1000'],
    ['net=dense 1001 he-normal', 'net', 'a width is "1001"'],
    ['net=dense 100*1000000000 he-normal', 'net', 'expected a whole number from 1 to 1000'],
    ['net=dense 1*900,1*900 he-normal', 'net', 'more than 1000'],
    ['net=dense NaN he-normal', 'net', 'a width is "NaN"'],
    ['net=dense 5 he-norml', 'net', 'there is no initializer "he-norml"'],
    ['net=dense 5 he-normal he-uniform', 'net', 'both stand for the initializer'],
    ['net=dense 5', 'net', 'the initializer is missing'],
    ['net=dense', 'net', 'the layers are missing'],
    ['net=', 'net', 'it is empty'],
    ['', 'net', 'it is missing'],
    ['net=cube 5 he-normal', 'net', 'there is no network "cube"'],
    ['net=dense 5 he-normal scale=1', 'net', 'dense has no setting "scale"'],
    ['net=dense 5 he-normal times=0', 'net', 'times is "0"; expected a positive number'],
    ['net=dense 5 he-normal times=NaN', 'net', 'times is "NaN"'],
    ['net=dense 5 he-normal times=1 times=2', 'net', 'times is set twice'],
    ['net=dense 5 he-normal bias=1 bias-variance=1', 'net', 'bias is set beside bias-variance'],
    ['net=dense 5 rai bias=1', 'net', 'rai has biases of its own'],
    ['net=dense 5 fixup', 'net', 'fixup is for residual nets'],
    ['net=residual 5,6 he-normal', 'net', 'several widths'],
    ['net=residual 5*3 scale=-1 he-normal', 'net', 'the scale "-1"'],
    [
      'net=residual 5*3 scale=1,2 he-normal&data=embedded',
      'spec',
      'configurations.0: the list has 2 scales; expected 3',
    ],
    ['net=residual 5*3 scale=fixup module=linear he-normal', 'net', 'scale=fixup does not go with he-normal'],
    ['net=conv 8/0 he-normal', 'net', 'a stride is "0"'],
    ['net=conv 8/2/2 he-normal', 'net', 'is no convolution'],
    ['net=conv 8 kernel=3x he-normal', 'net', 'lacks a size'],
    ['net=conv 8 padding=mirror he-normal', 'net', 'is no padding'],
    ['net=conv 8 kernel=99 padding=valid he-normal', 'spec', 'configurations.0: '],
    ['net=dense 5 he-normal&net=dense 5 kaiming-normal', 'net 2', 'it is net 1 again'],
    [[1, 2, 3, 4, 5].map((width) => `net=dense ${width} he-normal`).join('&'), 'net', 'at most 4'],
    ['net=dense 5 he-normal&seed=-1', 'seed', 'it is "-1"; expected a whole number from 0'],
    ['net=dense 5 he-normal&seed=1&seed=2', 'seed', 'it stands there twice'],
    ['net=dense 5 he-normal&epochs=1e3', 'epochs', 'expected a whole number'],
    ['net=dense 5 he-normal&rate=Infinity', 'rate', 'expected a positive number'],
    ['net=dense 5 he-normal&target=1.5', 'target', 'at most 1'],
    ['net=dense 5 he-normal&look=0,99', 'look', 'it is "99"; expected a whole number from 0 to 10'],
    ['net=dense 5 he-normal&data=absolute&images=5', 'images', 'absolute is a function'],
    ['net=dense 5 he-normal&data=', 'data', 'it is ""'],
    ['net=dense 5 he-normal&colour=red', 'colour', 'there is no such key; expected net, seed'],
    ['net=dense 1000*1000 he-normal', 'spec', 'takes 4.'],
    ['net=conv 8 he-normal&data=absolute', 'spec', 'convolutions read images'],
  ])('%s: %s', (query, field, words) => {
    const { question, problems } = parseExploreText(query);
    if (field === 'spec') {
      const data = question?.data === 'embedded' ? identity : null;
      expect(() => exploreSpec(question as ExploreQuestion, data)).toThrow(words);
      expect(() => exploreSpec(question as ExploreQuestion, data)).toThrow(InvalidArgumentError);
      return;
    }
    expect(question).toBeNull();
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]?.message).toContain(words);
  });

  it('is told all at once', () => {
    const { problems } = parseExploreText('net=dense 0 he-normal&net=dense 5 foo&seed=x&runs=-3');
    expect(problems.map(({ field }) => field)).toEqual(['net 1', 'net 2', 'seed', 'runs']);
  });

  it('is passed over where it is another reader’s', () => {
    expect(parseExploreText('net=dense 5 he-normal&view=map', { others: ['view'] }).problems).toEqual([]);
  });

  it('never throws and always says so in one line, whatever is typed', () => {
    const random = randomNumbers(17);
    const { whole, one } = chooser(random);
    const pieces = [
      ...[
        'dense',
        'residual',
        'conv',
        '100*50',
        '8/2*2',
        '0',
        '-1',
        'NaN',
        '1e9',
        '999999999999',
        '*',
        ',',
        '=',
        ':',
      ],
      ...[
        'scale=',
        '1/L',
        '0.5^l',
        'times=',
        'bias=',
        'kernel=',
        '\n',
        '\u0000',
        '𝟙',
        '%',
        '&',
        'net=',
        'he-normal',
      ],
      ...['__proto__', 'constructor', 'toString=', '  ', 'x'.repeat(200), ...initializerNames],
    ];
    for (let i = 0; i < 800; i++) {
      const text = Array.from({ length: whole(0, 8) }, () => one(pieces)).join(one(['', ' ', ' ']));
      const key = one([...exploreKeys, 'net', 'net', 'net']);
      const { question, problems } = parseExploreText(
        `${key}=${encodeURIComponent(text)}&net=dense+2+he-normal`,
      );
      expect(question === null).toBe(problems.length > 0);
      for (const { field, message } of problems) {
        expect(field).toMatch(/^[a-z]+( \d)?$/);
        expect(message).toMatch(/^[^\n]+$/);
      }
      if (question !== null)
        expect(spelled(parseExploreText(exploreQuery(question)).question)).toBe(spelled(question));
    }
  });
});

describe('the presets', () => {
  it.each(explorePresets)(
    '$name can be asked for, says why in two sentences, and names its source',
    (preset) => {
      const { question, problems } = parseExploreText(preset.query);
      expect(problems).toEqual([]);
      expect(parseExploreText(exploreQuery(question as ExploreQuestion)).question).toEqual(question);
      expect(preset.explanation.match(/[.:!?](?= [A-Z]|$)/g)?.filter((end) => end !== ':')).toHaveLength(2);
      expect(preset.theorem).toMatch(/Theorem \d/);
    },
  );
});

/** What a POSIX shell makes of a line of plain and single-quoted words. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? '';
    if (quoted && character !== "'") word = `${word ?? ''}${character}`;
    else if (character === "'") {
      quoted = !quoted;
      word ??= '';
    } else if (character === ' ') {
      if (word !== null) words.push(word);
      word = null;
    } else {
      const next: string = character === '\\' ? (line[++i] ?? '') : character;
      word = `${word ?? ''}${next}`;
    }
  }
  return word === null ? words : [...words, word];
}

function pairs(words: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i] ?? '', words[2 * i + 1] ?? '']);
}
