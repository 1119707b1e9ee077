import { ChartLine, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { Cell } from "@/shared/csv";
import { IconButton } from "@/shared/ui/button";
import { CsvButton } from "@/shared/ui/csv-button";
import { Table } from "@/shared/ui/table";

interface FigureTable {
  columns: string[];
  rows: (string | number)[][];
  /** The rows of the CSV, where they are not those that are read. */
  raw?: Cell[][];
}

/** A chart with a title that says what is seen, and the same numbers as a table on request. */
export function Figure({
  title,
  hint,
  table,
  children,
}: {
  title: string;
  hint?: ReactNode;
  table: FigureTable;
  children: ReactNode;
}) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const Icon = asTable ? ChartLine : Table2;
  return (
    <figure aria-labelledby={id} className="m-0 min-w-0 break-inside-avoid">
      <figcaption className="mb-2 flex min-h-8 items-center justify-between gap-3 border-b pb-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <h2 id={id} className="text-sm">
            {title}
          </h2>
          {hint && <p className="text-muted text-xs">{hint}</p>}
        </div>
        <div className="flex shrink-0">
          {asTable && (
            <CsvButton name={title} columns={table.columns} rows={table.raw ?? table.rows} />
          )}
          <IconButton
            label={asTable ? "Show the chart" : "Show the numbers as a table"}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            className="-my-1 print:hidden"
          >
            <Icon aria-hidden className="size-4" />
          </IconButton>
        </div>
      </figcaption>
      {asTable ? (
        <Table<(string | number)[]>
          caption={title}
          columns={table.columns.map((name, index) => ({
            name,
            numeric: index > 0,
            cell: (row) => row[index],
          }))}
          rows={table.rows}
          rowKey={(row) => row.join("|")}
          scroll="max-h-72"
          spacing="pr-3"
          className="w-full"
        />
      ) : (
        children
      )}
    </figure>
  );
}
