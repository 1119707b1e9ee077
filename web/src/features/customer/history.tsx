import type { HistoryPoint } from "@/client/types.gen";
import { LineChart, type Mark } from "@/shared/chart/line-chart";
import { formatMonth } from "@/shared/format/date";
import { formatCount, formatScore } from "@/shared/format/number";
import { Section } from "@/shared/ui/section";
import { Empty } from "@/shared/ui/state";

/** Where the health category or the churn level is another than at the date before. */
export function levelChanges(history: HistoryPoint[]): Mark[] {
  return history.flatMap((point, at) => {
    const before = history[at - 1];
    if (!before) return [];
    const changes = [
      before.health_category !== point.health_category &&
        `Health: ${before.health_category} to ${point.health_category}`,
      before.churn_risk_level !== point.churn_risk_level &&
        `Churn risk: ${before.churn_risk_level} to ${point.churn_risk_level}`,
    ].filter((text) => text !== false);
    return changes.map((label) => ({ at, label }));
  });
}

/** Both scores over the scored dates, with the days they changed their level. */
export function History({ history }: { history: HistoryPoint[] }) {
  const known = history.filter(
    (point) => point.health_score !== null || point.churn_risk_score !== null,
  );
  if (known.length < 2) {
    return (
      <Section title="History of both scores">
        <Empty title="There is no history yet">It needs two scored month ends.</Empty>
      </Section>
    );
  }
  return (
    <LineChart
      title="History of both scores"
      hint="At each month end; dotted lines mark a change of level"
      xName="Month"
      x={history.map((point, index) =>
        index === history.length - 1 ? "Now" : formatMonth(point.as_of),
      )}
      series={[
        {
          name: "Health",
          color: "var(--color-good)",
          values: history.map((point) => point.health_score),
        },
        {
          name: "Churn risk",
          color: "var(--color-bad)",
          values: history.map((point) => point.churn_risk_score),
          dashed: true,
        },
      ]}
      format={formatScore}
      formatTick={formatCount}
      axis="points, 0 to 100"
      domain={[0, 100]}
      marks={levelChanges(history)}
    />
  );
}
