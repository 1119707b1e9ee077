import type { ReactNode } from "react";
import type { PortfolioColumns } from "@/client/types.gen";
import { Sparkline } from "@/shared/chart/sparkline";
import { metricText } from "@/shared/format/metric";
import { formatStage, type LifecycleStage } from "@/shared/format/stage";
import type { Unit } from "@/shared/format/unit";
import { Status } from "@/shared/ui/status";
import { Delta, Value } from "@/shared/ui/value";
import { categoryColumn, numberColumn, type TableData, textColumn } from "./table-data";
import type { Stage } from "./view";

/** What stands for the category of a customer that is not scored at its stage. */
const NOT_SCORED = "Not scored";

export interface ColumnChoice {
  name: string;
  label: string;
  /** CSS grid width. */
  width: string;
  /** Numbers sort greatest first, words from A. */
  numeric: boolean;
  /** Numbers stand at the right end, but a score leads its own small row. */
  atEnd: boolean;
  render: (data: TableData, row: number) => ReactNode;
}

export function textAt(data: TableData, name: string, row: number): string | null {
  const column = data.columns.get(name);
  if (column?.kind === "text") return column.values[row] ?? null;
  if (column?.kind === "category") return column.names[column.codes[row] ?? 0] ?? null;
  return null;
}

export function numberAt(data: TableData, name: string, row: number): number | null {
  const column = data.columns.get(name);
  if (column?.kind !== "number") return null;
  const value = column.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

function text(name: string, label: string, width: string): ColumnChoice {
  return {
    name,
    label,
    width,
    numeric: false,
    atEnd: false,
    render: (data, row) => {
      const value = textAt(data, name, row) ?? "";
      return (
        <span className="truncate" title={value}>
          {value}
        </span>
      );
    },
  };
}

function number(
  name: string,
  width: string,
  label = metricText(name).label,
  unit: Unit = metricText(name).unit,
): ColumnChoice {
  return {
    name,
    label,
    width,
    numeric: true,
    atEnd: true,
    render: (data, row) => <Value value={numberAt(data, name, row)} unit={unit} />,
  };
}

function scored(
  name: string,
  labelColumn: string,
  better: "up" | "down",
  asOf: string,
  label: string,
): ColumnChoice {
  return {
    name,
    label,
    // Set by the table from its own width: in a narrow one the change gives way.
    width: "var(--scored)",
    numeric: true,
    atEnd: false,
    render: (data, row) => (
      <span className="flex w-full items-center gap-1.5 *:first:w-9 *:first:shrink-0">
        <span className="text-right">
          <Value
            value={numberAt(data, name, row)}
            unit="score"
            missing={
              textAt(data, labelColumn, row) === NOT_SCORED
                ? "Prospects and former customers are not scored"
                : "Less than half of the score is covered"
            }
          />
        </span>
        <span className="flex w-12 shrink-0 items-center @max-[64rem]:hidden">
          <Delta
            change={numberAt(data, `${name}_change`, row)}
            unit="score"
            since={asOf}
            better={better}
            short
          />
        </span>
        <span className="flex items-center text-xs">
          <Status word={textAt(data, labelColumn, row)} />
        </span>
      </span>
    ),
  };
}

/** Every column the table can show, in the order of the chooser. */
export function columnChoices(
  previousAsOf: string,
  histories: PortfolioColumns["health_history"],
): ColumnChoice[] {
  return [
    {
      ...text("customer_name", "Customer", "minmax(8.5rem,1fr)"),
      // A long name takes all lines of its row instead of losing its end.
      render: (data, row) => {
        const name = textAt(data, "customer_name", row) ?? "";
        return (
          <span className="line-clamp-2 leading-4 @max-[30rem]:line-clamp-3" title={name}>
            {name}
          </span>
        );
      },
    },
    scored("health_score", "health_category", "up", previousAsOf, "Health"),
    {
      name: "health_history",
      label: "Health, 2 years",
      width: "6rem",
      numeric: true,
      atEnd: true,
      render: (data, row) => (
        <Sparkline
          values={histories[row] ?? []}
          label={`Health of ${textAt(data, "customer_name", row)} over two years`}
        />
      ),
    },
    scored("churn_risk_score", "churn_risk_level", "down", previousAsOf, "Churn risk"),
    {
      ...text("lifecycle_stage", "Stage", "11rem"),
      render: (data, row) => (
        <span className="truncate">
          {formatStage(
            (textAt(data, "lifecycle_stage", row) ?? "active") as LifecycleStage,
            textAt(data, "left_on", row),
            textAt(data, "leaves_on", row),
          )}
        </span>
      ),
    },
    number("mrr_usd", "5.5rem"),
    number("arr_usd", "4.5rem"),
    number("annual_revenue_usd", "7rem"),
    number("yoy_growth", "6rem", "Growth"),
    number("active_services", "5.5rem"),
    number("days_to_expiry", "7.5rem", "Contract"),
    number("max_days_overdue", "6.5rem", "Overdue"),
    number("usage_change_90d", "6.5rem", "Usage"),
    number("days_since_last_contact", "6.5rem"),
    number("open_alerts", "3.5rem", "Alerts", "count"),
    text("region", "Region", "6rem"),
    text("segment", "Segment", "7rem"),
    text("owner_name", "Owner", "6.5rem"),
    text("country_code", "Country", "5rem"),
    text("customer_kind", "Kind", "5.5rem"),
  ];
}

/** The columns shown until others are chosen, each from the width (rem) that leaves the names room. */
const DEFAULT_COLUMNS: Record<string, number> = {
  customer_name: 0,
  health_score: 0,
  churn_risk_score: 30,
  arr_usd: 0,
  days_to_expiry: 42,
  open_alerts: 46,
  owner_name: 53,
};

/** Where not all that are shown are scored, the stage says more than the score. */
const UNSCORED_COLUMNS: Record<string, number> = {
  customer_name: 0,
  lifecycle_stage: 0,
  health_score: 53,
  annual_revenue_usd: 30,
  max_days_overdue: 42,
  open_alerts: 46,
  owner_name: 36,
};

/** What a table of so many rem shows of the default columns. */
export function defaultColumns(rem: number, stage: Stage): string[] {
  const widths =
    stage === "former" || stage === "prospect" || stage === "all"
      ? UNSCORED_COLUMNS
      : { ...DEFAULT_COLUMNS, ...(stage === "leaving" ? { lifecycle_stage: 36 } : {}) };
  return Object.keys(widths).filter((name) => (widths[name] ?? 0) <= rem);
}

const CATEGORIES: Record<string, string> = {
  customer_kind: "Unknown",
  region: "No region",
  segment: "No segment",
  country_code: "No country",
  owner_name: "Nobody",
  lifecycle_stage: "active",
  health_category: NOT_SCORED,
  churn_risk_level: NOT_SCORED,
};
const TEXTS = ["customer_id", "customer_name", "left_on", "leaves_on"] as const;

/** The service's columns in the form that filters and sorts quickly. */
export function toTableData(rowCount: number, columns: PortfolioColumns): TableData {
  const built = new Map<
    string,
    TableData["columns"] extends ReadonlyMap<string, infer C> ? C : never
  >();
  for (const name of TEXTS) built.set(name, textColumn(columns[name]));
  for (const [name, values] of Object.entries(columns)) {
    if (built.has(name) || name === "health_history") continue;
    const unknown = CATEGORIES[name];
    if (unknown === undefined) built.set(name, numberColumn(values as (number | null)[]));
    else built.set(name, categoryColumn(values as (string | null)[], unknown));
  }
  return { rowCount, columns: built };
}
