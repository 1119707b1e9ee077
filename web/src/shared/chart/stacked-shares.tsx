import { formatCount, formatPercent } from "@/shared/format/number";
import { useWidth } from "@/shared/hooks/use-width";
import { Figure } from "./figure";
import { linearScale } from "./scale";
import { ValueAxis } from "./value-axis";

interface Layer {
  name: string;
  color: string;
  values: number[];
}

/** Half of a line, for the words beside the uppermost tick. */
const TOP = 8;
const LEFT = 44;
const RIGHT = 4;
const BOTTOM = 22;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** How a whole divides over time: one column per x, its layers adding up to 100 %. */
export function StackedShares({
  title,
  hint,
  xName,
  x,
  layers,
  height = 180,
}: {
  title: string;
  hint?: string;
  xName: string;
  x: string[];
  layers: Layer[];
  height?: number;
}) {
  const [box, width] = useWidth<HTMLDivElement>(640);
  const totals = x.map((_, index) =>
    layers.reduce((sum, layer) => sum + (layer.values[index] ?? 0), 0),
  );
  const yOf = linearScale([0, 1], [height - BOTTOM, TOP]);
  const slot = (width - LEFT - RIGHT) / Math.max(1, x.length);
  const every = Math.max(1, Math.ceil(84 / slot));

  return (
    <Figure
      title={title}
      hint={hint}
      table={{
        columns: [xName, ...layers.map((layer) => layer.name)],
        rows: x.map((label, index) => [
          label,
          ...layers.map((layer) => formatCount(layer.values[index] ?? 0)),
        ]),
      }}
    >
      <div ref={box}>
        <svg
          width="100%"
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="xMinYMin meet"
          height={height}
          role="img"
          aria-label={`${title}: share of customers, 0 to 100 %. The table has the numbers.`}
          className="block"
        >
          <ValueAxis
            ticks={SHARES}
            left={LEFT}
            right={width - RIGHT}
            yOf={yOf}
            format={formatPercent}
          />
          {x.map((label, index) => {
            const total = totals[index] ?? 0;
            if (total === 0) return null;
            let below = 0;
            return (
              <g key={label}>
                {layers.map((layer) => {
                  const share = (layer.values[index] ?? 0) / total;
                  const top = yOf(below + share);
                  const bottom = yOf(below);
                  below += share;
                  return (
                    <rect
                      key={layer.name}
                      x={LEFT + index * slot + 1}
                      width={Math.max(1, slot - 2)}
                      y={top}
                      height={Math.max(0, bottom - top - (below < 1 ? 1 : 0))}
                      fill={layer.color}
                      fillOpacity="0.8"
                      data-tip={`${label}\n${layer.name}: ${formatCount(layer.values[index] ?? 0)} (${formatPercent(share)})`}
                    />
                  );
                })}
                {(x.length - 1 - index) % every === 0 && (
                  <text
                    x={LEFT + (index + 0.5) * slot}
                    y={height - 5}
                    textAnchor={index === x.length - 1 ? "end" : "middle"}
                    className="fill-muted text-xs"
                  >
                    {label}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
        <ul className="flex flex-wrap gap-x-4 pl-11 text-soft text-xs">
          {layers.map((layer) => (
            <li key={layer.name} className="inline-flex items-center gap-1.5">
              <span aria-hidden className="size-2.5" style={{ background: layer.color }} />
              {layer.name}
            </li>
          ))}
        </ul>
      </div>
    </Figure>
  );
}
