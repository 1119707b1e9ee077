import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { listAlertsInfiniteOptions } from "@/client/@tanstack/react-query.gen";
import { listAlerts } from "@/client/sdk.gen";
import type { Alert } from "@/client/types.gen";
import { AlertList } from "@/shared/alert/alert-list";
import type { CellField } from "@/shared/csv";
import { plural } from "@/shared/format/number";
import { customerPath } from "@/shared/navigation/paths";
import { rememberWalk } from "@/shared/navigation/walk";
import { Button } from "@/shared/ui/button";
import { CsvOfPages } from "@/shared/ui/csv-of-pages";
import { Select } from "@/shared/ui/field";
import { PageHeading } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { Value } from "@/shared/ui/value";

const SEVERITIES = ["HIGH", "MEDIUM", "LOW"] as const;
const STATES = ["open", "acknowledged", "snoozed"] as const;
const CODES = [
  { value: "", label: "All reasons" },
  { value: "A001", label: "Churn risk" },
  { value: "A002", label: "SLA breach" },
  { value: "A003", label: "Payment overdue" },
  { value: "A004", label: "Usage anomaly" },
  { value: "A005", label: "Contract expiring" },
  { value: "A006", label: "Health critical" },
  { value: "A007", label: "Leaving" },
];

/** By what a customer has at stake; little of it is set aside until asked for. */
const SIZES: Record<string, { small?: boolean }> = {
  "": { small: false },
  small: { small: true },
  all: {},
};

const COLUMNS: CellField<Alert>[] = [
  "customer_id",
  "customer_name",
  "alert_code",
  "severity",
  "message",
  "stake_usd",
  "is_small",
  "opened_on",
  "state",
];

function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word | undefined {
  return words.find((word) => word === text);
}

export function AlertsPage() {
  const [address, setAddress] = useSearchParams();
  const severity = oneOf(SEVERITIES, address.get("severity"));
  const state = oneOf(STATES, address.get("state") ?? "open");
  const code = address.get("code") ?? "";
  const size = address.get("size") ?? "";
  const filters = {
    ...(severity ? { severity } : {}),
    ...(state ? { state } : {}),
    ...(code ? { code } : {}),
    ...(SIZES[size] ?? {}),
  };
  const alerts = useInfiniteQuery({
    ...listAlertsInfiniteOptions({
      query: { limit: 100, ...filters },
    }),
    initialPageParam: {},
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(address);
    if (value) next.set(name, value);
    else next.delete(name);
    setAddress(next, { replace: true });
  };
  const total = alerts.data?.pages[0]?.total;

  return (
    <>
      <PageHeading
        title="Alerts"
        actions={
          <>
            <Select
              label="Severity"
              value={severity ?? ""}
              options={[
                { value: "", label: "All severities" },
                ...SEVERITIES.map((word) => ({ value: word, label: word })),
              ]}
              onChange={(value) => set("severity", value)}
            />
            <Select
              label="Reason"
              value={code}
              options={CODES}
              onChange={(value) => set("code", value)}
            />
            <Select
              label="State"
              value={address.get("state") ?? "open"}
              options={[
                { value: "open", label: "Open" },
                { value: "acknowledged", label: "Acknowledged" },
                { value: "snoozed", label: "Snoozed" },
                { value: "all", label: "Every state" },
              ]}
              onChange={(value) => set("state", value)}
            />
            <Select
              label="At stake"
              value={size}
              options={[
                { value: "", label: "Without small" },
                { value: "small", label: "Small only" },
                { value: "all", label: "Everything" },
              ]}
              onChange={(value) => set("size", value)}
            />
            <CsvOfPages<Alert>
              name="Alerts"
              columns={COLUMNS}
              read={async (page) =>
                (await listAlerts({ query: { ...filters, ...page }, throwOnError: true })).data
              }
            />
          </>
        }
      >
        <p aria-live="polite">
          {total === undefined
            ? "By what each customer has at stake"
            : `${plural(total, "alert")}, by what each customer has at stake`}
        </p>
      </PageHeading>
      <Loaded query={alerts} loading={<SkeletonLines count={10} className="h-9" />}>
        {(data) => (
          <AlertTable
            alerts={data.pages.flatMap((page) => page.items)}
            path={`/alerts?${address}`}
          />
        )}
      </Loaded>
      {alerts.hasNextPage && (
        <Button
          className="mt-4"
          onClick={() => alerts.fetchNextPage()}
          disabled={alerts.isFetchingNextPage}
        >
          {alerts.isFetchingNextPage ? "Loading" : "More alerts"}
        </Button>
      )}
    </>
  );
}

/** A customer with all its alerts that match, the severe first. */
interface CustomerAlerts {
  customer: Alert;
  alerts: Alert[];
}

/** The service lists the alerts of a customer together. */
function byCustomer(alerts: Alert[]): CustomerAlerts[] {
  const groups: CustomerAlerts[] = [];
  for (const alert of alerts) {
    const last = groups.at(-1);
    if (last?.customer.customer_id === alert.customer_id) last.alerts.push(alert);
    else groups.push({ customer: alert, alerts: [alert] });
  }
  return groups;
}

const ALERT_COLUMNS: Column<CustomerAlerts>[] = [
  {
    name: "Severity",
    cell: ({ customer }) => <Status word={customer.severity} />,
    cellClassName: "flex pt-2",
  },
  {
    name: "Customer",
    cell: ({ customer }) => customer.customer_name,
    className: "min-w-0",
    cellClassName: "pt-2 max-lg:order-first",
  },
  {
    name: "Alerts",
    cell: ({ alerts }) => <AlertList alerts={alerts} />,
    className: "min-w-0",
    cellClassName: "max-lg:order-last max-lg:col-span-2",
  },
  {
    name: "At stake",
    numeric: true,
    cell: ({ customer }) => (
      <Value value={customer.customer_stake_usd} unit="money" missing="No exchange rate is known" />
    ),
    cellClassName: "pt-2 max-lg:order-1 max-lg:col-span-2 max-lg:pt-0 max-lg:text-left",
  },
];

function AlertTable({ alerts, path }: { alerts: Alert[]; path: string }) {
  const rows = useMemo(() => byCustomer(alerts), [alerts]);
  return (
    <Table
      caption="Alerts"
      columns={ALERT_COLUMNS}
      rows={rows}
      rowKey={(row) => row.customer.customer_id}
      rowHeader="Customer"
      link={{
        to: (row) => customerPath(row.customer.customer_id),
        onFollow: () =>
          rememberWalk({
            label: "Alerts",
            path,
            customerIds: rows.map((row) => row.customer.customer_id),
          }),
        className: "font-strong",
      }}
      empty={
        <Empty title="No alert matches">Choose another severity, reason, state or stake.</Empty>
      }
      grid="-mx-2 grid gap-x-4 px-2 lg:grid-cols-[5.5rem_minmax(10rem,2fr)_minmax(0,4fr)_6rem]"
      headClassName="max-lg:sr-only"
      bodyClassName="max-lg:border-t"
      rowClassName="min-h-11 grid-cols-[1fr_auto] items-start border-b py-1"
    />
  );
}
