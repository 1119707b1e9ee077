import type { ReactNode } from "react";
import { signed } from "@/shared/format/number";
import { useWidth } from "@/shared/hooks/use-width";
import { TONE_VARIABLE } from "@/shared/ui/status";
import { Figure } from "./figure";
import { extentOf, linearScale } from "./scale";

interface BridgeStep {
  name: string;
  /** A level for `total` steps, a movement for the others. */
  value: number;
  total?: boolean;
}

interface Placed extends BridgeStep {
  from: number;
  to: number;
}

function place(steps: BridgeStep[]): Placed[] {
  let level = 0;
  return steps.map((step) => {
    const from = step.total ? 0 : level;
    const to = step.total ? step.value : level + step.value;
    level = to;
    return { ...step, from, to };
  });
}

/** From an opening level to a closing one, step by step. The scale may start above zero and says so. */
export function Bridge({
  title,
  hint,
  steps,
  format,
  height = 200,
}: {
  title: string;
  hint?: ReactNode;
  steps: BridgeStep[];
  format: (value: number) => string;
  height?: number;
}) {
  const [box, width] = useWidth<HTMLDivElement>(640);
  const placed = place(steps);
  const levels = placed.flatMap((step) => (step.total ? [step.to] : [step.from, step.to]));
  const [low, high] = extentOf(levels);
  // Movements are small beside the levels: zoom in, and leave room under the lowest.
  const floor = Math.max(0, low - (high - low || high) * 0.6);
  const yOf = linearScale([floor, high], [height - 40, 18]);
  const slot = width / Math.max(1, placed.length);
  // Side by side, the longest names need this; in narrower places every other one steps down.
  const stepsDown = slot < 76;
  const text = (step: BridgeStep) => (step.total ? format(step.value) : signed(step.value, format));

  return (
    <Figure
      title={title}
      hint={hint}
      table={{ columns: ["Step", "Amount"], rows: steps.map((step) => [step.name, text(step)]) }}
    >
      <div ref={box}>
        <svg
          width="100%"
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="xMinYMin meet"
          height={height}
          role="img"
          aria-label={`${title}. ${steps.map((step) => `${step.name} ${text(step)}`).join(", ")}`}
          className="block"
        >
          {placed.map((step, index) => {
            const top = Math.min(yOf(Math.max(floor, step.from)), yOf(step.to));
            const bottom = Math.max(yOf(Math.max(floor, step.from)), yOf(step.to));
            const left = index * slot;
            const middle = left + slot / 2;
            const tone = step.value >= 0 ? "good" : "bad";
            return (
              <g key={step.name}>
                <rect
                  x={left + slot * 0.14}
                  width={slot * 0.72}
                  y={top}
                  height={Math.max(1.5, bottom - top)}
                  fill={step.total ? "var(--color-soft)" : TONE_VARIABLE[tone]}
                />
                {index < placed.length - 1 && (
                  <line
                    x1={left + slot * 0.86}
                    x2={left + slot * 1.14}
                    y1={yOf(step.to)}
                    y2={yOf(step.to)}
                    className="stroke-line-strong"
                  />
                )}
                <text x={middle} y={top - 5} textAnchor="middle" className="fill-ink text-xs">
                  {text(step)}
                </text>
                <text
                  x={middle}
                  y={height - (stepsDown && index % 2 === 1 ? 8 : 22)}
                  textAnchor="middle"
                  className="fill-muted text-xs"
                >
                  {step.name}
                </text>
              </g>
            );
          })}
        </svg>
        {floor > 0 && (
          <p className="text-muted text-xs">The bars start at {format(floor)}, not at zero.</p>
        )}
      </div>
    </Figure>
  );
}
