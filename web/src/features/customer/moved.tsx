import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getCustomerTimelineOptions } from "@/client/@tanstack/react-query.gen";
import type { TimelineEvent } from "@/client/types.gen";
import { formatDate, formatDayAndMonth } from "@/shared/format/date";
import { formatSentence } from "@/shared/format/sentence";

/** Kinds of event that the measures of the scores are made from and that a person would name as a cause. */
const MOVES = new Set([
  "opportunity_won",
  "opportunity_lost",
  "contract_started",
  "contract_ended",
  "case_escalated",
  "sla_breached",
  "invoice_overdue",
  "service_activated",
  "service_ended",
  "anomalous_month",
  "meeting",
  "qbr",
]);
const MOST = 5;
/** How long a pointer rests on a month before its events are asked for. */
const REST_MS = 200;

/** The events that can move a score, newest first. */
export function movingEvents(events: TimelineEvent[]): TimelineEvent[] {
  return events.filter((event) => event.event_subtype !== null && MOVES.has(event.event_subtype));
}

function nextDay(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** What happened between two scored dates and may have moved the scores. */
export function Moved({
  customerId,
  after,
  until,
}: {
  customerId: string;
  after: string;
  until: string;
}) {
  const [from, to] = useRested(`${nextDay(after)} ${until}`).split(" ");
  const timeline = useQuery({
    ...getCustomerTimelineOptions({
      path: { customer_id: customerId },
      query: { limit: 100, from, to },
    }),
    placeholderData: keepPreviousData,
  });
  const events = movingEvents(timeline.data?.items ?? []);
  return (
    <section
      aria-label="Events that may have moved the scores"
      className="mt-1 min-h-26 pl-12 text-xs"
    >
      <h3 className="text-muted">
        {formatDate(from ?? after)} to {formatDate(to ?? until)}
      </h3>
      {timeline.isError ? (
        <p className="text-soft">These events could not be read; the timeline below has them.</p>
      ) : events.length === 0 ? (
        <p className="text-soft">
          {timeline.isPending ? "Reading the events" : "No event on record that moves a score"}
        </p>
      ) : (
        <ul className="text-soft">
          {events.slice(0, MOST).map((event) => (
            <li key={event.event_id} className="truncate">
              <span className="text-muted">{formatDayAndMonth(event.occurred_at)}</span>{" "}
              {formatSentence(event.title)}
            </li>
          ))}
          {events.length > MOST && (
            <li className="text-muted">and {events.length - MOST} more, in the timeline</li>
          )}
        </ul>
      )}
    </section>
  );
}
