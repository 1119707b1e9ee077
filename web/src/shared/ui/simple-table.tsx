import { cx } from "./cx";
import { ScrollBox } from "./scroll-box";

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
    <ScrollBox label={label} className="max-h-72">
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
    </ScrollBox>
  );
}
