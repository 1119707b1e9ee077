import { formatExpiry } from "./expiry";
import {
  formatCount,
  formatMoney,
  formatMoneyInFull,
  formatNumber,
  formatPercent,
  formatScore,
} from "./number";

/** What a number measures decides how it is written. */
export type Unit = "money" | "percent" | "count" | "days" | "expiry" | "score" | "hours" | "number";

const DAY = (value: number) => `${formatCount(value)} d`;

const WRITERS: Record<Unit, (value: number) => string> = {
  money: formatMoney,
  percent: formatPercent,
  count: formatCount,
  days: DAY,
  expiry: formatExpiry,
  score: formatScore,
  hours: (value) => `${formatNumber(value)} h`,
  number: formatNumber,
};

/** A value of the given unit, short. */
export function formatUnit(value: number, unit: Unit): string {
  return WRITERS[unit](value);
}

/** The same value with every digit, for a tip. */
export function formatUnitInFull(value: number, unit: Unit): string {
  return unit === "money" ? formatMoneyInFull(value) : formatUnit(value, unit);
}
