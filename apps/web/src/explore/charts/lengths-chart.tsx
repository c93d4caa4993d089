/**
 * Length by layer, drawn: the glow of the layers, theory as lines, nets as a band with a few single ones, and the two
 * failure modes as brackets at the end of the last layer. It places what it is given and computes nothing.
 */
import { powerOfTenText } from '@kindling/studies';
import { useMemo, useRef, useState } from 'preact/hooks';
import { type DecadeAxis, decadeAxis, layerTicks } from './decades.js';
import { glowColor } from './glow.js';
import { layerAfterKey } from './layer-after-key.js';
import type { LayerValues, LengthCurves } from './lengths-drawing.js';
import { bandPath, linePath, type Place } from './paths.js';
import { useWidth } from './use-width.js';

/** What the chart draws. */
export interface LengthsChartProps {
  readonly curves: readonly LengthCurves[];
  /** What the drawing shows, in a sentence or two, for who cannot see it. */
  readonly description: string;
  /** The layer under the pointer or chosen by the arrow keys, from 0 for the input; null for none. */
  readonly layer: number | null;
  readonly onLayer: (layer: number | null) => void;
}

/** More cells than this in the strip of layers would be thinner than a hair. */
const mostGlows = 160;
const glowHeight = 14;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The chart. */
export function LengthsChart({ curves, description, layer, onLayer }: LengthsChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder, 880);
  const narrow = width < 520;
  const height = narrow ? 300 : 372;
  const frame: Frame = {
    width,
    height,
    left: narrow ? 42 : 50,
    right: width - (narrow ? 70 : 118),
    top: 34,
    bottom: height - 40,
  };
  const depth = Math.max(1, ...curves.map((curve) => Math.max(curve.depth, curve.before?.depth ?? 0)));
  const axis = useMemo(
    () => decadeAxis(shownExponents(curves), { bottom: frame.bottom, top: frame.top }),
    [curves, frame.bottom, frame.top],
  );
  const place: Place = {
    x: (index) => frame.left + (index / depth) * (frame.right - frame.left),
    y: axis.place,
  };
  const selected = curves.find((curve) => curve.selected) ?? null;
  const [touched, setTouched] = useState(false);

  const layerAt = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - frame.left) / (frame.right - frame.left);
    return Math.min(depth, Math.max(0, Math.round(share * depth)));
  };

  return (
    <div
      ref={holder}
      class="lengths-chart"
      role="slider"
      tabIndex={0}
      aria-label="Layer to read in the drawing"
      aria-valuemin={0}
      aria-valuemax={selected?.depth ?? depth}
      aria-valuenow={layer ?? selected?.depth ?? depth}
      aria-valuetext={layer === null ? 'the last layer' : `layer ${layer}`}
      onKeyDown={(event) => {
        const next = layerAfterKey(event.key, layer ?? selected?.depth ?? depth, selected?.depth ?? depth);
        if (next === null) return;
        event.preventDefault();
        onLayer(next);
      }}
      onBlur={() => onLayer(null)}
    >
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={description}
        onPointerMove={(event) => {
          setTouched(event.pointerType === 'touch');
          onLayer(layerAt(event));
        }}
        onPointerDown={(event) => onLayer(layerAt(event))}
        onPointerLeave={() => !touched && onLayer(null)}
      >
        <Axes frame={frame} axis={axis} depth={depth} place={place} narrow={narrow} />
        {selected !== null && <Glows curve={selected} place={place} frame={frame} />}
        {curves.map((curve) => (
          <Curve key={curve.series} curve={curve} place={place} />
        ))}
        {selected !== null && <Brackets curve={selected} place={place} narrow={narrow} />}
        {layer !== null && layer <= depth && (
          <line
            class="crosshair"
            x1={place.x(layer)}
            x2={place.x(layer)}
            y1={frame.top - 22}
            y2={frame.bottom}
          />
        )}
      </svg>
    </div>
  );
}

function Axes(props: {
  readonly frame: Frame;
  readonly axis: DecadeAxis;
  readonly depth: number;
  readonly place: Place;
  readonly narrow: boolean;
}) {
  const { frame, axis, depth, place, narrow } = props;
  return (
    <g class="axes">
      {axis.ticks.map(({ at, text }) => (
        <g key={text}>
          <line
            class={text === '1' ? 'input-length' : 'grid'}
            x1={frame.left}
            x2={frame.right}
            y1={at}
            y2={at}
          />
          <text x={frame.left - 8} y={at} dy="0.32em" text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {layerTicks(depth, narrow ? 5 : 10).map((tick) => (
        <g key={tick}>
          <line class="tick" x1={place.x(tick)} x2={place.x(tick)} y1={frame.bottom} y2={frame.bottom + 4} />
          <text x={place.x(tick)} y={frame.bottom + 17} text-anchor="middle">
            {tick === 0 ? 'input' : tick}
          </text>
        </g>
      ))}
      <text class="axis-title" x={(frame.left + frame.right) / 2} y={frame.height - 4} text-anchor="middle">
        layer
      </text>
    </g>
  );
}

/** Every layer as an ember, as bright as a typical net's signal is long, and as high as the share of nets that live. */
function Glows({
  curve,
  place,
  frame,
}: {
  readonly curve: LengthCurves;
  readonly place: Place;
  readonly frame: Frame;
}) {
  const known = curve.nets?.median ?? curve.theory?.typical ?? curve.theory?.mean ?? [];
  const cells = Math.min(curve.depth, mostGlows);
  return (
    <g class="glows">
      <circle cx={place.x(0)} cy={frame.top - 17} r={4.5} style={{ fill: glowColor(0) }} />
      {Array.from({ length: cells }, (_, cell) => {
        const first = Math.floor((cell * curve.depth) / cells);
        const last = Math.floor(((cell + 1) * curve.depth) / cells);
        const left = place.x(first + 0.5);
        const right = Math.min(place.x(last + 0.5), place.x(curve.depth) + 6);
        const exponent = known[last - 1] ?? Number.NaN;
        const alive = curve.nets?.alive[last - 1] ?? 1;
        const shape = {
          x: left + 0.5,
          width: Math.max(0.6, right - left - (right - left > 3 ? 1.2 : 0)),
          rx: Math.min(3, (right - left) / 4),
        };
        return (
          <g key={first}>
            {alive < 1 && <rect class="ash" {...shape} y={frame.top - 24} height={glowHeight} />}
            <rect
              {...shape}
              y={frame.top - 24 + (1 - alive) * glowHeight}
              height={alive * glowHeight}
              style={{ fill: glowColor(exponent) }}
            />
          </g>
        );
      })}
    </g>
  );
}

function Curve({ curve, place }: { readonly curve: LengthCurves; readonly place: Place }) {
  const { theory, nets, before, selected } = curve;
  const begin = (values: LayerValues) => linePath([0, ...values], place);
  return (
    <g class={`curve series-${curve.series}${selected ? ' selected' : ''}`}>
      {before !== null && <path class="before" d={linePath([0, ...before.values], place)} />}
      {nets === null && theory !== null && (
        <path class="band expected" d={bandPath([0, ...theory.low], [0, ...theory.high], place)} />
      )}
      {nets !== null && <path class="band" d={bandPath([0, ...nets.low], [0, ...nets.high], place)} />}
      {selected && nets?.single.map((values, i) => <path key={String(i)} class="net" d={begin(values)} />)}
      {nets !== null && <path class="median" d={begin(nets.median)} />}
      {theory !== null && <path class={theory.exact ? 'mean' : 'mean estimated'} d={begin(theory.mean)} />}
      {theory !== null && selected && <path class="typical" d={begin(theory.typical)} />}
      {selected && nets !== null && <Deaths curve={curve} place={place} />}
    </g>
  );
}

/** Where single nets have died, or left the numbers. */
function Deaths({ curve, place }: { readonly curve: LengthCurves; readonly place: Place }) {
  const marks = (curve.nets?.single ?? []).flatMap((values, net) => {
    const at = values.findIndex((value) => value !== null && !Number.isFinite(value));
    return at < 0 ? [] : [{ net, at, value: values[at] ?? 0 }];
  });
  return (
    <>
      {marks.map(({ net, at, value }) => (
        <text
          key={net}
          class="death"
          x={place.x(at + 1)}
          y={place.y(Number.isNaN(value) ? 0 : value) + (value > 0 ? 10 : -3)}
          text-anchor="middle"
        >
          {Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '✕'}
        </text>
      ))}
    </>
  );
}

/** The failure modes at the last layer: how far the mean has gone from the input, and how far nets lie apart. */
function Brackets(props: { readonly curve: LengthCurves; readonly place: Place; readonly narrow: boolean }) {
  const { curve, place, narrow } = props;
  const x = place.x(curve.depth) + 10;
  const last = (values: LayerValues | undefined) => values?.at(-1) ?? Number.NaN;
  const mean = last(curve.theory?.mean);
  const [low, high] = [
    last(curve.nets?.low ?? curve.theory?.low),
    last(curve.nets?.high ?? curve.theory?.high),
  ];
  const from = place.y(0);
  const to = Number.isNaN(mean) ? from : place.y(mean);
  const far = Math.abs(to - from) > 14;
  const bandTop = place.y(high);
  const bandBottom = place.y(low);
  const spread = Number.isFinite(high) && bandBottom - bandTop > 5;
  return (
    <g class="brackets">
      {far && (
        <>
          <path
            class="mode-1"
            d={`M${x} ${from}V${to}m-3.5 ${to > from ? -6 : 6}l3.5 ${to > from ? 6 : -6}l3.5 ${to > from ? -6 : 6}`}
          />
          <text x={x + 8} y={(from + to) / 2} dy="0.32em">
            {narrow ? 'FM1' : `FM1 × ${roundPower(mean)}`}
          </text>
        </>
      )}
      {spread && (
        <>
          <path class="mode-2" d={`M${x - 2} ${bandTop}h${far ? 12 : 6}V${bandBottom}h${far ? -12 : -6}`} />
          <text x={x + (far ? 15 : 9)} y={secondPlace({ bandTop, bandBottom, from, to, far })} dy="0.32em">
            FM2
          </text>
        </>
      )}
    </g>
  );
}

/** The second name stands beside its bracket, and out of the first one's way. */
function secondPlace(at: {
  readonly bandTop: number;
  readonly bandBottom: number;
  readonly from: number;
  readonly to: number;
  readonly far: boolean;
}): number {
  const middle = (at.bandTop + at.bandBottom) / 2;
  const first = (at.from + at.to) / 2;
  if (!at.far || Math.abs(middle - first) > 13) return middle;
  return middle >= first ? first + 14 : first - 14;
}

function roundPower(exponent: number): string {
  if (!Number.isFinite(exponent)) return exponent > 0 ? '∞' : '0';
  return powerOfTenText(Math.round(exponent));
}

function* shownExponents(curves: readonly LengthCurves[]): Iterable<number> {
  for (const { theory, nets, before, selected } of curves) {
    const shown = [
      theory?.mean,
      selected ? theory?.typical : undefined,
      nets?.low ?? theory?.low,
      nets?.high ?? theory?.high,
      before?.values,
      ...(selected ? (nets?.single ?? []) : []),
    ];
    for (const values of shown) for (const value of values ?? []) if (value !== null) yield value;
  }
}
