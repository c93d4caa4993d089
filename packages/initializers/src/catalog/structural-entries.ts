/** Names of weight matrices with a structure, and of initializers that are more than a law a layer. */
import { layerwise } from '../initializer.js';
import { biasParameters, type CatalogEntry } from './catalog-entry.js';

const heNormal = layerwise({ kind: 'variance-scaling', distribution: 'normal', scale: 2, mode: 'fan-in' });
const gainParameters = ['gain', ...biasParameters] as const;

/** Structured matrices first, then initializers that look at data, or at the architecture. */
export const structuralEntries = {
  identity: {
    title: 'Identity',
    initializer: layerwise({ kind: 'identity', gain: 1 }),
    source: 'Le, Jaitly & Hinton, arXiv 1504.00941',
    parameters: gainParameters,
  },
  orthogonal: {
    title: 'Orthogonal',
    initializer: layerwise({ kind: 'orthogonal', gain: 1 }),
    source: 'Saxe, McClelland & Ganguli, ICLR 2014; gain √2 is critical for ReLU on square layers',
    parameters: gainParameters,
  },
  'delta-orthogonal': {
    title: 'Delta-orthogonal',
    initializer: layerwise({ kind: 'delta-orthogonal', gain: 1 }),
    source: 'Xiao et al., ICML 2018',
    parameters: gainParameters,
  },
  sparse: {
    title: 'Sparse',
    defaults: 'sparsity=0.9, deviation=0.01',
    initializer: layerwise({ kind: 'sparse', sparsity: 0.9, deviation: 0.01 }),
    source: 'Martens, ICML 2010; deviation as in PyTorch sparse_',
    parameters: ['sparsity', 'deviation', ...biasParameters],
  },
  rai: {
    title: 'Randomized asymmetric (RAI)',
    initializer: { kind: 'randomized-asymmetric' },
    source: 'Lu, Shin, Su & Karniadakis, CiCP 28(5), 2020',
    parameters: [],
  },
  'data-dependent': {
    title: 'Data-dependent, anchors in turn',
    initializer: { kind: 'data-dependent', anchors: 'cycle' },
    source: 'Shin & Karniadakis, JMLMC 1(1), 2020',
    parameters: ['weight-deviation', 'bias-deviation'],
  },
  'data-dependent-uniform': {
    title: 'Data-dependent, anchors at random',
    initializer: { kind: 'data-dependent', anchors: 'uniform' },
    source: 'Shin & Karniadakis, JMLMC 1(1), 2020',
    parameters: ['weight-deviation', 'bias-deviation'],
  },
  lsuv: {
    title: 'Layer-sequential unit variance (LSUV)',
    initializer: { kind: 'lsuv', tolerance: 0.1, maxTries: 10 },
    source: 'Mishkin & Matas, ICLR 2016',
    parameters: ['tolerance', 'max-tries'],
  },
  'sign-flip': {
    title: 'Sign flips',
    defaults: 'base=he-normal',
    initializer: { kind: 'sign-flip', base: heNormal },
    source: 'Rister & Rubin, arXiv 2007.06192',
    parameters: ['base'],
  },
  fixup: {
    title: 'Fixup, for residual nets',
    defaults: 'base=he-normal, output=zero',
    initializer: { kind: 'fixup', weights: heNormal.weights, output: 'zero' },
    source: 'Zhang, Dauphin & Ma, ICLR 2019',
    parameters: ['base', 'output'],
  },
} as const satisfies Record<string, CatalogEntry>;
