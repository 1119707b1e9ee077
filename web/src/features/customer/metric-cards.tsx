import type { HistoryPoint, Measure } from "@/client/types.gen";
import { Sparkline } from "@/shared/chart/sparkline";
import { metricText } from "@/shared/format/metric";
import { formatNumber } from "@/shared/format/number";
import { Delta, Value } from "@/shared/ui/value";

interface Card {
  metric: string;
  better?: "up" | "down";
  history?: (point: HistoryPoint) => number | null;
  missing: string;
}

const CARDS: Card[] = [
  {
    metric: "mrr_usd",
    better: "up",
    history: (point) => point.mrr_usd,
    missing: "No service is active",
  },
  { metric: "arr_usd", better: "up", missing: "No service is active" },
  {
    metric: "annual_revenue_usd",
    better: "up",
    history: (point) => point.annual_revenue_usd,
    missing: "No invoice in the last 12 months",
  },
  { metric: "yoy_growth", better: "up", missing: "No revenue in the year before to compare with" },
  { metric: "clv_usd", missing: "Never invoiced" },
  { metric: "active_services", better: "up", missing: "No services on record" },
  { metric: "win_rate", better: "up", missing: "No opportunity closed in 24 months" },
  { metric: "days_to_expiry", missing: "No contract, or one without an end" },
  { metric: "overdue_amount_usd", better: "down", missing: "Never invoiced" },
  { metric: "disputed_amount_usd", better: "down", missing: "Never invoiced" },
];

/** The numbers one asks for first: value, change and shape. */
export function MetricCards({
  metrics,
  history,
}: {
  metrics: Measure[];
  history: HistoryPoint[] | undefined;
}) {
  const byName = new Map(metrics.map((measure) => [measure.metric, measure]));
  return (
    <dl className="mb-7 grid grid-cols-2 border-t border-l lg:grid-cols-5 2xl:grid-cols-10">
      {CARDS.map((card) => {
        const measure = byName.get(card.metric);
        const text = metricText(card.metric);
        const value = measure?.value ?? null;
        const before = measure?.previous_value ?? null;
        return (
          <div
            key={card.metric}
            className="flex min-w-0 flex-col justify-between border-r border-b bg-surface px-3 py-2.5"
          >
            <dt className="truncate text-muted text-xs" data-tip={text.definition}>
              {text.label}
            </dt>
            <dd className="flex items-end justify-between gap-2">
              <span className="text-lg font-strong">
                <Value value={value} unit={text.unit} missing={card.missing} />
              </span>
              {card.history && history && (
                <Sparkline
                  values={history.map(card.history)}
                  label={`${text.label} over the last two years`}
                />
              )}
            </dd>
            <dd className="flex h-4 items-center text-xs">
              {card.metric === "overdue_amount_usd" ? (
                <OverdueShare measure={byName.get("overdue_share")} />
              ) : card.metric === "days_to_expiry" ? null : (
                <Delta
                  change={value !== null && before !== null ? value - before : null}
                  unit={text.unit}
                  since={measure?.previous_as_of ?? null}
                  better={card.better}
                />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** What makes weeks of delay a crisis or a rounding difference. */
function OverdueShare({ measure }: { measure: Measure | undefined }) {
  if (!measure?.value) return null;
  return (
    <span className="text-soft" data-tip={metricText("overdue_share").definition}>
      {formatNumber(measure.value)} months of charges
    </span>
  );
}
