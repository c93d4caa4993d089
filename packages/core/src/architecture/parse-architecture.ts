/** Strict reading of an architecture from unknown JSON: one line for what is wrong, and where. */
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import {
  type Activation,
  type Architecture,
  type ArchitectureInput,
  type Extent,
  type Layer,
  mostNested,
  type ResidualScale,
} from './architecture.js';
import { layerShapes } from './layer-shapes.js';

type Fields = Readonly<Record<string, unknown>>;

/** Largest size that is taken: a row of more units or pixels fits no memory with a second one. */
const mostUnits = 2 ** 24;

/** Keys of every layer beside `kind`. */
const layerKeys: Readonly<Record<Layer['kind'], readonly string[]>> = {
  dense: ['units', 'activation'],
  conv2d: ['filters', 'kernel', 'stride', 'padding', 'activation'],
  'average-pool': ['window', 'stride'],
  'max-pool': ['window', 'stride'],
  'global-average-pool': [],
  flatten: [],
  activation: ['activation'],
  'batch-normalization': [],
  residual: ['branch', 'scale', 'shortcut'],
};

/**
 * Checks JSON and copies it: known keys only, all of them there, numbers in range, every layer fitting the shape before it. Equal
 * architectures give copies with equal JSON, whatever the order of their keys.
 *
 * @throws InvalidArgumentError naming the path, as `layers[3].branch[0].filters`
 */
export function parseArchitecture(value: unknown): Architecture {
  const fields = objectAt('the architecture', value, ['input', 'layers']);
  const architecture = {
    input: parseInput(fields['input']),
    layers: parseLayers('layers', fields['layers'], 0),
  };
  layerShapes(architecture, 'parseArchitecture');
  return architecture;
}

function parseInput(value: unknown): ArchitectureInput {
  const images = typeof value === 'object' && value !== null && 'channels' in value;
  const fields = objectAt('input', value, images ? ['height', 'width', 'channels'] : ['width']);
  const width = integerAt('input.width', fields['width']);
  if (!images) return { width };
  return {
    height: integerAt('input.height', fields['height']),
    width,
    channels: integerAt('input.channels', fields['channels']),
  };
}

function parseLayers(path: string, value: unknown, nested: number): readonly Layer[] {
  if (!Array.isArray(value) || value.length === 0) throw wrong(path, value, 'a list of at least one layer');
  if (nested > mostNested) throw wrong(path, 'too deep', `at most ${mostNested} blocks inside each other`);
  return value.map((layer: unknown, index) => parseLayer(`${path}[${index}]`, layer, nested));
}

function parseLayer(path: string, value: unknown, nested: number): Layer {
  const raw = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const kind = oneOf(`${path}.kind`, raw, Object.keys(layerKeys) as Layer['kind'][]);
  const fields = objectAt(path, value, ['kind', ...layerKeys[kind]]);
  const integer = (key: string) => integerAt(`${path}.${key}`, fields[key]);
  const extent = (key: string) => extentAt(`${path}.${key}`, fields[key]);
  const activation = () => activationAt(`${path}.activation`, fields['activation']);
  switch (kind) {
    case 'dense':
      return { kind, units: integer('units'), activation: activation() };
    case 'conv2d':
      return {
        kind,
        filters: integer('filters'),
        kernel: extent('kernel'),
        stride: integer('stride'),
        padding: oneOf(`${path}.padding`, fields['padding'], ['zero', 'circular', 'valid']),
        activation: activation(),
      };
    case 'average-pool':
    case 'max-pool':
      return { kind, window: extent('window'), stride: integer('stride') };
    case 'activation':
      return { kind, activation: activation() };
    case 'residual':
      return {
        kind,
        branch: parseLayers(`${path}.branch`, fields['branch'], nested + 1),
        scale: scaleAt(`${path}.scale`, fields['scale']),
        shortcut: oneOf(`${path}.shortcut`, fields['shortcut'], ['identity', 'projection']),
      };
    default:
      return { kind };
  }
}

function activationAt(path: string, value: unknown): Activation {
  if (typeof value !== 'object' || value === null) {
    if (value === 'relu' || value === 'linear') return value;
    throw wrong(path, value, '"relu", "linear" or {"kind":"leaky-relu","slope":0.1}');
  }
  const fields = objectAt(path, value, ['kind', 'slope']);
  const kind = oneOf(`${path}.kind`, fields['kind'], ['leaky-relu']);
  const slope = numberAt(`${path}.slope`, fields['slope']);
  if (slope < 0) throw wrong(`${path}.slope`, slope, 'a number ≥ 0');
  return { kind, slope };
}

function scaleAt(path: string, value: unknown): ResidualScale {
  if (typeof value !== 'object' || value === null) return numberAt(path, value);
  const { learned } = objectAt(path, value, ['learned']);
  return { learned: numberAt(`${path}.learned`, learned) };
}

function extentAt(path: string, value: unknown): Extent {
  if (!Array.isArray(value) || value.length !== 2) throw wrong(path, value, '[height, width]');
  return [integerAt(`${path}[0]`, value[0]), integerAt(`${path}[1]`, value[1])];
}

function integerAt(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw wrong(path, value, 'an integer ≥ 1');
  }
  if (value > mostUnits) throw wrong(path, value, `at most ${mostUnits}`);
  return value;
}

function numberAt(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, value, 'a finite number');
  return value;
}

function oneOf<Name extends string>(path: string, value: unknown, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw wrong(path, value, names.join(', '));
  return found;
}

/** An object with exactly these keys. */
function objectAt(path: string, value: unknown, keys: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(path, value, `an object with ${keys.join(', ')}`);
  }
  const stranger = Object.keys(value).find((key) => !keys.includes(key));
  if (stranger !== undefined) {
    throw new InvalidArgumentError(
      `parseArchitecture: ${path} has the key ${JSON.stringify(stranger)}; expected ${keys.join(', ')}`,
    );
  }
  return value as Fields;
}

function wrong(path: string, value: unknown, expected: string): InvalidArgumentError {
  const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  const short = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
  return new InvalidArgumentError(`parseArchitecture: ${path} is ${short}; expected ${expected}`);
}
