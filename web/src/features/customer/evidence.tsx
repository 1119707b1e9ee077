import { useQuery } from "@tanstack/react-query";
import { getCustomerEvidenceOptions } from "@/client/@tanstack/react-query.gen";
import { metricText } from "@/shared/format/metric";
import { plural } from "@/shared/format/number";
import { CsvButton } from "@/shared/ui/csv-button";
import { Dialog } from "@/shared/ui/dialog";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { EvidenceTable } from "./evidence-table";

/** The invoices, cases, usage rows or meetings that a measure was computed from. */
export function Evidence({
  customerId,
  measure,
  onClose,
}: {
  customerId: string;
  measure: string;
  onClose: () => void;
}) {
  const text = metricText(measure);
  const evidence = useQuery(
    getCustomerEvidenceOptions({ path: { customer_id: customerId }, query: { measure } }),
  );
  return (
    <Dialog
      title={`${text.label}: source rows`}
      description={text.definition}
      place="side"
      onClose={onClose}
    >
      <Loaded query={evidence} loading={<SkeletonLines count={8} />}>
        {(data) =>
          data.rows.length === 0 ? (
            <Empty title="There are no source rows">
              The measure rests on the absence of records in its window.
            </Empty>
          ) : (
            <>
              <p className="flex items-center justify-between pb-2 text-muted text-xs">
                {plural(data.rows.length, "row")}
                {data.truncated ? ", the newest; there are more" : ""}
                <CsvButton
                  name={`${text.label}: source rows`}
                  columns={data.columns}
                  rows={data.rows}
                />
              </p>
              <EvidenceTable
                caption={`${text.label}: source rows`}
                columns={data.columns}
                rows={data.rows}
              />
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}
