export type Cell = string | number | boolean | null | undefined;

/** Text that a spreadsheet would run as a formula is prefixed, so that it stays text. */
function quote(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The names of a row's fields that fit a cell. */
export type CellField<Row> = {
  [Name in keyof Row]: Row[Name] extends Cell ? Name : never;
}[keyof Row] &
  string;

/** The named fields of each row, as cells. */
export function fieldsOf<Row>(rows: Row[], names: readonly CellField<Row>[]): Cell[][] {
  return rows.map((row) => names.map((name) => row[name] as Cell));
}

/** RFC 4180 text, with a header. */
export function toCsv(columns: string[], rows: Iterable<Cell[]>): string {
  const lines = [columns.map(quote).join(",")];
  for (const row of rows) lines.push(row.map(quote).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** The name of the file that holds what a table shows. */
export function fileName(name: string): string {
  return `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.csv`;
}

/** Hands text to the browser as a file to save. */
export function saveFile(name: string, text: string, type = "text/csv"): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
