/** Lines over whole numbers, epochs or layers, in the colors of their configurations. It places what it is given. */
import { useRef } from 'preact/hooks';
import type { Tick } from './decades.js';
import { layerTicks } from './decades.js';
import { linePath, type Place } from './paths.js';
import { useWidth } from './use-width.js';

/** One line. */
export interface ChartLine {
  /** Letter of the configuration, which is its color. */
  readonly series: string;
  /** Value i stands at `from` + i; null breaks the line. */
  readonly values: readonly (number | null)[];
  readonly from: number;
  /** Drawn faintly: what was before. */
  readonly faint: boolean;
}

/** A vertical axis. */
export interface ChartAxis {
  place(value: number): number;
  readonly ticks: readonly Tick[];
}

/** What is drawn. */
export interface LineChartProps {
  readonly title: string;
  /** What the drawing shows, for who cannot see it. */
  readonly description: string;
  readonly lines: readonly ChartLine[];
  /** The horizontal axis reaches from `first`, 0 or 1, to `last`. */
  readonly first: number;
  readonly last: number;
  readonly across: string;
  readonly axis: (ends: { readonly top: number; readonly bottom: number }) => ChartAxis;
  /** A level that matters, with its name. */
  readonly level?: { readonly value: number; readonly text: string } | undefined;
}

const height = 220;
const [top, bottom] = [14, height - 36];

/** The chart. */
export function LineChart(props: LineChartProps) {
  const { title, description, lines, first, last, across, level } = props;
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder, 420);
  const [left, right] = [48, Math.max(100, width - 12)];
  const axis = props.axis({ top, bottom });
  const x = (index: number) => left + ((index - first) / Math.max(1, last - first)) * (right - left);
  const place = { x, y: axis.place };
  return (
    <figure class="line-chart" ref={holder}>
      <figcaption>{title}</figcaption>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={description}
      >
        <g class="axes">
          {axis.ticks.map(({ at, text }) => (
            <g key={text}>
              <line class="grid" x1={left} x2={right} y1={at} y2={at} />
              <text x={left - 7} y={at} dy="0.32em" text-anchor="end">
                {text}
              </text>
            </g>
          ))}
          {layerTicks(last, 6).map((tick) => (
            <text key={tick} x={x(Math.max(first, tick))} y={bottom + 16} text-anchor="middle">
              {Math.max(first, tick)}
            </text>
          ))}
          <text class="axis-title" x={(left + right) / 2} y={height - 3} text-anchor="middle">
            {across}
          </text>
        </g>
        {level !== undefined && (
          <g class="level">
            <line x1={left} x2={right} y1={axis.place(level.value)} y2={axis.place(level.value)} />
            <text x={left + 4} y={axis.place(level.value) - 4}>
              {level.text}
            </text>
          </g>
        )}
        {lines.map(({ series, values, from, faint }) => (
          <g key={`${series}${faint}`} class={`curve selected series-${series}`}>
            <path class={faint ? 'before' : 'median'} d={pathOf(values, from, place, right - left)} />
            {!faint && <Newest values={values} from={from} place={place} />}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** A line with about two points a pixel at most: of a hundred thousand epochs every hundredth is drawn. */
function pathOf(values: readonly (number | null)[], from: number, { x, y }: Place, pixels: number): string {
  const step = Math.max(1, Math.ceil(values.length / (2 * pixels)));
  const drawn = step === 1 ? values : values.filter((_, index) => index % step === 0);
  return linePath(drawn, { x: (index) => x(from + index * step), y }, 0, { deadEnds: false });
}

/** The newest point, or what it has become where it is no number any more. */
function Newest(props: {
  readonly values: readonly (number | null)[];
  readonly from: number;
  readonly place: Place;
}) {
  const { values, from, place } = props;
  const at = values.findLastIndex((value) => value !== null);
  const value = values[at] ?? null;
  if (value === null) return null;
  const cx = place.x(from + at);
  if (Number.isFinite(value)) return <circle class="newest" cx={cx} cy={place.y(value)} r={3.5} />;
  return (
    <text class="death" x={cx} y={top + 12} text-anchor="end">
      {Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '0'}
    </text>
  );
}
