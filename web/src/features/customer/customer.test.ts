import { describe, expect, it } from "vitest";
import type { Contribution, HistoryPoint, TimelineEvent } from "@/client/types.gen";
import { groupByComponent } from "./breakdown";
import { levelChanges } from "./history";
import { movingEvents } from "./moved";
import { groupByMonth } from "./timeline";

const contribution = (
  component: string,
  weight: number,
  points: number,
  change: number | null,
): Contribution => ({
  score: "health_score",
  component,
  measure: `${component}_${weight}`,
  value: 1,
  points,
  weight,
  contribution: weight * points,
  previous_value: null,
  previous_contribution: null,
  change,
  driver: "",
});

describe("the breakdown of a score", () => {
  it("adds measures up to components, and components to the score", () => {
    const parts = groupByComponent([
      contribution("payment_history", 0.15, 20, -2),
      contribution("payment_history", 0.15, 60, -1),
      contribution("usage_trends", 0.7, 50, null),
    ]);
    expect(parts.map((part) => part.component)).toEqual(["usage_trends", "payment_history"]);
    expect(parts.map((part) => part.contribution)).toEqual([35, 12]);
    expect(parts.map((part) => part.most)).toEqual([70, 30]);
    expect(parts.map((part) => part.change)).toEqual([null, -3]);
  });
  it("counts a measure without data as nothing, of nothing", () => {
    const empty: Contribution = {
      ...contribution("engagement", 0, 0, null),
      value: null,
      points: null,
      weight: null,
      contribution: null,
    };
    expect(groupByComponent([empty])).toMatchObject([{ contribution: 0, most: 0, change: null }]);
  });
});

describe("the history", () => {
  const point = (
    as_of: string,
    health: HistoryPoint["health_category"],
    churn: HistoryPoint["churn_risk_level"],
  ): HistoryPoint => ({
    as_of,
    lifecycle_stage: health === null ? "former" : "active",
    health_score: 1,
    health_category: health,
    churn_risk_score: 1,
    churn_risk_level: churn,
    mrr_usd: 1,
    annual_revenue_usd: 1,
  });
  it("says that a customer is scored no longer once it has left", () => {
    expect(
      levelChanges([point("2026-08-31", "Healthy", "LOW"), point("2026-09-30", null, null)]),
    ).toEqual([
      { at: 1, label: "Health: Healthy to not scored" },
      { at: 1, label: "Churn risk: LOW to not scored" },
    ]);
  });
  it("marks each date at which a level changed", () => {
    expect(
      levelChanges([
        point("2026-08-31", "Healthy", "LOW"),
        point("2026-09-30", "At-Risk", "HIGH"),
        point("2026-10-31", "At-Risk", "HIGH"),
      ]),
    ).toEqual([
      { at: 1, label: "Health: Healthy to At-Risk" },
      { at: 1, label: "Churn risk: LOW to HIGH" },
    ]);
  });
});

describe("the timeline", () => {
  const event = (event_id: string, occurred_at: string): TimelineEvent => ({
    event_id,
    account_id: null,
    event_type: "SALES",
    event_subtype: null,
    occurred_at,
    title: event_id,
    description: null,
    amount_usd: null,
    status: null,
    source_object: null,
    source_id: null,
  });
  it("gathers events under their month, across pages, in UTC", () => {
    const months = groupByMonth([
      event("a", "2026-11-01T00:10:00Z"),
      event("b", "2026-10-31T23:50:00Z"),
      event("c", "2026-10-02T00:00:00Z"),
    ]);
    expect(months.map((month) => [month.name, month.events.length])).toEqual([
      ["Nov 2026", 1],
      ["Oct 2026", 2],
    ]);
  });
});

describe("the events beside the history", () => {
  it("are those a score is made from, and not every letter", () => {
    const event = (event_subtype: string | null) => ({ event_subtype }) as TimelineEvent;
    const kinds = ["email", "sla_breached", null, "invoice_paid", "invoice_overdue"].map(event);
    expect(movingEvents(kinds).map((one) => one.event_subtype)).toEqual([
      "sla_breached",
      "invoice_overdue",
    ]);
  });
});
