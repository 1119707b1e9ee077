import { cx } from "@/shared/ui/cx";
import { TONE_TEXT, TONE_VARIABLE, type Tone } from "@/shared/ui/status";

interface Bar {
  key: string;
  label: string;
  value: number;
  text: string;
  tone?: Tone;
  note?: string;
}

/** Horizontal bars with their labels and numbers; a list that can be read without seeing it. */
export function BarList({
  bars,
  selected,
  onSelect,
}: {
  bars: Bar[];
  selected?: string[];
  onSelect?: (key: string) => void;
}) {
  const most = Math.max(...bars.map((bar) => Math.abs(bar.value)), Number.MIN_VALUE);
  return (
    <ul className="grid grid-cols-[minmax(5.5rem,max-content)_minmax(2rem,1fr)_auto] gap-x-2">
      {bars.map((bar) => {
        const on = selected === undefined || selected.length === 0 || selected.includes(bar.key);
        const inside = (
          <>
            <span className="truncate text-left">{bar.label}</span>
            <span className="h-2.5 bg-sunken">
              <span
                className="block h-full"
                style={{
                  width: `${(Math.abs(bar.value) / most) * 100}%`,
                  background: bar.tone ? TONE_VARIABLE[bar.tone] : "var(--color-soft)",
                }}
              />
            </span>
            <span className={cx("whitespace-nowrap text-right", bar.tone && TONE_TEXT[bar.tone])}>
              {bar.text}
            </span>
          </>
        );
        const grid = "col-span-3 grid grid-cols-subgrid items-center py-1";
        return (
          <li
            key={bar.key}
            className={cx("col-span-3 grid grid-cols-subgrid", !on && "opacity-60")}
          >
            {onSelect ? (
              <button
                type="button"
                aria-pressed={selected?.includes(bar.key) ?? false}
                onClick={() => onSelect(bar.key)}
                className={cx(grid, "rounded-sm hover:bg-sunken")}
                data-tip={bar.note}
              >
                {inside}
              </button>
            ) : (
              <div className={grid} data-tip={bar.note}>
                {inside}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
