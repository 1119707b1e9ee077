import { describe, expect, it } from "vitest";
import {
  daysBetween,
  formatDate,
  formatDuration,
  formatMonth,
  formatRelative,
  formatTimestamp,
} from "./date";
import { metricText } from "./metric";
import {
  formatCount,
  formatMoney,
  formatMoneyInFull,
  formatPercent,
  formatScore,
  plural,
  signed,
} from "./number";
import { formatSentence } from "./sentence";
import { formatUnit, formatUnitInFull } from "./unit";

describe("money", () => {
  it.each([
    [0, "$0"],
    [950, "$950"],
    [1_238_410.22, "$1.24M"],
    [26_700, "$26.7K"],
    [-4_100, "\u2212$4.1K"],
  ])("%d is short", (value, text) => expect(formatMoney(value)).toBe(text));

  it("keeps every cent in full", () =>
    expect(formatMoneyInFull(1_238_410.22)).toBe("$1,238,410.22"));
});

describe("percentages are stored as fractions", () => {
  it.each([
    [0.254, "25.4\u202f%"],
    [0.25, "25\u202f%"],
    [-0.34, "\u221234\u202f%"],
    [12.5, "1,250\u202f%"],
    [0, "0\u202f%"],
  ])("%d", (value, text) => expect(formatPercent(value)).toBe(text));
});

describe("scores and counts", () => {
  it("shows a score to one decimal", () => expect(formatScore(46)).toBe("46.0"));
  it("groups thousands", () => expect(formatCount(12_345)).toBe("12,345"));
  it("signs what rises, falls and stays", () => {
    expect([4.1, -12, 0].map((value) => signed(value, formatScore))).toEqual([
      "+4.1",
      "\u221212.0",
      "0.0",
    ]);
  });
  it("knows one from many", () => {
    expect([plural(1, "account"), plural(3, "account"), plural(2, "company", "companies")]).toEqual(
      ["1 account", "3 accounts", "2 companies"],
    );
  });
});

describe("dates are read in UTC", () => {
  it("writes the month as a word", () => expect(formatDate("2026-10-31")).toBe("31 Oct 2026"));
  it("does not move a late timestamp to another day", () => {
    expect(formatTimestamp("2026-10-31T23:59:00")).toBe("31 Oct 2026, 23:59 UTC");
    expect(formatTimestamp("2026-11-01T01:59:00+02:00")).toBe("31 Oct 2026, 23:59 UTC");
  });
  it("names the month of a month end", () => expect(formatMonth("2026-09-30")).toBe("Sep 2026"));
  it("counts days over a change of year", () =>
    expect(daysBetween("2025-12-31", "2026-01-02")).toBe(2));
  it.each([
    ["2026-11-22", "today"],
    ["2026-12-15", "in 23 days"],
    ["2026-11-21", "1 day ago"],
    ["2026-06-22", "5 months ago"],
    ["2029-11-22", "in 3 years"],
  ])("%s is %s", (iso, text) =>
    expect(formatRelative(iso, new Date("2026-11-22T15:00:00Z"))).toBe(text),
  );
  it.each([
    [0.42, "0.4 s"],
    [42.4, "42 s"],
    [74, "1 min 14 s"],
    [3900, "1 h 5 min"],
  ])("%d seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("a sentence of the warehouse is written as the page writes", () => {
  it.each([
    [
      "Contract ends on 2026-11-24; 1 day left, ref 2026-11-2",
      "Contract ends on 24 Nov 2026; 1 day left, ref 2026-11-2",
    ],
    [
      "USD 6,147 unpaid; the oldest invoice is 84 days overdue",
      "$6,147 unpaid; the oldest invoice is 84 days overdue",
    ],
    ["Churn risk 66.7 of 100; USD 1,417,531 a year", "Churn risk 66.7 of 100; $1,417,531 a year"],
    ["USD -20 and USD 655, in USD", "\u2212$20 and $655, in USD"],
    ["Health 40.0 of 100 is critical, as 3.50", "Health 40.0 of 100 is critical, as 3.50"],
    ["months: -5.02 times, INV-0042, 2-3", "months: \u22125.02 times, INV-0042, 2-3"],
  ])("%s", (sentence, written) => expect(formatSentence(sentence)).toBe(written));
});

describe("metrics", () => {
  it("knows the unit of a metric", () =>
    expect(formatUnit(0.98, metricText("on_time_payment_rate_12m").unit)).toBe("98\u202f%"));
  it("reads out a metric that a new rule brought along", () => {
    expect(metricText("credit_limit_usd")).toMatchObject({
      label: "Credit limit",
      unit: "money",
    });
    expect(metricText("portability_requests_90d").label).toBe("Portability requests 90d");
  });
  it("writes money in full only in full", () =>
    expect(formatUnitInFull(26_700, "money")).toBe("$26,700.00"));
});
