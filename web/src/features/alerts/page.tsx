import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { listAlertsInfiniteOptions } from "@/client/@tanstack/react-query.gen";
import { listAlerts } from "@/client/sdk.gen";
import type { Alert } from "@/client/types.gen";
import { AlertButtons, AlertState } from "@/shared/alert/alert-list";
import type { CellField } from "@/shared/csv";
import { plural } from "@/shared/format/number";
import { formatSentence } from "@/shared/format/sentence";
import { useListKeys } from "@/shared/hooks/use-list-keys";
import { customerPath } from "@/shared/navigation/paths";
import { rememberWalk } from "@/shared/navigation/walk";
import { Button } from "@/shared/ui/button";
import { ColumnNames } from "@/shared/ui/column-names";
import { CsvOfPages } from "@/shared/ui/csv-of-pages";
import { cx } from "@/shared/ui/cx";
import { Select } from "@/shared/ui/field";
import { PageHeading } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
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
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty title="No alert matches">Choose another severity, reason or state.</Empty>
          ) : (
            <AlertTable alerts={items} path={`/alerts?${address}`} />
          );
        }}
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

/** The places of a row where they stand side by side, under their names. */
const ROW =
  "-mx-2 grid gap-x-4 lg:grid-cols-[5.5rem_minmax(10rem,2fr)_minmax(0,3fr)_6rem_5.5rem_4.5rem]";

function AlertTable({ alerts, path }: { alerts: Alert[]; path: string }) {
  const navigate = useNavigate();
  const remember = () =>
    rememberWalk({
      label: "Alerts",
      path,
      customerIds: [...new Set(alerts.map((alert) => alert.customer_id))],
    });
  const { current, itemRef } = useListKeys(alerts, (alert) => {
    remember();
    void navigate(customerPath(alert.customer_id));
  });
  return (
    <>
      <ColumnNames
        names={["Severity", "Customer", "Alert", "MRR", "Since"]}
        numeric="MRR"
        className={cx(ROW, "px-2 max-lg:hidden")}
      />
      <ul className="max-lg:border-t">
        {alerts.map((alert, index) => (
          <li
            key={alert.alert_id}
            ref={itemRef(index)}
            aria-current={index === current || undefined}
            className={cx(
              ROW,
              "min-h-11 grid-cols-[1fr_auto] items-center border-b px-2 py-1.5",
              index === current && "bg-accent-soft",
            )}
          >
            <Status word={alert.severity} />
            <span className="min-w-0 max-lg:order-first">
              <Link
                to={customerPath(alert.customer_id)}
                onClick={remember}
                className="font-strong hover:underline"
              >
                {alert.customer_name}
              </Link>
            </span>
            <span className="min-w-0 text-soft max-lg:col-span-2">
              {formatSentence(alert.message)}
              <span className="block text-xs empty:hidden">
                <AlertState alert={alert} />
              </span>
            </span>
            <span className="text-right max-lg:hidden" data-tip="MRR">
              <Value value={alert.mrr_usd} unit="money" missing="No service is active" />
            </span>
            <span className="text-muted" data-tip="Open since">
              <span className="lg:hidden">since </span>
              <DateText date={alert.opened_on} />
            </span>
            <AlertButtons alert={alert} />
          </li>
        ))}
      </ul>
    </>
  );
}
