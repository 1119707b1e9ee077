import { useInfiniteQuery } from "@tanstack/react-query";
import {
  Activity,
  FileSignature,
  Gauge,
  Handshake,
  Headset,
  type LucideIcon,
  MessagesSquare,
  Receipt,
  Zap,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { getCustomerTimelineInfiniteOptions } from "@/client/@tanstack/react-query.gen";
import { getCustomerTimeline } from "@/client/sdk.gen";
import type { GetCustomerTimelineData, TimelineEvent } from "@/client/types.gen";
import type { CellField } from "@/shared/csv";
import { formatMonth } from "@/shared/format/date";
import { formatSentence } from "@/shared/format/sentence";
import { Button } from "@/shared/ui/button";
import { CsvOfPages } from "@/shared/ui/csv-of-pages";
import { cx } from "@/shared/ui/cx";
import { Section } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { DateText, Value } from "@/shared/ui/value";

type EventType = NonNullable<NonNullable<GetCustomerTimelineData["query"]>["type"]>;

const TYPES: Record<EventType, { label: string; icon: LucideIcon }> = {
  RENEWAL: { label: "Renewal", icon: FileSignature },
  SALES: { label: "Sales", icon: Handshake },
  SUPPORT: { label: "Support", icon: Headset },
  BILLING: { label: "Billing", icon: Receipt },
  USAGE: { label: "Usage", icon: Activity },
  ENGAGEMENT: { label: "Engagement", icon: MessagesSquare },
  ACTION: { label: "Action", icon: Zap },
  SCORE: { label: "Score", icon: Gauge },
};

const FILTERS: (EventType | null)[] = [null, ...(Object.keys(TYPES) as EventType[])];

function lookOf(type: string) {
  return Object.entries(TYPES).find(([name]) => name === type)?.[1];
}

const COLUMNS: CellField<TimelineEvent>[] = [
  "event_id",
  "account_id",
  "occurred_at",
  "event_type",
  "event_subtype",
  "title",
  "description",
  "amount_usd",
  "status",
  "source_object",
  "source_id",
];

interface Month {
  name: string;
  events: TimelineEvent[];
}

/** Events newest first, gathered under their month. */
export function groupByMonth(events: TimelineEvent[]): Month[] {
  const months: Month[] = [];
  for (const event of events) {
    const name = formatMonth(event.occurred_at);
    const last = months.at(-1);
    if (last?.name === name) last.events.push(event);
    else months.push({ name, events: [event] });
  }
  return months;
}

export function Timeline({ customerId }: { customerId: string }) {
  const [type, setType] = useState<EventType | null>(null);
  const timeline = useInfiniteQuery({
    ...getCustomerTimelineInfiniteOptions({
      path: { customer_id: customerId },
      query: { limit: 30, ...(type ? { type } : {}) },
    }),
    initialPageParam: { path: { customer_id: customerId } },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = timeline;
  const end = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!end.current || !hasNextPage || isFetchingNextPage) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <Section
      title="Timeline"
      hint="Newest first"
      actions={
        <CsvOfPages<TimelineEvent>
          name={type ? `Timeline, ${TYPES[type].label}` : "Timeline"}
          columns={COLUMNS}
          read={async (page) =>
            (
              await getCustomerTimeline({
                path: { customer_id: customerId },
                query: { ...page, ...(type ? { type } : {}) },
                throwOnError: true,
              })
            ).data
          }
        />
      }
    >
      <fieldset className="mb-2 flex flex-wrap gap-1">
        <legend className="sr-only">Show only one type of event</legend>
        {FILTERS.map((one) => (
          <button
            key={one ?? "all"}
            type="button"
            aria-pressed={one === type}
            onClick={() => setType(one)}
            className={cx(
              "rounded-full px-2.5 py-0.5 text-xs pointer-coarse:py-1.5",
              one === type ? "bg-accent-soft font-strong text-accent" : "text-soft hover:bg-sunken",
            )}
          >
            {one === null ? "All" : TYPES[one].label}
          </button>
        ))}
      </fieldset>
      <Loaded query={timeline} loading={<SkeletonLines count={8} />}>
        {(data) => {
          const months = groupByMonth(data.pages.flatMap((page) => page.items));
          return months.length === 0 ? (
            <Empty
              title={
                type
                  ? `No ${TYPES[type].label.toLowerCase()} events on record`
                  : "Nothing on record"
              }
            >
              {type
                ? "Choose another type."
                : "Events appear with the first extraction that holds any."}
            </Empty>
          ) : (
            months.map((month) => (
              <section key={month.name} aria-label={month.name}>
                <h3 className="sticky top-12 z-10 bg-page py-1.5 text-muted text-xs">
                  {month.name}
                </h3>
                <ol>
                  {month.events.map((event) => (
                    <EventRow key={event.event_id} event={event} />
                  ))}
                </ol>
              </section>
            ))
          );
        }}
      </Loaded>
      <div ref={end} />
      {timeline.hasNextPage && (
        <Button onClick={() => fetchNextPage()} disabled={isFetchingNextPage} className="mt-2">
          {isFetchingNextPage ? "Loading" : "Earlier events"}
        </Button>
      )}
    </Section>
  );
}

function EventRow({ event }: { event: TimelineEvent }) {
  const look = lookOf(event.event_type);
  const Icon = look?.icon ?? Activity;
  const description = event.description && formatSentence(event.description);
  return (
    <li className="grid grid-cols-[1.25rem_5.75rem_1fr_auto] items-start gap-x-2 border-t py-1.5">
      <Icon
        aria-label={look?.label ?? event.event_type}
        data-tip={look?.label}
        className="mt-0.5 size-4 text-muted"
      />
      <span className="text-muted">
        <DateText date={event.occurred_at} />
      </span>
      <span className="min-w-0">
        {formatSentence(event.title)}
        {description && (
          <span className="block truncate text-muted text-xs" data-tip={description}>
            {description}
          </span>
        )}
      </span>
      <span className="text-right">
        {event.amount_usd !== null && <Value value={event.amount_usd} unit="money" />}
        {event.status && <span className="block text-muted text-xs">{event.status}</span>}
      </span>
    </li>
  );
}
