/** The trial of a cell `verdict/…`: what a diagnosis says, its remedies as configurations. */
import { denseSizesOf } from '@kindling/core';
import { type Diagnosis, diagnose, diagnoseNetwork } from '@kindling/diagnostics';
import { needsData } from '@kindling/initializers';
import { encodeNonFinite, encodeNumber, type JsonValue } from '../../../spec/canonical-json.js';
import type { TrialContext } from '../../../study.js';
import { trialRandomKey } from '../../../trial-key.js';
import type { ExploreCell } from '../cells.js';
import { exploreConfigurationText } from '../configuration/configuration.js';
import { changedConfiguration } from '../remedies.js';
import type { ExploreRemedy, ExploreVerdictNumbers, ExploreVerdictResult } from '../results.js';
import type { ExploreSpec } from '../spec.js';
import { releaseAfter } from './lengths.js';
import { exploreInputs, exploreNet, holdData } from './nets.js';

/**
 * Random nets that a verdict draws where theory does not suffice, a net of dense layers aside, whose own are cheap: enough to tell a share
 * to a tenth, and few enough to be waited for.
 */
const simulatedNets = 40;

/** Diagnoses the net between the data's ends, as `kindling diagnose` does: data are looked at only where the initializer does. */
export function runVerdictTrial(
  context: TrialContext,
  spec: ExploreSpec,
  cell: ExploreCell,
): ExploreVerdictResult {
  const { engine } = context;
  const { architecture, initializer } = exploreNet(spec, cell, 0);
  const looks = needsData(initializer);
  if (looks) holdData(context, spec);
  return releaseAfter(context, () => {
    const options = {
      initializer,
      initializerName: cell.configuration.initializer,
      key: trialRandomKey(spec, { cell: cell.id, trial: 0 }),
      ...(looks ? { data: exploreInputs(context, spec) } : {}),
    };
    const dense = denseSizesOf(architecture);
    const diagnosis =
      dense === null
        ? diagnoseNetwork(engine, { architecture, ...options, trials: simulatedNets })
        : diagnose(engine, { ...dense, ...options });
    return resultOf(diagnosis, cell);
  });
}

function resultOf(diagnosis: Diagnosis, cell: ExploreCell): ExploreVerdictResult {
  const { verdict, verdicts, headline, evidence, numbers, method, trials, notes } = diagnosis;
  return {
    ...{ verdict, verdicts, headline, method, trials, notes },
    evidence: evidence.map(({ code, quantity, value, threshold, text }) => ({
      ...{ code, quantity, text },
      value: encodeNumber(value),
      threshold: threshold === undefined ? null : encodeNumber(threshold),
    })),
    numbers: numbersOf(numbers),
    remedies: remediesOf(diagnosis, cell),
  };
}

/** One a configuration. */
function remediesOf(
  { remedy }: Diagnosis,
  { configuration, text: own }: ExploreCell,
): readonly ExploreRemedy[] {
  const seen = new Set<string>([own]);
  return remedy.flatMap(({ code, text, change, starts, after }): readonly ExploreRemedy[] => {
    const changed = changedConfiguration(configuration, change);
    const name = changed === null ? null : exploreConfigurationText(changed);
    if (name !== null && seen.has(name)) return [];
    if (name !== null) seen.add(name);
    return [{ code, text, configuration: name, starts, after: numbersOf(after) }];
  });
}

function numbersOf(numbers: Diagnosis['numbers']): ExploreVerdictNumbers {
  return encodeNonFinite({ ...numbers } as unknown as JsonValue) as unknown as ExploreVerdictNumbers;
}
