import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { useWidth } from "@/shared/hooks/use-width";
import { cx } from "@/shared/ui/cx";
import { Figure } from "./figure";
import { coveringTicks, extentOf, linearScale, linePath } from "./scale";
import { ValueAxis } from "./value-axis";

interface Series {
  name: string;
  /** One value per x; null where it is not known. */
  values: (number | null)[];
  /** A CSS colour, from the tokens. */
  color: string;
  dashed?: boolean;
}

export interface Mark {
  /** Index into x. */
  at: number;
  label: string;
}

interface LineChartProps {
  title: string;
  hint?: string;
  /** What x is called in the table, "Month". */
  xName: string;
  /** The labels of x, oldest first. */
  x: string[];
  series: Series[];
  format: (value: number) => string;
  /** How the axis writes its round numbers; as `format` when absent. */
  formatTick?: (value: number) => string;
  /** What the axis measures, with its unit: "points, 0 to 100". */
  axis: string;
  domain?: [number, number];
  marks?: Mark[];
  height?: number;
  /** What else to say about the x that is read; the last one where none is pointed at. */
  note?: (at: number) => ReactNode;
}

const LEFT = 48;
/** About the width of a digit beside the axis. */
const DIGIT = 7;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 22;

/** Lines over time or rank, read by pointer or with the arrow keys. */
export function LineChart(props: LineChartProps) {
  const { title, hint, xName, x, series, format } = props;
  return (
    <Figure
      title={title}
      hint={hint}
      table={{
        columns: [xName, ...series.map((one) => one.name)],
        rows: x.map((label, index) => [
          label,
          ...series.map((one) => {
            const value = one.values[index];
            return value === null || value === undefined ? "\u2014" : format(value);
          }),
        ]),
        raw: x.map((label, index) => [label, ...series.map((one) => one.values[index])]),
      }}
    >
      <Plot {...props} />
    </Figure>
  );
}

function Plot({
  title,
  xName,
  x,
  series,
  format,
  formatTick = format,
  axis,
  domain,
  marks = [],
  height = 180,
  note,
}: LineChartProps) {
  const [box, width] = useWidth<HTMLDivElement>(640);
  const [at, setAt] = useState<number | null>(null);
  const values = series.flatMap((one) => one.values);
  const [low, high] = domain ?? extentOf(values, [0]);
  const ticks = coveringTicks([low, high], Math.max(2, Math.round(height / 50)));
  const start = Math.max(
    LEFT,
    10 + DIGIT * Math.max(...ticks.map((tick) => formatTick(tick).length)),
  );
  const xOf = linearScale([0, Math.max(1, x.length - 1)], [start, width - RIGHT]);
  const yOf = linearScale([low, Math.max(high, ticks.at(-1) ?? high)], [height - BOTTOM, TOP]);
  const every = Math.max(1, Math.ceil(x.length / Math.max(2, Math.floor((width - start) / 84))));

  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = Math.round(((left - start) / (width - start - RIGHT)) * (x.length - 1));
    setAt(Math.max(0, Math.min(x.length - 1, index)));
  };
  const step = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    setAt((now) => Math.max(0, Math.min(x.length - 1, (now ?? x.length - 1) + move)));
  };

  return (
    <div ref={box} className="relative">
      <svg
        width="100%"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="xMinYMin meet"
        height={height}
        role="img"
        aria-label={`${title}: ${axis}. Arrow keys read the values.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk along the line
        tabIndex={0}
        onPointerMove={follow}
        onPointerLeave={() => setAt(null)}
        onKeyDown={step}
        onBlur={() => setAt(null)}
        className="block touch-pan-y outline-offset-0"
      >
        <ValueAxis ticks={ticks} left={start} right={width - RIGHT} yOf={yOf} format={formatTick} />
        {x.map((label, index) =>
          (x.length - 1 - index) % every === 0 ? (
            <text
              key={label}
              x={xOf(index)}
              y={height - 5}
              textAnchor={index === x.length - 1 ? "end" : "middle"}
              className="fill-muted text-xs"
            >
              {label}
            </text>
          ) : null,
        )}
        {marks.map((mark) => (
          <line
            key={`${mark.at}-${mark.label}`}
            x1={xOf(mark.at)}
            x2={xOf(mark.at)}
            y1={TOP}
            y2={height - BOTTOM}
            strokeDasharray="2 3"
            className="stroke-line-strong"
          />
        ))}
        {series.map((one) => (
          <path
            key={one.name}
            d={linePath(
              one.values.map((value, index) => (value === null ? null : [xOf(index), yOf(value)])),
            )}
            fill="none"
            stroke={one.color}
            strokeWidth="1.75"
            strokeDasharray={one.dashed ? "5 3" : undefined}
            strokeLinejoin="round"
          />
        ))}
        {at !== null && (
          <line
            x1={xOf(at)}
            x2={xOf(at)}
            y1={TOP}
            y2={height - BOTTOM}
            className="stroke-line-strong"
          />
        )}
        {at !== null &&
          series.map((one) => {
            const value = one.values[at];
            return value === null || value === undefined ? null : (
              <circle key={one.name} cx={xOf(at)} cy={yOf(value)} r="3" fill={one.color} />
            );
          })}
      </svg>
      <Reading
        at={at}
        xName={xName}
        x={x}
        series={series}
        marks={marks}
        format={format}
        axis={axis}
      />
      {note?.(at ?? x.length - 1)}
    </div>
  );
}

/** The legend, which doubles as the reading at the pointed-at x. */
function Reading({
  at,
  xName,
  x,
  series,
  marks,
  format,
  axis,
}: Pick<LineChartProps, "xName" | "x" | "series" | "format" | "axis"> & {
  at: number | null;
  marks: Mark[];
}) {
  const shown = at ?? x.length - 1;
  const notes = marks.filter((mark) => mark.at === shown).map((mark) => mark.label);
  return (
    <p aria-live="polite" className="mt-1 flex min-h-5 flex-wrap gap-x-4 pl-12 text-xs">
      <span className={cx(at === null ? "text-muted" : "text-soft")}>
        {/^\d/.test(x[shown] ?? "") ? `${xName} ${x[shown]}` : x[shown]}
      </span>
      {series.map((one) => {
        const value = one.values[shown];
        return (
          <span key={one.name} className="inline-flex items-center gap-1.5 text-soft">
            <svg width="14" height="4" aria-hidden>
              <line
                x1="0"
                x2="14"
                y1="2"
                y2="2"
                stroke={one.color}
                strokeWidth="2"
                strokeDasharray={one.dashed ? "5 3" : undefined}
              />
            </svg>
            {one.name} {value === null || value === undefined ? "\u2014" : format(value)}
          </span>
        );
      })}
      <span className="text-muted">{axis}</span>
      {notes.length > 0 && <span className="basis-full text-soft">{notes.join(" · ")}</span>}
    </p>
  );
}
