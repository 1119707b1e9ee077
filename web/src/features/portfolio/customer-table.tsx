import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useHotkeys } from "@/shared/hooks/use-hotkeys";
import { customerPath } from "@/shared/navigation/paths";
import { cx } from "@/shared/ui/cx";
import { SortButton } from "@/shared/ui/sort-button";
import { type ColumnChoice, textAt } from "./columns";
import type { TableData } from "./table-data";

/** The row and the scroll position at which a list was left, for who comes back to the same one. */
let left = { address: "", current: 0, offset: 0 };

/** The filtered customers; only the rows in sight exist, so 100,000 scroll like 100. */
export function CustomerTable({
  data,
  rows,
  columns,
  address,
  rowHeight,
  sort,
  descending,
  onSort,
  onLeave,
}: {
  data: TableData;
  rows: Uint32Array;
  columns: ColumnChoice[];
  /** What names this list: its filters and its order. */
  address: string;
  /** CSS pixels; another height is another table. */
  rowHeight: number;
  sort: string;
  descending: boolean;
  onSort: (column: ColumnChoice) => void;
  /** Called before a customer is opened, to remember the list one came from. */
  onLeave: () => void;
}) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [found] = useState(() =>
    left.address === address && left.current < rows.length
      ? left
      : { address, current: 0, offset: 0 },
  );
  const [current, setCurrent] = useState(found.current);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    initialOffset: found.offset,
  });

  const drawn = useRef(rows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection starts at its first row
  useEffect(() => {
    if (drawn.current === rows) return;
    drawn.current = rows;
    setCurrent(0);
    // The virtualizer knows where it stands; asking the element would lay out the page twice.
    if (virtual.scrollOffset) virtual.scrollToOffset(0);
  }, [rows]);

  const open = useCallback(
    (index: number) => {
      const row = rows[index];
      const id = row === undefined ? null : textAt(data, "customer_id", row);
      if (!id) return;
      left = { address, current: index, offset: virtual.scrollOffset ?? 0 };
      onLeave();
      void navigate(customerPath(id));
    },
    [rows, data, address, virtual, onLeave, navigate],
  );
  const step = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, current + by));
    setCurrent(next);
    virtual.scrollToIndex(next, { align: "auto" });
  };
  useHotkeys({
    j: () => step(1),
    k: () => step(-1),
    arrowdown: () => step(1),
    arrowup: () => step(-1),
    enter: () => open(current),
  });

  const template = columns.map((column) => column.width).join(" ");
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Customers"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={rows.length > 0 ? `row-${current}` : undefined}
      // The grid is one stop of the Tab key; J, K and the arrows walk its rows.
      tabIndex={0}
      className="@container relative h-[max(20rem,calc(100dvh-12.5rem))] overflow-auto"
    >
      <div className="w-max min-w-full [--scored:11rem] [--gap:0.75rem] @max-[64rem]:[--gap:0.5rem] @max-[64rem]:[--scored:7.25rem]">
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-10 grid items-center gap-x-(--gap) border-b bg-page px-2"
          style={{ gridTemplateColumns: template }}
        >
          {columns.map((column) => {
            const sorted = column.name === sort ? (descending ? "descending" : "ascending") : null;
            return (
              <div
                key={column.name}
                role="columnheader"
                aria-sort={sorted ?? "none"}
                className={cx("flex min-w-0", column.atEnd && "justify-end")}
              >
                <SortButton
                  label={column.label}
                  sorted={sorted}
                  onSort={() => onSort(column)}
                  className="py-1.5"
                />
              </div>
            );
          })}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <CustomerRow
                key={item.key}
                data={data}
                row={row}
                index={item.index}
                top={item.start}
                height={rowHeight}
                columns={columns}
                template={template}
                current={item.index === current}
                onOpen={open}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Remembered between scrolls: a row that stays in sight is not drawn again. */
const CustomerRow = memo(function CustomerRow({
  data,
  row,
  index,
  top,
  height,
  columns,
  template,
  current,
  onOpen,
}: {
  data: TableData;
  row: number;
  index: number;
  top: number;
  height: number;
  columns: ColumnChoice[];
  template: string;
  current: boolean;
  onOpen: (index: number) => void;
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the current row, handled for the whole grid
    <div
      id={`row-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={current}
      onClick={() => onOpen(index)}
      className={cx(
        "absolute inset-x-0 grid cursor-pointer contain-strict items-center gap-x-(--gap) border-b px-2",
        current ? "bg-accent-soft" : "hover:bg-sunken",
      )}
      style={{ gridTemplateColumns: template, height, top }}
    >
      {columns.map((column) => (
        <div
          key={column.name}
          role="gridcell"
          className={cx(
            "flex min-w-0",
            column.atEnd && "justify-end text-right",
            column.name === "customer_name" && "font-strong",
          )}
        >
          {column.render(data, row)}
        </div>
      ))}
    </div>
  );
});
