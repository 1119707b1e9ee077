import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { getDashboardSummaryOptions } from "@/client/@tanstack/react-query.gen";
import type { Measure, Summary } from "@/client/types.gen";
import { BarList } from "@/shared/chart/bar-list";
import { Bridge } from "@/shared/chart/bridge";
import { LineChart } from "@/shared/chart/line-chart";
import { Sparkline } from "@/shared/chart/sparkline";
import { StackedShares } from "@/shared/chart/stacked-shares";
import { formatDate, formatMonth } from "@/shared/format/date";
import { metricText } from "@/shared/format/metric";
import {
  formatCount,
  formatMoney,
  formatPercent,
  formatScore,
  plural,
} from "@/shared/format/number";
import { customerPath } from "@/shared/navigation/paths";
import { rememberWalk } from "@/shared/navigation/walk";
import { Button } from "@/shared/ui/button";
import { CsvButton } from "@/shared/ui/csv-button";
import { Select } from "@/shared/ui/field";
import { PageHeading, Section } from "@/shared/ui/section";
import { Empty, Loaded, Skeleton, SkeletonLines } from "@/shared/ui/state";
import { Status, toneOf } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { Delta, Value } from "@/shared/ui/value";
import { sumMovement } from "./movement";

export function ExecutivePage() {
  const summary = useQuery(getDashboardSummaryOptions());
  return (
    <Loaded query={summary} loading={<Loading />}>
      {(data) => <Report summary={data} />}
    </Loaded>
  );
}

/** Who is not among the customers that are counted. */
function besides({ by_stage }: Summary): string {
  const count = (stage: string) => by_stage.find((share) => share.name === stage)?.customers ?? 0;
  const [leaving, former, prospects] = [count("leaving"), count("former"), count("prospect")];
  return [
    leaving > 0 && `. Leaving: ${leaving}`,
    former + prospects > 0 &&
      `. Not counted: ${plural(former, "former customer")}, ${plural(prospects, "prospect")}`,
  ]
    .filter(Boolean)
    .join("");
}

function Report({ summary }: { summary: Summary }) {
  const months = summary.trend.map((point, index) =>
    index === summary.trend.length - 1 ? "Now" : formatMonth(point.as_of),
  );
  return (
    <>
      <PageHeading
        title="Executive summary"
        actions={
          <Button onClick={() => window.print()}>
            <Printer aria-hidden className="size-4" /> Print
          </Button>
        }
      >
        As of {formatDate(summary.as_of)}
        {summary.previous_as_of && `, changes since ${formatDate(summary.previous_as_of)}`}
        {besides(summary)}
      </PageHeading>
      <Kpis summary={summary} />
      <div className="grid gap-x-10 gap-y-7 lg:grid-cols-2 print:grid-cols-2">
        <MovementBridge summary={summary} />
        <StackedShares
          title="Health of customers over time"
          hint="Share of customers"
          xName="Month"
          x={months}
          layers={[
            {
              name: "Healthy",
              color: "var(--color-good)",
              values: summary.trend.map((point) => point.healthy),
            },
            {
              name: "At-Risk",
              color: "var(--color-warn)",
              values: summary.trend.map((point) => point.at_risk),
            },
            {
              name: "Critical",
              color: "var(--color-bad)",
              values: summary.trend.map((point) => point.critical),
            },
            {
              name: "Unknown",
              color: "var(--color-line-strong)",
              values: summary.trend.map((point) => point.unknown),
            },
          ]}
        />
        <TopRisks summary={summary} />
        <div className="flex flex-col gap-7">
          <LineChart
            title="MRR over time"
            hint="At each month end"
            xName="Month"
            x={months}
            series={[
              {
                name: "MRR",
                color: "var(--color-soft)",
                values: summary.trend.map((point) => point.mrr_usd),
              },
            ]}
            format={formatMoney}
            axis="US dollars a month"
            height={150}
          />
          <Breakdown title="MRR by region" shares={summary.by_region} />
        </div>
        <LineChart
          title="Concentration of revenue"
          hint="How much the largest customers bring together"
          xName="Largest customers"
          x={summary.concentration.map((point) => formatCount(point.customers))}
          series={[
            {
              name: "Share of revenue",
              color: "var(--color-soft)",
              values: summary.concentration.map((point) => point.revenue_share),
            },
          ]}
          format={formatPercent}
          axis="share of annual revenue, by number of customers"
          domain={[0, 1]}
          height={150}
        />
        <div className="grid gap-x-10 gap-y-7 sm:grid-cols-2">
          <Breakdown title="MRR by churn risk" shares={summary.by_churn} status />
          <Actions summary={summary} />
        </div>
      </div>
    </>
  );
}

/** The numbers of the summary line, in their order. */
const SHOWN = ["mrr_usd", "arr_usd", "nrr", "grr", "customers", "revenue_at_risk_usd"];
const BETTER: Record<string, "up" | "down"> = { revenue_at_risk_usd: "down" };

function Kpis({ summary }: { summary: Summary }) {
  const histories: Record<string, (number | null)[]> = {
    mrr_usd: summary.trend.map((point) => point.mrr_usd),
    nrr: summary.trend.map((point) => point.nrr),
    grr: summary.trend.map((point) => point.grr),
    customers: summary.trend.map((point) => point.customers),
    revenue_at_risk_usd: summary.trend.map((point) => point.revenue_at_risk_usd),
  };
  return (
    <dl className="mb-7 grid grid-cols-2 border-t border-l sm:grid-cols-3 xl:grid-cols-6 print:grid-cols-6">
      {SHOWN.map((metric) => {
        const kpi = summary.kpis.find((one) => one.metric === metric);
        return kpi && <KpiCell key={metric} kpi={kpi} history={histories[metric]} />;
      })}
    </dl>
  );
}

function KpiCell({ kpi, history }: { kpi: Measure; history: (number | null)[] | undefined }) {
  const text = metricText(kpi.metric);
  const change =
    kpi.value !== null && kpi.previous_value !== null ? kpi.value - kpi.previous_value : null;
  return (
    <div className="flex min-w-0 flex-col justify-between border-r border-b bg-surface px-3 py-2.5">
      <dt className="truncate text-muted text-xs" data-tip={text.definition}>
        {text.label}
      </dt>
      <dd className="flex items-end justify-between gap-2">
        <span className="text-lg font-strong">
          <Value value={kpi.value} unit={text.unit} missing="It takes 12 months of history" />
        </span>
        {history && <Sparkline values={history} label={`${text.label} over time`} />}
      </dd>
      <dd className="flex h-4 items-center text-xs">
        <Delta
          change={change}
          unit={text.unit}
          since={kpi.previous_as_of}
          better={BETTER[kpi.metric] ?? "up"}
        />
      </dd>
    </div>
  );
}

const PERIODS = [
  { value: "1", label: "Last month" },
  { value: "3", label: "Last 3 months" },
  { value: "12", label: "Last 12 months" },
];

function MovementBridge({ summary }: { summary: Summary }) {
  const [period, setPeriod] = useState("12");
  const total = sumMovement(summary.movement, Number(period));
  if (!total) {
    return (
      <Section title="What moved MRR">
        <Empty title="There is no full month yet" />
      </Section>
    );
  }
  return (
    <Bridge
      title="What moved MRR"
      hint={
        <span className="inline-flex items-center gap-2">
          <span className="print:hidden">
            <Select label="Period" value={period} options={PERIODS} onChange={setPeriod} />
          </span>
          {formatMonth(total.from)} to {formatMonth(total.to)}
        </span>
      }
      steps={[
        { name: "Opening", value: total.opening, total: true },
        { name: "New", value: total.added },
        { name: "Expansion", value: total.expansion },
        { name: "Contraction", value: -total.contraction },
        { name: "Churned", value: -total.churned },
        { name: "Closing", value: total.closing, total: true },
      ]}
      format={formatMoney}
    />
  );
}

const RISK_COLUMNS: Column<Summary["top_risks"][number]>[] = [
  { name: "Customer", cell: (customer) => customer.customer_name },
  {
    name: "Owner",
    cell: (customer) => customer.owner_name,
    // On a wide screen and on paper; elsewhere the names need the room.
    className: "w-28 whitespace-nowrap pl-4 max-2xl:hidden print:table-cell",
    cellClassName: "text-muted",
  },
  {
    name: "ARR",
    numeric: true,
    cell: (customer) => <Value value={customer.arr_usd} unit="money" />,
    className: "w-16",
  },
  {
    name: "Churn risk",
    cell: (customer) => (
      <span className="inline-flex gap-2">
        {customer.churn_risk_score !== null && formatScore(customer.churn_risk_score)}
        <Status word={customer.churn_risk_level} />
      </span>
    ),
    className: "w-30 pl-4",
  },
  {
    name: "Contract",
    numeric: true,
    cell: (customer) => (
      <Value
        value={customer.days_to_expiry}
        unit="expiry"
        missing="No contract, or one without an end"
      />
    ),
    className: "w-32 pl-4 max-sm:hidden",
  },
];

function TopRisks({ summary }: { summary: Summary }) {
  const remember = () =>
    rememberWalk({
      label: "Top risks",
      path: "/executive",
      customerIds: summary.top_risks.map((customer) => customer.customer_id),
    });
  return (
    <Section
      title="Ten customers with the most at risk"
      hint="By ARR × churn risk"
      actions={
        <CsvButton
          name="Customers with the most at risk"
          columns={[
            "customer_id",
            "customer_name",
            "owner_name",
            "arr_usd",
            "churn_risk_score",
            "churn_risk_level",
            "days_to_expiry",
          ]}
          rows={summary.top_risks.map((customer) => [
            customer.customer_id,
            customer.customer_name,
            customer.owner_name,
            customer.arr_usd,
            customer.churn_risk_score,
            customer.churn_risk_level,
            customer.days_to_expiry,
          ])}
        />
      }
    >
      <Table
        caption="Ten customers with the most at risk"
        columns={RISK_COLUMNS}
        rows={summary.top_risks}
        rowKey={(customer) => customer.customer_id}
        link={{
          to: (customer) => customerPath(customer.customer_id),
          onFollow: remember,
          className: "text-accent",
        }}
        empty={<Empty title="No customer has both ARR and a churn risk" />}
        spacing=""
        className="w-full"
      />
    </Section>
  );
}

function Breakdown({
  title,
  shares,
  status = false,
}: {
  title: string;
  shares: Summary["by_region"];
  status?: boolean;
}) {
  return (
    <Section
      title={title}
      hint="MRR, customers"
      actions={
        <CsvButton
          name={title}
          columns={["name", "mrr_usd", "customers"]}
          rows={shares.map((share) => [share.name, share.mrr_usd, share.customers])}
        />
      }
    >
      <BarList
        bars={shares.map((share) => ({
          key: share.name,
          label: share.name,
          value: share.mrr_usd ?? 0,
          text: `${formatMoney(share.mrr_usd ?? 0)} · ${formatCount(share.customers)}`,
          ...(status ? { tone: toneOf(share.name) } : {}),
        }))}
      />
    </Section>
  );
}

function Actions({ summary }: { summary: Summary }) {
  const totals = summary.recommendations;
  const rows: [string, number, number | null, string][] = [
    ["Open", totals.open, totals.estimated_open_usd, "estimated"],
    ["Executed", totals.executed, totals.estimated_executed_usd, "estimated"],
    ["Executed", totals.executed, totals.observed_executed_usd, "observed"],
  ];
  return (
    <Section title="Recommendations">
      <dl className="grid grid-cols-[1fr_auto_auto] gap-x-3 gap-y-1">
        {rows.map(([name, count, amount, kind]) => (
          <div key={`${name} ${kind}`} className="contents">
            <dt>
              {name} <span className="text-muted text-xs">{kind}</span>
            </dt>
            <dd className="text-right">{formatCount(count)}</dd>
            <dd className="text-right">
              <Value value={amount} unit="money" missing="Nothing has been observed yet" />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-muted text-xs">What was observed is not claimed to be the effect.</p>
      <p className="mt-3 flex flex-wrap gap-x-4 border-t pt-2">
        {summary.alerts.map((alert) => (
          <span key={alert.severity} className="inline-flex gap-1.5">
            <Status word={alert.severity} /> {formatCount(alert.count)} alerts
          </span>
        ))}
      </p>
    </Section>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the summary">
      <Skeleton className="mb-5 h-8 w-64" />
      <Skeleton className="mb-7 h-24" />
      <div className="grid gap-10 lg:grid-cols-2">
        <SkeletonLines count={8} />
        <SkeletonLines count={8} />
      </div>
    </div>
  );
}
