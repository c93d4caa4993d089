/** Layers of a Keras configuration: names, settings, and which layers each reads. Keras 2, Keras 3 and TensorFlow.js write it. */
import { fieldOf, isObject, type JsonObject } from '../json/parse-json.js';

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** Names of the layers it reads; `null` in a list that is read in order. */
  readonly inputs: readonly string[] | null;
  /** How often the model calls it; its weights are shared where that is more than once. */
  readonly calls: number;
}

export interface KerasLayers {
  readonly kind: 'sequential' | 'functional';
  readonly layers: readonly KerasLayer[];
  /** Names of the layers whose values come out. */
  readonly outputs: readonly string[];
}

/** Most layers that are taken. */
const mostLayers = 100_000;

/**
 * @param model `{class_name, config}` of a Sequential or Functional model
 * @returns `null` for anything else
 */
export function listKerasLayers(model: unknown): KerasLayers | null {
  const className = fieldOf(model, 'class_name');
  const config = fieldOf(model, 'config');
  // Before Keras 2.2.3 the configuration of a Sequential was the list itself.
  const list = Array.isArray(config) ? config : fieldOf(config, 'layers');
  if (typeof className !== 'string' || !Array.isArray(list) || list.length > mostLayers) return null;
  const sequential = className === 'Sequential';
  if (!sequential && className !== 'Functional' && className !== 'Model') return null;
  const layers: KerasLayer[] = [];
  for (const entry of list as readonly unknown[]) {
    const layer = readLayer(entry, sequential);
    if (layer === null) return null;
    layers.push(layer);
  }
  const last = layers.at(-1);
  const outputs = sequential
    ? last === undefined
      ? []
      : [last.name]
    : referencedLayers(fieldOf(config, 'output_layers'));
  return { kind: sequential ? 'sequential' : 'functional', layers, outputs };
}

function readLayer(entry: unknown, sequential: boolean): KerasLayer | null {
  const className = fieldOf(entry, 'class_name');
  const config = fieldOf(entry, 'config');
  const name = fieldOf(config, 'name') ?? fieldOf(entry, 'name');
  if (typeof className !== 'string' || !isObject(config) || typeof name !== 'string') return null;
  if (sequential) return { name, className, config, inputs: null, calls: 1 };
  const inbound = fieldOf(entry, 'inbound_nodes');
  const calls: readonly unknown[] = Array.isArray(inbound) ? inbound : [];
  return { name, className, config, inputs: referencedLayers(calls[0]), calls: Math.max(1, calls.length) };
}

/**
 * Layer names in a reference: `["dense", 0, 0, {}]` or lists of these (Keras 2), `{args: [{config: {keras_history: ["dense", 0,
 * 0]}}]}` (Keras 3).
 */
function referencedLayers(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const [first, second] = value as readonly unknown[];
    if (typeof first === 'string' && typeof second === 'number') return [first];
    return value.flatMap((entry) => (typeof entry === 'object' ? referencedLayers(entry) : []));
  }
  const history = fieldOf(fieldOf(value, 'config'), 'keras_history');
  if (history !== undefined) return referencedLayers(history);
  const args = fieldOf(value, 'args');
  return args === undefined ? [] : referencedLayers(args);
}
