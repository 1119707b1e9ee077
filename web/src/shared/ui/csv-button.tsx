import { Download } from "lucide-react";
import { type Cell, type CellField, fieldsOf, fileName, saveFile, toCsv } from "@/shared/csv";
import { IconButton } from "./button";

/** Saves the rows of a small table as CSV, with the values as they are and not as they are written. */
export function CsvButton({
  name,
  columns,
  rows,
}: {
  /** What the table shows; becomes the name of the file. */
  name: string;
  columns: string[];
  rows: Cell[][];
}) {
  return (
    <IconButton
      label={`Download ${name} as CSV`}
      onClick={() => saveFile(fileName(name), toCsv(columns, rows))}
      className="-my-1 print:hidden"
    >
      <Download aria-hidden className="size-4" />
    </IconButton>
  );
}

/** The same for rows that are objects; there is nothing to save where there are none. */
export function CsvOfRows<Row>({
  name,
  columns,
  rows,
}: {
  name: string;
  columns: CellField<Row>[];
  rows: Row[];
}) {
  if (rows.length === 0) return null;
  return <CsvButton name={name} columns={columns} rows={fieldsOf(rows, columns)} />;
}
