import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { linearScale, roundTicks } from "@/shared/chart/scale";
import { ValueAxis } from "@/shared/chart/value-axis";
import { formatMoney } from "@/shared/format/number";
import { useWidth } from "@/shared/hooks/use-width";
import { TONE_VARIABLE, toneOf } from "@/shared/ui/status";
import type { TableData } from "./table-data";

const HEIGHT = 260;
/** Room for the longest amount beside the axis, which depends on the locale. */
const LEFT = Math.max(48, 10 + 7 * formatMoney(100_000).length);
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 34;
/** From this many customers on, a dot's area no longer fits in its place: all become small. */
const MANY = 5_000;

interface Drag {
  fromX: number;
  toX: number;
  fromY: number;
  toY: number;
}

/** The box between two corners, whichever way it was drawn. */
function boxOf({ fromX, toX, fromY, toY }: Drag) {
  return {
    left: Math.min(fromX, toX),
    right: Math.max(fromX, toX),
    top: Math.min(fromY, toY),
    bottom: Math.max(fromY, toY),
  };
}

interface Selection {
  health: [number, number];
  mrr: [number, number];
}

function numbers(data: TableData, name: string): Float64Array {
  const column = data.columns.get(name);
  return column?.kind === "number"
    ? column.values
    : new Float64Array(data.rowCount).fill(Number.NaN);
}

/** A CSS variable as the colour it stands for in the current theme; a canvas knows no variables. */
function resolveColor(element: HTMLElement, css: string): string {
  const before = element.style.color;
  element.style.color = css;
  const resolved = getComputedStyle(element).color;
  element.style.color = before;
  return resolved;
}

/** Health against MRR, on a canvas: dragging a box keeps the customers inside. */
export function Scatter({
  data,
  rows,
  onSelect,
}: {
  data: TableData;
  rows: Uint32Array;
  onSelect: (selection: Selection) => void;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(480);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const box = drag ? boxOf(drag) : null;
  const health = numbers(data, "health_score");
  const mrr = numbers(data, "mrr_usd");
  const arr = numbers(data, "arr_usd");

  // biome-ignore lint/complexity/useMathMinMax: Math.max would let one missing MRR make the maximum NaN
  const most = useMemo(() => mrr.reduce((high, value) => (value > high ? value : high), 1), [mrr]);
  const greatestArr = most * 12;
  const xOf = useMemo(() => linearScale([0, 100], [LEFT, width - RIGHT]), [width]);
  // Money spans orders of magnitude: the axis is logarithmic, and zero has its place at the bottom.
  const yOf = useMemo(() => {
    const scale = linearScale([0, Math.log10(1 + most)], [HEIGHT - BOTTOM, TOP]);
    return (value: number) => scale(Math.log10(1 + Math.max(0, value)));
  }, [most]);
  const valueAt = (y: number) => {
    const share = (HEIGHT - BOTTOM - y) / (HEIGHT - BOTTOM - TOP);
    return 10 ** (share * Math.log10(1 + most)) - 1;
  };
  const ticks = [
    0,
    ...[1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7].filter((tick) => tick <= most && tick >= most / 1e4),
  ];

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const draw = () =>
      drawDots({ element, context, data, rows, health, mrr, arr, xOf, yOf, greatestArr, width });
    draw();
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    scheme.addEventListener("change", draw);
    return () => {
      theme.disconnect();
      scheme.removeEventListener("change", draw);
    };
  }, [data, rows, health, mrr, arr, xOf, yOf, greatestArr, width]);

  const place = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top] as const;
  };
  const finish = () => {
    if (box && box.right - box.left > 4 && box.bottom - box.top > 4) {
      const scoreAt = (x: number) =>
        Math.max(0, Math.min(100, ((x - LEFT) / (width - LEFT - RIGHT)) * 100));
      onSelect({
        health: [Math.round(scoreAt(box.left)), Math.round(scoreAt(box.right))],
        mrr: [Math.max(0, Math.round(valueAt(box.bottom))), Math.ceil(valueAt(box.top))],
      });
    }
    setDrag(null);
  };

  return (
    <div ref={frame} className="relative select-none" style={{ height: HEIGHT }}>
      <svg width="100%" height={HEIGHT} aria-hidden className="absolute inset-0">
        {roundTicks([0, 100], 5).map((tick) => (
          <g key={tick}>
            <line
              x1={xOf(tick)}
              x2={xOf(tick)}
              y1={TOP}
              y2={HEIGHT - BOTTOM}
              className="stroke-line"
            />
            <text
              x={xOf(tick)}
              y={HEIGHT - BOTTOM + 14}
              textAnchor="middle"
              className="fill-muted text-xs"
            >
              {tick}
            </text>
          </g>
        ))}
        <ValueAxis ticks={ticks} left={LEFT} right={width - RIGHT} yOf={yOf} format={formatMoney} />
        <text x={width - RIGHT} y={HEIGHT - 4} textAnchor="end" className="fill-muted text-xs">
          Health score
        </text>
      </svg>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Health score against MRR of ${rows.length} customers. The table holds the same customers.`}
        className="absolute inset-0 touch-pan-y"
        style={{ width, height: HEIGHT }}
        onPointerDown={(event) => {
          const [x, y] = place(event);
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ fromX: x, toX: x, fromY: y, toY: y });
        }}
        onPointerMove={(event) => {
          if (!drag || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const [x, y] = place(event);
          setDrag({ ...drag, toX: x, toY: y });
        }}
        onPointerUp={finish}
      />
      {box && (
        <div
          aria-hidden
          className="pointer-events-none absolute border border-accent bg-accent-soft opacity-60"
          style={{
            left: box.left,
            top: box.top,
            width: box.right - box.left,
            height: box.bottom - box.top,
          }}
        />
      )}
    </div>
  );
}

interface Drawing {
  element: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  data: TableData;
  rows: Uint32Array;
  health: Float64Array;
  mrr: Float64Array;
  arr: Float64Array;
  xOf: (value: number) => number;
  yOf: (value: number) => number;
  greatestArr: number;
  width: number;
}

/** Draws one colour after the other: changing the colour is what costs. */
function drawDots(drawing: Drawing): void {
  const { element, context, data, rows, width } = drawing;
  const density = window.devicePixelRatio;
  element.width = Math.round(width * density);
  element.height = Math.round(HEIGHT * density);
  const level = data.columns.get("churn_risk_level");
  if (level?.kind !== "category") return;
  const colors = level.names.map((name) => resolveColor(element, TONE_VARIABLE[toneOf(name)]));
  if (rows.length > MANY) {
    drawSpecks(drawing, level.codes, colors, density);
    return;
  }
  const { health, mrr, arr, xOf, yOf, greatestArr } = drawing;
  context.scale(density, density);
  context.globalAlpha = 0.5;
  colors.forEach((color, code) => {
    context.fillStyle = color;
    context.beginPath();
    for (const row of rows) {
      const score = health[row] ?? Number.NaN;
      if (level.codes[row] !== code || Number.isNaN(score)) continue;
      const x = xOf(score);
      const radius = 1.5 + 6.5 * Math.sqrt(Math.max(0, arr[row] || 0) / greatestArr);
      context.moveTo(x + radius, yOf(mrr[row] ?? 0));
      context.arc(x, yOf(mrr[row] ?? 0), radius, 0, 2 * Math.PI);
    }
    context.fill();
  });
}

/** The red, green and blue of a colour as the browser resolves it, 0 to 255. */
function channelsOf(context: CanvasRenderingContext2D, color: string): Uint8ClampedArray {
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const { data } = context.getImageData(0, 0, 1, 1);
  context.clearRect(0, 0, 1, 1);
  return data;
}

/**
 * Lays many small squares over each other, in memory: 100,000 calls of the canvas would hold up the
 * page for longer than all the rest of a filter. What shows is what the canvas would have mixed.
 */
function drawSpecks(
  { element, context, rows, health, mrr, xOf, yOf }: Drawing,
  codes: Uint16Array,
  colors: string[],
  density: number,
): void {
  const channels = colors.map((color) => channelsOf(context, color));
  // The more dots, the thinner each: where they are dense must still show.
  const alpha = Math.max(0.08, Math.min(0.45, 2_500 / rows.length));
  const side = Math.round(2 * density);
  const image = context.createImageData(element.width, element.height);
  const mixed = new Float32Array(image.data.length);
  for (const row of rows) {
    const score = health[row] ?? Number.NaN;
    const color = channels[codes[row] ?? 0];
    if (Number.isNaN(score) || !color) continue;
    const left = Math.round(xOf(score) * density - side / 2);
    const top = Math.round(yOf(mrr[row] || 0) * density - side / 2);
    for (let y = top; y < top + side; y += 1) {
      for (let x = left; x < left + side; x += 1) {
        mix(mixed, 4 * (y * element.width + x), color, alpha);
      }
    }
  }
  for (let at = 0; at < mixed.length; at += 4) {
    const cover = mixed[at + 3] ?? 0;
    if (cover === 0) continue;
    for (let channel = 0; channel < 3; channel += 1) {
      image.data[at + channel] = (mixed[at + channel] ?? 0) / cover;
    }
    image.data[at + 3] = 255 * cover;
  }
  context.putImageData(image, 0, 0);
}

/** Lays a colour over a pixel of red, green, blue (each weighed by its cover) and cover (0 to 1). */
function mix(pixels: Float32Array, at: number, color: Uint8ClampedArray, alpha: number): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const before = pixels[at + channel] ?? 0;
    pixels[at + channel] = before * (1 - alpha) + (color[channel] ?? 0) * alpha;
  }
  pixels[at + 3] = (pixels[at + 3] ?? 0) * (1 - alpha) + alpha;
}
