/** Dead neurons of a model on a batch, told apart by kind where that can be known. */
import { type Architecture, InvalidArgumentError, type Layer } from '@kindling/core';
import { classifyDeadNeurons } from '@kindling/diagnostics';
import type { LayerActivity } from './measure-layers.js';

/** Dead units of one ReLU layer. */
export interface DeadUnitsOfLayer {
  /** The layer's name. */
  readonly layer: string;
  readonly width: number;
  /** Units that are above 0 somewhere. */
  readonly active: number;
  readonly dead: number;
  /** Of the dead ones, those that a step in an earlier layer may revive; `null` where the kinds are not known. */
  readonly tentativelyDead: number | null;
  /** Of the dead ones, those that no step can revive; `null` where the kinds are not known. */
  readonly permanentlyDead: number | null;
}

/** All of a model's. */
export interface DeadUnits {
  readonly layers: readonly DeadUnitsOfLayer[];
  readonly dead: number;
  readonly units: number;
  /** Layers that are zero on the whole batch. */
  readonly deadLayers: readonly string[];
  /**
   * `classified`: the network is one chain, and gradients reach a layer through all later ones; `data`: there are branches or layers
   * that the rule does not know, so a unit is only known to be dead on these data.
   */
  readonly kinds: 'classified' | 'data';
}

/** Counts the dead. @param architecture of the model, `null` where the core cannot run it */
export function findDeadUnits(
  activities: readonly LayerActivity[],
  architecture: Architecture | null,
): DeadUnits {
  const found = activities.flatMap(({ tap, units }) =>
    units === null ? [] : [{ name: tap.layer.name, ...units }],
  );
  const chain = architecture?.layers.every(isChained) ?? false;
  const states =
    chain && found.length > 0
      ? classifyDeadNeurons(
          found.map(({ active }) => active),
          rowsByLayer(found.map(({ awake }) => awake)),
        )
      : null;
  const layers = found.map(({ name, active }, index): DeadUnitsOfLayer => {
    const width = active.length;
    const alive = active.reduce((sum, unit) => sum + unit, 0);
    const kinds = states?.layers[index];
    return {
      layer: name,
      width,
      active: alive,
      dead: width - alive,
      tentativelyDead: kinds?.tentativelyDead ?? null,
      permanentlyDead: kinds?.permanentlyDead ?? null,
    };
  });
  return {
    layers,
    dead: layers.reduce((sum, { dead }) => sum + dead, 0),
    units: layers.reduce((sum, { width }) => sum + width, 0),
    deadLayers: layers.flatMap(({ layer, active }) => (active === 0 ? [layer] : [])),
    kinds: chain ? 'classified' : 'data',
  };
}

/** Whether all gradients to earlier layers pass through this one. */
export function isChained(layer: Layer): boolean {
  return layer.kind !== 'residual' && layer.kind !== 'batch-normalization';
}

function rowsByLayer(awake: readonly Uint8Array[]): Uint8Array {
  const rows = awake[0]?.length ?? 0;
  if (awake.some(({ length }) => length !== rows)) {
    throw new InvalidArgumentError('findDeadUnits: layers have different rows; expected one batch');
  }
  const depth = awake.length;
  const all = new Uint8Array(rows * depth);
  awake.forEach((layer, index) => {
    for (let row = 0; row < rows; row++) all[row * depth + index] = layer[row] ?? 0;
  });
  return all;
}
