import { extentOf, linearScale, linePath } from "./scale";

const WIDTH = 72;
const HEIGHT = 20;

/** The shape of a history, without axes; the numbers beside it say how much. */
export function Sparkline({ values, label }: { values: (number | null)[]; label: string }) {
  if (values.filter((value) => value !== null).length < 2) return null;
  const x = linearScale([0, values.length - 1], [1.5, WIDTH - 3]);
  const y = linearScale(extentOf(values), [HEIGHT - 3, 3]);
  const points = values.map((value, index) =>
    value === null ? null : ([x(index), y(value)] as const),
  );
  const last = points.findLast((point) => point !== null);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
      className="shrink-0 text-muted"
    >
      <path
        d={linePath(points)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
      />
      {last && <circle cx={last[0]} cy={last[1]} r="2" className="fill-ink" />}
    </svg>
  );
}
