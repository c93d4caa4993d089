/** Diagnoses a network of any architecture before its first step. */
import {
  type Architecture,
  denseArchitecture,
  type Engine,
  InvalidArgumentError,
  inputShape,
  parseArchitecture,
  rootKey,
} from '@kindling/core';
import { checkInitializer } from '@kindling/initializers';
import { checkTrials, dataLength } from './check-options.js';
import { type DiagnoseOptions, readDenseSetting } from './diagnose.js';
import type { Change, Diagnosis } from './diagnosis.js';
import { diagnosisOf } from './diagnosis-of.js';
import { denseSizes, shapeWord } from './network-structure.js';
import { withPlainActivations } from './plain-activations.js';
import type { NetworkSetting } from './setting.js';

/** The settings of `diagnoseNetwork`; those that it shares with `diagnose` mean the same. */
export interface DiagnoseNetworkOptions extends Omit<DiagnoseOptions, 'widths' | 'outputs'> {
  readonly architecture: Architecture;
}

/**
 * Diagnoses a network of any architecture. One of dense ReLU layers and a linear layer behind them is diagnosed as by `diagnose`, with
 * the same verdict and numbers; `weightScales` are for such only. Of others
 *
 * - the signal is the length behind the last hidden layer, a residual block being one layer, from random nets of the layers up to there; its
 *   mean comes from theory where that is exact (`predictNetworkLengths`);
 * - residual nets explode where Σ η_l of ReLU modules, or Σ η_l² of modules that end in a linear layer, is large (Hanin & Rolnick, 2018,
 *   Theorem 2): of nets with both the sum that makes more of the length decides; branches that start at zero are left out;
 * - of convolutions a decay is told apart into what the weights do and what zero padding loses at borders.
 *
 * @returns plain JSON; changes of the network itself come as `change.architecture`, whole
 * @throws InvalidArgumentError for an architecture that `parseArchitecture` refuses; an initializer that looks at data, or is not for it;
 *   data, trials or scales out of range
 */
export function diagnoseNetwork(engine: Engine, options: DiagnoseNetworkOptions): Diagnosis {
  const architecture = withPlainActivations(parseArchitecture(options.architecture));
  const { initializer, weightScales, data, trials, remedies = true } = options;
  const dense = denseSizes(architecture);
  if (dense !== null) {
    const setting = readDenseSetting(engine, 'diagnoseNetwork', { ...options, ...dense });
    const diagnosis = diagnosisOf(engine, setting, remedies);
    const changed = (change: Change): Change =>
      change.widths === undefined
        ? change
        : { ...change, architecture: denseArchitecture({ ...dense, widths: change.widths }) };
    return {
      ...diagnosis,
      remedy: diagnosis.remedy.map((remedy) => ({ ...remedy, change: changed(remedy.change) })),
    };
  }
  if (weightScales !== undefined) {
    throw new InvalidArgumentError(
      'diagnoseNetwork: weightScales are for networks of dense ReLU layers; expected none — change the initializer',
    );
  }
  checkInitializer('diagnoseNetwork', initializer);
  checkTrials('diagnoseNetwork', trials);
  const { height, width, channels } = inputShape(architecture.input);
  const expected = { numbers: height * width * channels, words: `the input's ${shapeWord(architecture)}` };
  const setting: NetworkSetting = {
    kind: 'network',
    architecture,
    initializer,
    initializerName: options.initializerName ?? null,
    key: options.key ?? rootKey(1),
    data: data ?? null,
    inputLength: dataLength(engine, 'diagnoseNetwork', data, expected),
    trials: trials ?? null,
  };
  return diagnosisOf(engine, setting, remedies);
}
