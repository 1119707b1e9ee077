import type { HistoryPoint } from "@/client/types.gen";
import { LineChart, type Mark } from "@/shared/chart/line-chart";
import { formatMonth } from "@/shared/format/date";
import { formatCount, formatScore } from "@/shared/format/number";
import { Section } from "@/shared/ui/section";
import { Empty } from "@/shared/ui/state";
import { Moved } from "./moved";

const NOT_SCORED = "not scored";

/** Where the health category or the churn level is another than at the date before. */
export function levelChanges(history: HistoryPoint[]): Mark[] {
  return history.flatMap((point, at) => {
    const before = history[at - 1];
    if (!before) return [];
    const changes = [
      before.health_category !== point.health_category &&
        `Health: ${before.health_category ?? NOT_SCORED} to ${point.health_category ?? NOT_SCORED}`,
      before.churn_risk_level !== point.churn_risk_level &&
        `Churn risk: ${before.churn_risk_level ?? NOT_SCORED} to ${point.churn_risk_level ?? NOT_SCORED}`,
    ].filter((text) => text !== false);
    return changes.map((label) => ({ at, label }));
  });
}

/**
 * Both scores over the scored dates, the days they changed their level, and what happened before the
 * date that is read. All dates are scored by the rules of the published build.
 */
export function History({ customerId, history }: { customerId: string; history: HistoryPoint[] }) {
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
      hint="By the rules now in force; dotted lines mark a change of level"
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
      note={(at) => {
        const [before, point] = [history[at - 1], history[at]];
        return (
          before &&
          point && <Moved customerId={customerId} after={before.as_of} until={point.as_of} />
        );
      }}
    />
  );
}
