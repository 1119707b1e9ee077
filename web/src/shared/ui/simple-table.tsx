import { cx } from "./cx";

/** A small read-only table; the first column names the row, the others align as numbers. */
export function SimpleTable({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: string[];
  rows: (string | number)[][];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-72 overflow-auto">
      <table className="w-full border-collapse">
        <thead className="sticky top-0 bg-page text-left text-muted text-xs">
          <tr>
            {columns.map((column, index) => (
              <th
                key={column}
                scope="col"
                className={cx("py-1 pr-3 font-normal", index > 0 && "text-right")}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join("|")} className="border-t">
              {row.map((cell, index) => (
                <td key={columns[index]} className={cx("py-1 pr-3", index > 0 && "text-right")}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
