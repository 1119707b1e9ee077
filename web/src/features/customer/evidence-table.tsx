import { formatDate } from "@/shared/format/date";
import { formatMoneyInFull, formatNumber } from "@/shared/format/number";
import { Table } from "@/shared/ui/table";
import { Missing } from "@/shared/ui/value";

type Cell = string | number | boolean | null;

interface EvidenceTableProps {
  caption: string;
  columns: string[];
  rows: Cell[][];
}

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
export function EvidenceTable({ caption, columns, rows }: EvidenceTableProps) {
  return (
    <Table<Cell[]>
      caption={caption}
      columns={columns.map((column, index) => ({
        name: nameOf(column),
        numeric: rows.some((row) => typeof row[index] === "number"),
        cell: (row) => <EvidenceCell column={column} cell={row[index] ?? null} />,
        sortBy: (row) => row[index],
        cellClassName: index === 0 ? "select-all whitespace-nowrap" : "",
      }))}
      rows={rows}
      rowKey={(row) => row.join("|")}
      className="w-full"
      headClassName="sticky top-0 bg-raised [&_th]:align-bottom"
    />
  );
}

function EvidenceCell({ column, cell }: { column: string; cell: Cell }) {
  if (cell === null) return <Missing reason="Empty in the source" />;
  const text = writeCell(column, cell);
  // A number or a date is read as one.
  const isDate = typeof cell === "string" && DATE.test(cell);
  return isDate ? <span className="whitespace-nowrap">{text}</span> : text;
}
