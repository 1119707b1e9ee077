/** The horizontal lines of a chart, each with its value at the left. */
export function ValueAxis({
  ticks,
  left,
  right,
  yOf,
  format,
}: {
  ticks: readonly number[];
  /** Where the lines begin and end, in CSS pixels. */
  left: number;
  right: number;
  yOf: (value: number) => number;
  format: (value: number) => string;
}) {
  return ticks.map((tick) => (
    <g key={tick} aria-hidden>
      <line x1={left} x2={right} y1={yOf(tick)} y2={yOf(tick)} className="stroke-line" />
      <text x={left - 6} y={yOf(tick) + 4} textAnchor="end" className="fill-muted text-xs">
        {format(tick)}
      </text>
    </g>
  ));
}
