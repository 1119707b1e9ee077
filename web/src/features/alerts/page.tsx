import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { listAlertsInfiniteOptions } from "@/client/@tanstack/react-query.gen";
import { listAlerts } from "@/client/sdk.gen";
import type { Alert } from "@/client/types.gen";
import { AlertButtons, AlertState } from "@/shared/alert/alert-list";
import type { CellField } from "@/shared/csv";
import { plural } from "@/shared/format/number";
import { formatSentence } from "@/shared/format/sentence";
import { customerPath } from "@/shared/navigation/paths";
import { rememberWalk } from "@/shared/navigation/walk";
import { Button } from "@/shared/ui/button";
import { CsvOfPages } from "@/shared/ui/csv-of-pages";
import { Select } from "@/shared/ui/field";
import { PageHeading } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { DateText, Value } from "@/shared/ui/value";

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

const COLUMNS: CellField<Alert>[] = [
  "customer_id",
  "customer_name",
  "alert_code",
  "severity",
  "message",
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
  const filters = {
    ...(severity ? { severity } : {}),
    ...(state ? { state } : {}),
    ...(code ? { code } : {}),
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
          {total === undefined ? "One per customer and reason" : plural(total, "alert")}
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

const ALERT_COLUMNS: Column<Alert>[] = [
  {
    name: "Severity",
    cell: (alert) => <Status word={alert.severity} />,
    cellClassName: "flex",
  },
  {
    name: "Customer",
    cell: (alert) => alert.customer_name,
    className: "min-w-0",
    cellClassName: "max-lg:order-first",
  },
  {
    name: "Alert",
    cell: (alert) => (
      <>
        {formatSentence(alert.message)}
        <span className="block text-xs empty:hidden">
          <AlertState alert={alert} />
        </span>
      </>
    ),
    className: "min-w-0",
    cellClassName: "text-soft max-lg:col-span-2",
  },
  {
    name: "MRR",
    numeric: true,
    cell: (alert) => (
      <span data-tip="MRR">
        <Value value={alert.mrr_usd} unit="money" missing="No service is active" />
      </span>
    ),
    className: "max-lg:hidden",
  },
  {
    name: "Since",
    cell: (alert) => (
      <span data-tip="Open since">
        <span className="lg:hidden">since </span>
        <DateText date={alert.opened_on} />
      </span>
    ),
    cellClassName: "text-muted",
  },
  {
    name: "Acknowledge or snooze",
    nameHidden: true,
    cell: (alert) => <AlertButtons alert={alert} />,
  },
];

function AlertTable({ alerts, path }: { alerts: Alert[]; path: string }) {
  return (
    <Table
      caption="Alerts"
      columns={ALERT_COLUMNS}
      rows={alerts}
      rowKey={(alert) => alert.alert_id}
      rowHeader="Customer"
      link={{
        to: (alert) => customerPath(alert.customer_id),
        onFollow: () =>
          rememberWalk({
            label: "Alerts",
            path,
            customerIds: [...new Set(alerts.map((alert) => alert.customer_id))],
          }),
        className: "font-strong",
      }}
      empty={<Empty title="No alert matches">Choose another severity, reason or state.</Empty>}
      grid="-mx-2 grid gap-x-4 px-2 lg:grid-cols-[5.5rem_minmax(10rem,2fr)_minmax(0,3fr)_6rem_5.5rem_4.5rem]"
      headClassName="max-lg:sr-only"
      bodyClassName="max-lg:border-t"
      rowClassName="min-h-11 grid-cols-[1fr_auto] items-center border-b py-1.5"
    />
  );
}
