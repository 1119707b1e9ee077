import { linearScale } from "@/shared/chart/scale";
import { formatCount } from "@/shared/format/number";
import { useWidth } from "@/shared/hooks/use-width";

const HEIGHT = 150;
const BOTTOM = 20;
const LEFT = 44;

/** Customers per score band, before as an outline and after as a bar. */
export function Histogram({ before, after }: { before: number[]; after: number[] }) {
  const [box, width] = useWidth<HTMLDivElement>(640);
  const most = Math.max(1, ...before, ...after);
  const yOf = linearScale([0, most], [HEIGHT - BOTTOM, 8]);
  const slot = (width - LEFT) / Math.max(1, after.length);
  const band = 100 / Math.max(1, after.length);
  const outline = before
    .map((count, index) => `${index === 0 ? "M" : "L"}${LEFT + index * slot},${yOf(count)}h${slot}`)
    .join("");
  return (
    <div ref={box}>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label="Number of customers per score band, before and after. The table below has the totals."
        className="block"
      >
        {[0, most].map((tick) => (
          <text
            key={tick}
            x={LEFT - 6}
            y={yOf(tick) + 4}
            textAnchor="end"
            className="fill-muted text-xs"
          >
            {formatCount(tick)}
          </text>
        ))}
        <line x1={LEFT} x2={width} y1={yOf(0)} y2={yOf(0)} className="stroke-line-strong" />
        {after.map((count, index) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a band is its position
            key={index}
            x={LEFT + index * slot + 1}
            width={Math.max(1, slot - 2)}
            y={yOf(count)}
            height={Math.max(0, yOf(0) - yOf(count))}
            className="fill-accent"
            data-tip={`${index * band} to ${(index + 1) * band} points\nbefore ${formatCount(before[index] ?? 0)}, after ${formatCount(count)}`}
          />
        ))}
        <path d={outline} fill="none" className="stroke-ink" strokeWidth="1.25" />
        {[0, 25, 50, 75, 100].map((tick) => (
          <text
            key={tick}
            x={LEFT + (tick / 100) * (width - LEFT)}
            y={HEIGHT - 4}
            textAnchor={tick === 100 ? "end" : "middle"}
            className="fill-muted text-xs"
          >
            {tick}
          </text>
        ))}
      </svg>
      <p className="flex gap-4 pl-11 text-soft text-xs">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 border border-ink" /> Before
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 bg-accent" /> After
        </span>
        <span className="text-muted">customers, by score</span>
      </p>
    </div>
  );
}
