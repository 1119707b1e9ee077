import { ArrowDown, ArrowUp } from "lucide-react";
import {
  formatDate,
  formatDayAndMonth,
  formatRelative,
  formatTimestamp,
} from "@/shared/format/date";
import { formatNumber, MISSING, signed } from "@/shared/format/number";
import { formatUnit, formatUnitInFull, type Unit } from "@/shared/format/unit";
import { cx } from "./cx";
import { tip } from "./tip";

/** An em dash, with the reason for whoever asks and for screen readers. */
export function Missing({ reason }: { reason: string }) {
  return (
    <span className="text-muted" {...tip(reason)}>
      <span aria-hidden>{MISSING}</span>
      <span className="sr-only">not known: {reason}</span>
    </span>
  );
}

/** A number with its unit; short on the page, in full in the tip. */
export function Value({
  value,
  unit,
  missing = "No records to compute it from",
}: {
  value: number | null | undefined;
  unit: Unit;
  missing?: string;
}) {
  if (value === null || value === undefined) return <Missing reason={missing} />;
  const short = formatUnit(value, unit);
  const full = formatUnitInFull(value, unit);
  return (
    <span className="whitespace-nowrap" {...tip(full === short ? undefined : full)}>
      {short}
    </span>
  );
}

export function DateText({
  date,
  missing = "No date on record",
}: {
  date: string | null | undefined;
  missing?: string;
}) {
  if (!date) return <Missing reason={missing} />;
  const withTime = date.length > 10;
  return (
    <time
      dateTime={date}
      className="whitespace-nowrap"
      {...tip(
        withTime ? `${formatTimestamp(date)}\n${formatRelative(date)}` : formatRelative(date),
      )}
    >
      {formatDate(date)}
    </time>
  );
}

/** How a number moved: sign, arrow and period. `better` says which way is good news. */
export function Delta({
  change,
  unit,
  since,
  better,
  short = false,
}: {
  change: number | null | undefined;
  unit: Unit;
  since: string | null;
  better?: "up" | "down";
  short?: boolean;
}) {
  if (change === null || change === undefined || since === null) return null;
  const period = `since ${formatDayAndMonth(since)}`;
  const fullPeriod = `since ${formatDate(since)}`;
  // Scores move in points, and a share moves in percentage points.
  const size =
    unit === "percent"
      ? `${signed(Math.round(change * 1000) / 10, formatNumber)} pts`
      : `${signed(change, (value) => formatUnit(value, unit))}${unit === "score" && !short ? " pts" : ""}`;
  // What is written as zero has not moved for whoever reads it.
  if (!/[1-9]/.test(size)) {
    return (
      <span className="text-muted text-xs" {...tip(fullPeriod)}>
        {short ? "±0" : `unchanged ${period}`}
      </span>
    );
  }
  const good = better !== undefined && change > 0 === (better === "up");
  const Arrow = change > 0 ? ArrowUp : ArrowDown;
  return (
    <span
      className={cx(
        "inline-flex items-center whitespace-nowrap text-xs",
        better === undefined ? "text-soft" : good ? "text-good" : "text-bad",
      )}
      {...tip(`${size} ${fullPeriod}`)}
    >
      <Arrow aria-hidden className="size-3" />
      {size}
      {!short && <span className="ml-1 text-muted">{period}</span>}
    </span>
  );
}
