import { Download } from "lucide-react";
import { useState } from "react";
import { describeProblem } from "@/shared/api/problem";
import { type CellField, fieldsOf, fileName, saveFile, toCsv } from "@/shared/csv";
import { IconButton } from "./button";
import { showNotice } from "./notices";

/** The most rows that the service gives at once. */
const ROWS_PER_PAGE = 200;

interface ListPage<Row> {
  items: Row[];
  next: string | null;
}

/** Saves every row of a list that is read page by page, those not yet shown included. */
export function CsvOfPages<Row>({
  name,
  columns,
  read,
}: {
  /** What the list shows; becomes the name of the file. */
  name: string;
  columns: CellField<Row>[];
  /** Reads one page. Throws what the client throws. */
  read: (page: { limit: number; cursor?: string }) => Promise<ListPage<Row>>;
}) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const rows: Row[] = [];
      let cursor: string | null = null;
      do {
        const page: ListPage<Row> = await read({
          limit: ROWS_PER_PAGE,
          ...(cursor === null ? {} : { cursor }),
        });
        rows.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      saveFile(fileName(name), toCsv(columns, fieldsOf(rows, columns)));
    } catch (error) {
      const { title, detail, reference } = describeProblem(error);
      showNotice({
        id: `csv ${name}`,
        text: `${name} could not be saved: ${title}`,
        detail: reference === null ? detail : `${detail} Reference ${reference}`,
        action: { label: "Try again", run: () => void save() },
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <IconButton
      label={`Download ${name} as CSV`}
      disabled={busy}
      aria-busy={busy}
      onClick={() => void save()}
      className="-my-1 print:hidden"
    >
      <Download aria-hidden className="size-4" />
    </IconButton>
  );
}
