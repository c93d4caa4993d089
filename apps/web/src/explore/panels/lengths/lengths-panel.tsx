/** Length by layer: the drawing, the numbers of both failure modes beside it, and everything in a table. */
import { countOf, durationText, numberText } from '@kindling/studies';
import { useMemo, useRef, useState } from 'preact/hooks';
import { LengthsChart } from '../../charts/lengths-chart.js';
import type { LengthCurves } from '../../charts/lengths-drawing.js';
import { depthOf } from '../../controls/reshape.js';
import { Disclosure } from '../../disclosure.js';
import type { Findings } from '../../jobs/findings.js';
import type { PanelProps } from '../../panels.js';
import { seriesLetters } from '../../series.js';
import { Legend } from './legend.js';
import { lengthCurves } from './length-curves.js';
import { describeLengths, lengthReading, lengthTiles } from './length-words.js';
import { LengthsTable } from './lengths-table.js';

/** The panel. */
export function LengthsPanel({ state, jobs }: PanelProps) {
  const question = state.question.value;
  const selected = state.selected.value;
  const findings = jobs.findings.value;
  const before = state.before.value;
  const waiting = jobs.waiting.value;
  const [layer, setLayer] = useState<number | null>(null);
  const drawn = useMemo(
    () => lengthCurves({ question, selected, findings, before }),
    [question, selected, findings, before],
  );
  const curves = useLatest(
    drawn,
    findings.every(({ theory }) => theory !== null),
  );
  const own = curves.find((curve) => curve.selected) ?? null;
  const network = question.configurations[selected]?.network;
  const linear = network?.kind === 'residual' && network.module === 'linear';
  return (
    <>
      <dl class="tiles">
        {own !== null &&
          lengthTiles(own, findings[selected] ?? null, linear).map(({ name, value, note }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {value} <small>{note}</small>
              </dd>
            </div>
          ))}
      </dl>
      <LengthsChart
        curves={curves}
        description={own === null ? 'Lengths are being computed.' : describeLengths(own)}
        layer={layer}
        onLayer={setLayer}
      />
      <p class="reading">
        {own !== null && layer !== null
          ? lengthReading(own, layer)
          : 'Point at a layer, or use the arrow keys in the drawing, to read its numbers.'}
      </p>
      <Legend curves={curves} />
      <Progress
        findings={findings[selected] ?? null}
        waiting={waiting}
        onMeasure={jobs.measure}
        nets={question.nets}
      />
      {own !== null && network !== undefined && (
        <Disclosure
          summary={`The numbers of ${(seriesLetters[selected] ?? '').toUpperCase()}: ${countOf(depthOf(network), network.kind === 'residual' ? 'module' : 'layer')}`}
        >
          {() => <LengthsTable curve={own} />}
        </Disclosure>
      )}
    </>
  );
}

/** What stood there last, while what is new has no theory yet: a drawing that is empty for a blink would flicker. */
function useLatest(curves: readonly LengthCurves[], complete: boolean): readonly LengthCurves[] {
  const shown = useRef(curves);
  if (complete || shown.current.length === 0) shown.current = curves;
  return shown.current;
}

function Progress(props: {
  readonly findings: Findings | null;
  readonly waiting: number | null;
  readonly nets: number;
  readonly onMeasure: () => void;
}) {
  const { findings, waiting, nets, onMeasure } = props;
  if (nets === 0) return null;
  if (waiting !== null) {
    return (
      <p class="measured">
        Theory alone so far: measuring {countOf(nets, 'net')} of this size takes about {durationText(waiting)}
        .{' '}
        <button type="button" onClick={onMeasure}>
          Measure them
        </button>
      </p>
    );
  }
  const { done = 0, total = nets } = findings?.lengths ?? {};
  const { dead = 0 } = findings?.lengths?.curve ?? {};
  const text =
    done < total
      ? `${numberText(done)} of ${countOf(total, 'random net')} measured`
      : `${countOf(total, 'random net')} measured`;
  return (
    <p class="measured">
      {text}
      {dead > 0 ? `, ${numberText(dead)} of them dead at the last layer` : ', none dead'}.
    </p>
  );
}
