import { formatDate } from "@/shared/format/date";
import { formatMoneyInFull, formatNumber } from "@/shared/format/number";
import { cx } from "@/shared/ui/cx";
import { Missing } from "@/shared/ui/value";

type Cell = string | number | boolean | null;

const DATE = /^\d{4}-\d\d-\d\d/;

function writeCell(column: string, cell: string | number | boolean): string {
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number")
    return column.endsWith("_usd") ? formatMoneyInFull(cell) : formatNumber(cell);
  return DATE.test(cell) ? formatDate(cell) : cell;
}

/** "amount_usd" as "Amount, USD". */
function nameOf(column: string): string {
  const words = column.replace(/_usd$/, ", USD").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Rows of any shape, each value written as its type and its column's name ask for. */
export function EvidenceTable({ columns, rows }: { columns: string[]; rows: Cell[][] }) {
  const numeric = columns.map((_, index) => rows.some((row) => typeof row[index] === "number"));
  return (
    <table className="w-full border-collapse">
      <thead className="sticky top-0 bg-raised text-muted text-xs">
        <tr>
          {columns.map((column, index) => (
            <th
              key={column}
              scope="col"
              className={cx(
                "py-1 pr-4 align-bottom font-normal last:pr-0",
                numeric[index] ? "text-right" : "text-left",
              )}
            >
              {nameOf(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join("|")} className="border-t">
            {row.map((cell, index) => (
              <td
                key={columns[index]}
                className={cx(
                  "py-1 pr-4 last:pr-0",
                  numeric[index] && "text-right",
                  index === 0 && "select-all whitespace-nowrap",
                  // A number or a date is read as one.
                  typeof cell === "string" && DATE.test(cell) && "whitespace-nowrap",
                )}
              >
                {cell === null ? (
                  <Missing reason="Empty in the source" />
                ) : (
                  writeCell(columns[index] ?? "", cell)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
