import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import type { Knot } from "@/client/types.gen";
import { extentOf, linearScale } from "@/shared/chart/scale";
import { ValueAxis } from "@/shared/chart/value-axis";
import { metricText } from "@/shared/format/metric";
import { formatCount } from "@/shared/format/number";
import { formatUnit } from "@/shared/format/unit";
import { useWidth } from "@/shared/hooks/use-width";

const HEIGHT = 116;
const TICKS = [0, 50, 100];
const LEFT = 30;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 26;
/** Of a character beside another, on average. */
const HALF_CHARACTER = 3.3;
const LABEL_GAP = 4;

/** A measure's curve: knots move up and down, by dragging or with the arrow keys. */
export function CurveEditor({
  measure,
  knots,
  onChange,
}: {
  measure: string;
  knots: Knot[];
  onChange: (index: number, points: number) => void;
}) {
  const [box, width] = useWidth<HTMLDivElement>(320);
  const dragged = useRef<number | null>(null);
  const text = metricText(measure);
  const [low, high] = extentOf(knots.map((knot) => knot.x));
  const margin = (high - low) * 0.08;
  const xOf = linearScale([low - margin, high + margin], [LEFT, width - RIGHT]);
  const yOf = linearScale([0, 100], [HEIGHT - BOTTOM, TOP]);
  const clamp = (points: number) => Math.max(0, Math.min(100, Math.round(points)));

  // A label that would run into the next one is left to the knot's tip.
  const hasRoom = (index: number) => {
    const [one, next] = [knots[index], knots[index + 1]];
    if (!one || !next) return true;
    const words = formatUnit(one.x, text.unit) + formatUnit(next.x, text.unit);
    return xOf(next.x) - xOf(one.x) > words.length * HALF_CHARACTER + LABEL_GAP;
  };

  const first = knots[0];
  const last = knots.at(-1);
  if (!first || !last) return null;
  // Outside the knots the end knot's points hold.
  const line = [
    `${LEFT},${yOf(first.points)}`,
    ...knots.map((knot) => `${xOf(knot.x)},${yOf(knot.points)}`),
    `${width - RIGHT},${yOf(last.points)}`,
  ].join(" ");

  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (dragged.current === null) return;
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    onChange(dragged.current, clamp(((HEIGHT - BOTTOM - y) / (HEIGHT - BOTTOM - TOP)) * 100));
  };
  const nudge = (event: KeyboardEvent, index: number, points: number) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onChange(index, clamp(points + by));
  };

  return (
    <div ref={box}>
      <p className="text-soft text-xs" data-tip={text.definition}>
        {text.label}
      </p>
      <svg
        width="100%"
        height={HEIGHT}
        role="group"
        aria-label={`Curve of ${text.label}`}
        className="block touch-none"
        onPointerMove={move}
        onPointerUp={() => {
          dragged.current = null;
        }}
      >
        <ValueAxis ticks={TICKS} left={LEFT} right={width - RIGHT} yOf={yOf} format={String} />
        <polyline points={line} fill="none" className="stroke-soft" strokeWidth="1.5" />
        {knots.map((knot, index) => (
          <g key={knot.x}>
            <circle
              cx={xOf(knot.x)}
              cy={yOf(knot.points)}
              r="6"
              role="slider"
              tabIndex={0}
              aria-label={`Points of ${text.label} at ${formatUnit(knot.x, text.unit)}`}
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={knot.points}
              aria-orientation="vertical"
              onKeyDown={(event) => nudge(event, index, knot.points)}
              onPointerDown={(event) => {
                dragged.current = index;
                event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId);
              }}
              data-tip={`${formatUnit(knot.x, text.unit)}: ${formatCount(knot.points)} points`}
              className="cursor-ns-resize fill-surface stroke-2 stroke-accent"
            />
            {hasRoom(index) && (
              <text
                x={xOf(knot.x)}
                y={HEIGHT - 4}
                textAnchor="middle"
                aria-hidden
                className="fill-muted text-xs"
              >
                {formatUnit(knot.x, text.unit)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
