import { type ReactNode, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Cell } from "@/shared/csv";
import { useListKeys } from "@/shared/hooks/use-list-keys";
import { cx } from "./cx";
import { ScrollBox } from "./scroll-box";
import { type Direction, SortButton } from "./sort-button";

export interface Column<Row> {
  /** Stands in the head, and tells columns apart. */
  name: string;
  /** Only screen readers are told the name, where the cells speak for themselves. */
  nameHidden?: boolean;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, and are sorted the greatest first. */
  numeric?: boolean;
  /** What the rows are sorted by when the name is pressed; without it they are not. */
  sortBy?: (row: Row) => Cell;
  /** Classes of the head and of the cells: width, padding, where it is shown. */
  className?: string;
  /** Classes of the cells alone. */
  cellClassName?: string;
}

interface RowLink<Row> {
  to: (row: Row) => string;
  /** Called when the link is followed, before the page changes. */
  onFollow?: () => void;
  className?: string;
}

interface TableProps<Row> {
  /** What the table holds, for screen readers: a heading stands above it for everybody. */
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The column whose cells name their rows, the first unless said. */
  rowHeader?: string;
  /** Makes the row's name a link; J and K then walk the rows, and Enter follows the link. */
  link?: RowLink<Row>;
  /** Shown in place of a table without rows. */
  empty?: ReactNode;
  /** The greatest height, as a class: above it the rows scroll under the head. */
  scroll?: string;
  /** Lays every row out by these grid classes, for a table that becomes a list where it is narrow. */
  grid?: string;
  /** The room between the columns, where no grid has it. */
  spacing?: string;
  className?: string;
  headClassName?: string;
  bodyClassName?: string;
  rowClassName?: string;
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The rows in the order of a value; those without one come last either way. */
export function sortRows<Row>(
  rows: readonly Row[],
  read: (row: Row) => Cell,
  direction: Direction,
): Row[] {
  const sign = direction === "ascending" ? 1 : -1;
  return rows.toSorted((one, other) => {
    const [first, second] = [read(one) ?? null, read(other) ?? null];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return typeof first === "number" && typeof second === "number"
      ? sign * (first - second)
      : sign * words.compare(String(first), String(second));
  });
}

/** A table of rows that are all drawn; the columns say what is in it and how it is sorted. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowHeader = columns[0]?.name,
  link,
  empty,
  scroll,
  grid,
  spacing = "pr-4 last:pr-0",
  className,
  headClassName,
  bodyClassName,
  rowClassName,
}: TableProps<Row>) {
  const [sort, setSort] = useState<{ name: string; direction: Direction } | null>(null);
  const sorted = useMemo(() => {
    const read = columns.find((column) => column.name === sort?.name)?.sortBy;
    return sort && read ? sortRows(rows, read, sort.direction) : rows;
  }, [rows, columns, sort]);
  const navigate = useNavigate();
  const { current, itemRef } = useListKeys(
    sorted,
    link &&
      ((row) => {
        link.onFollow?.();
        void navigate(link.to(row));
      }),
  );
  if (rows.length === 0 && empty) return empty;

  const cellClass = (column: Column<Row>) =>
    cx(!grid && cx("py-1", spacing), column.numeric ? "text-right" : "text-left", column.className);
  const table = (
    <table className={cx(grid ? "block" : "border-collapse", className)}>
      <caption className="sr-only">{caption}</caption>
      <thead
        className={cx(
          "text-muted text-xs",
          grid && "block",
          scroll && "sticky top-0 bg-page",
          headClassName,
        )}
      >
        <tr className={cx(grid, grid && "border-b pb-1")}>
          {columns.map((column) => (
            <HeadCell
              key={column.name}
              column={column}
              sorted={sort?.name === column.name ? sort.direction : null}
              onSort={(direction) => setSort({ name: column.name, direction })}
              className={cellClass(column)}
            />
          ))}
        </tr>
      </thead>
      <tbody className={cx(grid && "block", bodyClassName)}>
        {sorted.map((row, index) => (
          <tr
            key={rowKey(row)}
            ref={itemRef(index)}
            aria-current={index === current || undefined}
            className={cx(grid ?? "border-t", rowClassName, index === current && "bg-accent-soft")}
          >
            {columns.map((column) => {
              const classes = cx(cellClass(column), column.cellClassName);
              if (column.name !== rowHeader) {
                return (
                  <td key={column.name} className={classes}>
                    {column.cell(row)}
                  </td>
                );
              }
              return (
                <th key={column.name} scope="row" className={cx("font-normal", classes)}>
                  {link ? (
                    <Link
                      to={link.to(row)}
                      onClick={link.onFollow}
                      className={cx("hover:underline", link.className)}
                    >
                      {column.cell(row)}
                    </Link>
                  ) : (
                    column.cell(row)
                  )}
                </th>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return scroll ? (
    <ScrollBox label={caption} className={scroll}>
      {table}
    </ScrollBox>
  ) : (
    table
  );
}

function HeadCell<Row>({
  column,
  sorted,
  onSort,
  className,
}: {
  column: Column<Row>;
  sorted: Direction | null;
  onSort: (direction: Direction) => void;
  className: string;
}) {
  const first: Direction = column.numeric ? "descending" : "ascending";
  const other: Direction = column.numeric ? "ascending" : "descending";
  return (
    <th
      scope="col"
      aria-sort={column.sortBy && (sorted ?? "none")}
      className={cx("font-normal", className)}
    >
      {column.sortBy ? (
        <SortButton
          label={column.name}
          sorted={sorted}
          onSort={() => onSort(sorted === first ? other : first)}
        />
      ) : (
        <span className={cx(column.nameHidden && "sr-only")}>{column.name}</span>
      )}
    </th>
  );
}
