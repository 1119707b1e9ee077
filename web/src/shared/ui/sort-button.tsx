import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "./cx";

export type Direction = "ascending" | "descending";

/** The name in the head of a column, which sorts by it; its cell tells the direction as aria-sort. */
export function SortButton({
  label,
  sorted,
  onSort,
  className,
}: {
  label: string;
  /** How the rows are sorted by this column; null where they are not. */
  sorted: Direction | null;
  onSort: () => void;
  className?: string;
}) {
  const Arrow = sorted === "descending" ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      onClick={onSort}
      className={cx(
        "inline-flex min-w-0 max-w-full items-center gap-1 text-xs hover:text-ink",
        sorted ? "font-strong text-ink" : "text-muted",
        className,
      )}
    >
      <span className="truncate">{label}</span>
      {sorted && <Arrow aria-hidden className="size-3 shrink-0" />}
    </button>
  );
}
