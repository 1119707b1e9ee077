import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck, CircleSlash, Clock, type LucideIcon, TriangleAlert } from "lucide-react";
import { Link } from "react-router";
import { listActionsInfiniteOptions } from "@/client/@tanstack/react-query.gen";
import { listActions } from "@/client/sdk.gen";
import type { Action } from "@/client/types.gen";
import type { CellField } from "@/shared/csv";
import { formatCount, formatMoney, formatPercent, signed } from "@/shared/format/number";
import { customerPath } from "@/shared/navigation/paths";
import { Button } from "@/shared/ui/button";
import { CsvOfPages } from "@/shared/ui/csv-of-pages";
import { PageHeading } from "@/shared/ui/section";
import { Empty, Loaded, SkeletonLines } from "@/shared/ui/state";
import { type Column, Table } from "@/shared/ui/table";
import { DateText, Value } from "@/shared/ui/value";

const COLUMNS: CellField<Action>[] = [
  "executed_at",
  "customer_id",
  "customer_name",
  "rule_id",
  "action",
  "executed_by",
  "assignee",
  "due_on",
  "note",
  "delivery_state",
];

const DELIVERY: Record<
  Action["delivery_state"],
  { icon: LucideIcon; words: string; look: string }
> = {
  pending: { icon: Clock, words: "On its way to Salesforce", look: "text-soft" },
  delivered: { icon: CircleCheck, words: "Task in Salesforce", look: "text-good" },
  failed: { icon: TriangleAlert, words: "Not delivered", look: "text-bad" },
  skipped: { icon: CircleSlash, words: "Recorded here only", look: "text-soft" },
};

export function ActionsPage() {
  const actions = useInfiniteQuery({
    ...listActionsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const totals = actions.data?.pages[0];
  const items = actions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeading
        title="Actions"
        actions={
          items.length > 0 && (
            <CsvOfPages<Action>
              name="Actions"
              columns={COLUMNS}
              read={async (page) => (await listActions({ query: page, throwOnError: true })).data}
            />
          )
        }
      >
        {totals ? (
          <>
            {formatCount(totals.executed)} executed, {formatCount(totals.dismissed)} dismissed,{" "}
            {formatCount(totals.open_recommendations)} open
            {totals.execution_rate !== null &&
              `: ${formatPercent(totals.execution_rate)} were executed`}
          </>
        ) : (
          "What was executed, by whom, and whether it has reached Salesforce"
        )}
      </PageHeading>
      <Loaded query={actions} loading={<SkeletonLines count={8} className="h-9" />}>
        {() => (
          <Table
            caption="Actions"
            columns={ACTION_COLUMNS}
            rows={items}
            rowKey={(action) => action.action_id}
            rowHeader="Customer"
            link={{
              to: (action) => customerPath(action.customer_id),
              className: "font-strong",
            }}
            empty={
              <Empty title="Nothing has been executed yet">
                Execute a recommendation on{" "}
                <Link to="/" className="text-accent underline">
                  Today
                </Link>{" "}
                or on a customer's page.
              </Empty>
            }
            grid="grid gap-x-4 md:grid-cols-[6.5rem_minmax(0,1fr)_minmax(0,2fr)_8rem_12rem]"
            headClassName="max-md:sr-only"
            bodyClassName="max-md:border-t"
            rowClassName="items-start border-b py-2"
          />
        )}
      </Loaded>
      {actions.hasNextPage && (
        <Button
          className="mt-4"
          onClick={() => actions.fetchNextPage()}
          disabled={actions.isFetchingNextPage}
        >
          {actions.isFetchingNextPage ? "Loading" : "Earlier actions"}
        </Button>
      )}
    </>
  );
}

const ACTION_COLUMNS: Column<Action>[] = [
  {
    name: "Executed",
    cell: (action) => <DateText date={action.executed_at} />,
    cellClassName: "text-muted",
  },
  { name: "Customer", cell: (action) => action.customer_name, className: "min-w-0" },
  {
    name: "Action",
    cell: (action) => (
      <>
        {action.action}
        <span className="block text-muted text-xs">
          {[`by ${action.executed_by}`, action.assignee && `for ${action.assignee}`, action.note]
            .filter(Boolean)
            .join(", ")}
          {action.due_on && (
            <>
              , due <DateText date={action.due_on} />
            </>
          )}
        </span>
      </>
    ),
    className: "min-w-0",
  },
  {
    name: "Estimated",
    numeric: true,
    cell: (action) => (
      <span
        className="block"
        data-tip="Estimated impact; below it what was observed since, which need not be its effect"
      >
        <Value
          value={action.estimated_impact_usd}
          unit="money"
          missing="The amount it rests on is not known"
        />
        {action.observed_impact_usd !== null && (
          <span className="block text-muted text-xs">
            observed {signed(action.observed_impact_usd, formatMoney)}
          </span>
        )}
      </span>
    ),
    className: "max-md:hidden",
  },
  {
    name: "Delivery",
    cell: (action) => <Delivery action={action} />,
    cellClassName: "flex",
  },
];

function Delivery({ action }: { action: Action }) {
  const { icon: Icon, look, words } = DELIVERY[action.delivery_state];
  return (
    <span
      className={`inline-flex items-center gap-1.5 ${look}`}
      data-tip={action.delivery_detail ?? undefined}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {words}
    </span>
  );
}
