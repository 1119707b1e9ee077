import { useState } from "react";
import type { Backtest as BacktestAnswer, Horizon, Interval } from "@/client/types.gen";
import { LineChart } from "@/shared/chart/line-chart";
import type { Cell } from "@/shared/csv";
import { formatCount, formatNumber, formatPercent, plural } from "@/shared/format/number";
import { CsvButton } from "@/shared/ui/csv-button";
import { Select } from "@/shared/ui/field";
import { Section } from "@/shared/ui/section";
import { Empty } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { type Column, Table } from "@/shared/ui/table";
import { Value } from "@/shared/ui/value";

/** How the churn score did on what really happened. */
export function Backtest({ backtest }: { backtest: BacktestAnswer }) {
  const [days, setDays] = useState("180");
  const horizon =
    backtest.horizons.find((one) => String(one.horizon_days) === days) ?? backtest.horizons[0];
  if (!horizon) {
    return (
      <Section title="Does the churn score foretell who leaves?" className="mt-9">
        <Empty title="Not enough outcomes yet">
          It takes month ends with a full horizon behind them.
        </Empty>
      </Section>
    );
  }
  return (
    <Section
      title="Does the churn score foretell who leaves?"
      hint={`${plural(horizon.months, "month end")}, ${formatCount(horizon.customers)} customers seen, ${formatCount(horizon.churned)} left`}
      className="mt-9"
      actions={
        <>
          <Select
            label="Horizon"
            value={String(horizon.horizon_days)}
            options={backtest.horizons.map((one) => ({
              value: String(one.horizon_days),
              label: `Within ${one.horizon_days} days`,
            }))}
            onChange={setDays}
          />
          {horizon.enough && (
            <CsvButton
              name={`Backtest within ${horizon.horizon_days} days`}
              columns={["measure", "value", "low", "high"]}
              rows={backtestRows(horizon)}
            />
          )}
        </>
      }
    >
      {horizon.enough ? (
        <Graded horizon={horizon} />
      ) : (
        <Empty title="Not enough outcomes yet">
          {plural(horizon.churned, "customer")} left within {horizon.horizon_days} days; it takes 20
          to say anything.
        </Empty>
      )}
    </Section>
  );
}

/** Everything that was measured, each with its 95 % interval. */
function backtestRows(horizon: Horizon): Cell[][] {
  const intervals: [string, Interval][] = [
    ["auc", horizon.auc],
    ["average_precision", horizon.average_precision],
    ["lift_top_decile", horizon.lift_top_decile],
    ["churned_revenue_in_top_decile", horizon.churned_revenue_in_top_decile],
    ...horizon.by_level.map((one): [string, Interval] => [`share_left_${one.level}`, one.share]),
  ];
  return [
    ["base_rate", horizon.base_rate, null, null],
    ...intervals.map(([name, { value, low, high }]) => [name, value, low, high]),
  ];
}

function ofHundred(share: number): string {
  return formatNumber(Math.round(share * 1000) / 10);
}

/**
 * The group that a reader should know about: customers marked HIGH, or the riskiest tenth where too
 * few were ever marked HIGH for an interval.
 */
function markedGroup(horizon: Horizon): { name: string; share: number } | null {
  const high = horizon.by_level.find((one) => one.level === "HIGH")?.share;
  if (high && high.value !== null && high.low !== high.high) {
    return { name: "marked HIGH", share: high.value };
  }
  const tenth = horizon.calibration.at(-1);
  if (!tenth || tenth.observed_share === null) return null;
  return { name: "in the tenth with the highest scores", share: tenth.observed_share };
}

const LEVEL_COLUMNS: Column<Horizon["by_level"][number]>[] = [
  { name: "Level", cell: (level) => <Status word={level.level} /> },
  {
    name: "Left",
    numeric: true,
    cell: (level) => (
      <Value value={level.share.value} unit="percent" missing="Nobody had this level" />
    ),
  },
  {
    name: "95 % interval",
    numeric: true,
    cell: ({ share: { low, high } }) => {
      if (low === null || high === null) return null;
      return low === high ? "too few to tell" : `${formatPercent(low)} to ${formatPercent(high)}`;
    },
    cellClassName: "text-muted",
  },
];

function Graded({ horizon }: { horizon: Horizon }) {
  const marked = markedGroup(horizon);
  return (
    <div className="grid gap-x-10 gap-y-7 pt-2 lg:grid-cols-2">
      <div>
        {marked && horizon.base_rate !== null && (
          <p className="mb-4 text-base">
            Of 100 customers {marked.name}, <strong>{ofHundred(marked.share)}</strong> left within{" "}
            {horizon.horizon_days} days; overall <strong>{ofHundred(horizon.base_rate)}</strong> of
            100 do.
          </p>
        )}
        <dl className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-x-6 gap-y-2">
          <Quality
            name="AUC"
            words={(value) =>
              `Of one customer who left and one who stayed, the score put the right one higher ${ofHundred(value)} times of 100; a coin does 50.`
            }
            interval={horizon.auc}
          />
          <Quality
            name="Average precision"
            words={() =>
              horizon.base_rate === null
                ? "Precision over all thresholds."
                : `Precision over all thresholds; guessing gives ${formatNumber(horizon.base_rate)}.`
            }
            interval={horizon.average_precision}
          />
          <Quality
            name="Lift in the top tenth"
            words={(value) =>
              `The tenth with the highest scores left ${formatNumber(value)} times as often as customers do overall.`
            }
            interval={horizon.lift_top_decile}
            times
          />
          <Quality
            name="Lost MRR in the top tenth"
            words={(value) =>
              `Of the MRR that left, the tenth with the highest scores held ${formatPercent(value)}.`
            }
            interval={horizon.churned_revenue_in_top_decile}
            percent
          />
        </dl>
        <Table
          caption="Share that left, by level"
          columns={LEVEL_COLUMNS}
          rows={horizon.by_level}
          rowKey={(level) => level.level}
          spacing=""
          className="mt-4 w-full"
        />
      </div>
      <LineChart
        title="Calibration"
        hint="Share that left, by tenth of the score"
        xName="Tenth"
        x={horizon.calibration.map((point) => String(point.decile))}
        series={[
          {
            name: "Left",
            color: "var(--color-bad)",
            values: horizon.calibration.map((point) => point.observed_share),
          },
          {
            name: "Overall",
            color: "var(--color-line-strong)",
            dashed: true,
            values: horizon.calibration.map(() => horizon.base_rate),
          },
        ]}
        format={formatPercent}
        axis="share of customers, from the least to the most at risk"
      />
    </div>
  );
}

function Quality({
  name,
  words,
  interval,
  percent = false,
  times = false,
}: {
  name: string;
  /** What the value means, in a sentence. */
  words: (value: number) => string;
  interval: Interval;
  percent?: boolean;
  times?: boolean;
}) {
  const write = (value: number) =>
    percent ? formatPercent(value) : `${formatNumber(value)}${times ? "×" : ""}`;
  return (
    <div className="contents">
      <dt>
        {name}
        {interval.value !== null && (
          <span className="block text-muted text-xs">{words(interval.value)}</span>
        )}
      </dt>
      <dd className="text-right font-strong">
        {interval.value === null ? "\u2014" : write(interval.value)}
      </dd>
      <dd className="text-muted" data-tip="95 % interval by bootstrap">
        {interval.low !== null &&
          interval.high !== null &&
          `${write(interval.low)} to ${write(interval.high)}`}
      </dd>
    </div>
  );
}
