import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { getTodayOptions } from "@/client/@tanstack/react-query.gen";
import type { Change, LeavingCustomer, Today, TodayItem } from "@/client/types.gen";
import type { CellField } from "@/shared/csv";
import { formatDate } from "@/shared/format/date";
import { formatExpiry } from "@/shared/format/expiry";
import { formatMoney, formatScore, plural } from "@/shared/format/number";
import { formatSentence } from "@/shared/format/sentence";
import { formatStage } from "@/shared/format/stage";
import { useListKeys } from "@/shared/hooks/use-list-keys";
import { customerPath } from "@/shared/navigation/paths";
import { rememberWalk } from "@/shared/navigation/walk";
import { RecommendationButton } from "@/shared/recommendation/recommendation-button";
import { useSession } from "@/shared/session/session";
import { CsvButton, CsvOfRows } from "@/shared/ui/csv-button";
import { cx } from "@/shared/ui/cx";
import { Select } from "@/shared/ui/field";
import { PageHeading, Section } from "@/shared/ui/section";
import { Empty, Loaded, Skeleton, SkeletonLines } from "@/shared/ui/state";
import { Status } from "@/shared/ui/status";
import { Delta, Value } from "@/shared/ui/value";

/** The greeting follows the clock on the wall; the data follows as_of. */
function greeting(hour: number): string {
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

/** The address parameter that names the owner; there and empty, it means everybody's customers. */
const OWNER = "owner";

/** The address parameter that lists the customers with little at stake instead. */
const SMALL = "small";

/** Who owns a customer on the list, in alphabetical order. */
export function ownersOf(items: Pick<TodayItem, "owner_name">[]): string[] {
  const names = new Set(items.flatMap((item) => item.owner_name ?? []));
  return [...names].sort((one, other) => one.localeCompare(other));
}

/** Everybody's list first, which tells who owns a customer; then, of one owner, their own. */
export function TodayPage() {
  const [address, setAddress] = useSearchParams();
  const { name } = useSession();
  const everybody = useQuery(getTodayOptions());
  const owners = ownersOf([...(everybody.data?.leaving ?? []), ...(everybody.data?.items ?? [])]);
  const owner = address.get(OWNER) ?? (owners.includes(name) ? name : "");
  const small = address.has(SMALL);
  const chosen = useQuery({
    ...getTodayOptions({ query: { ...(owner && { owner }), ...(small && { small }) } }),
    enabled: owner !== "" || small,
  });
  const set = (nextOwner: string, nextSmall: boolean) =>
    setAddress({ [OWNER]: nextOwner, ...(nextSmall && { [SMALL]: "1" }) }, { replace: true });
  return (
    <Loaded query={owner === "" && !small ? everybody : chosen} loading={<Loading />}>
      {(data) => (
        <Worklist
          today={data}
          small={small}
          onSmall={(next) => set(owner, next)}
          owner={owner}
          owners={owner === "" || owners.includes(owner) ? owners : [owner, ...owners]}
          me={name}
          onOwner={(next) => set(next, small)}
        />
      )}
    </Loaded>
  );
}

function Worklist({
  today,
  small,
  onSmall,
  owner,
  owners,
  me,
  onOwner,
}: {
  today: Today;
  small: boolean;
  onSmall: (small: boolean) => void;
  owner: string;
  owners: string[];
  me: string;
  onOwner: (owner: string) => void;
}) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const remember = () =>
    rememberWalk({
      label: "Today",
      path: `/${search}`,
      customerIds: today.items.map((item) => item.customer_id),
    });
  const open = (item: TodayItem) => {
    remember();
    void navigate(customerPath(item.customer_id));
  };
  const { current, itemRef } = useListKeys(today.items, open);
  const count = today.customers_needing_attention;

  return (
    <>
      <title>Today · customer360</title>
      <header className="mb-5 flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1">
        <h1 className="text-lg">
          {greeting(new Date().getHours())}.{" "}
          {count === 0
            ? "No customer needs you"
            : `${plural(count, "customer")} ${count === 1 ? "needs" : "need"} you`}
        </h1>
        <p className="text-soft">
          {count > 0 && `${formatMoney(today.stake_usd ?? 0)} at stake, `}
          as of {formatDate(today.as_of)}
        </p>
      </header>
      {today.leaving.length > 0 && <Leaving today={today} />}
      <div className="grid gap-x-10 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,1fr)]">
        <Section
          title={small ? "Small" : "Needs you"}
          hint={small ? "Less at stake than 0.5 % of the owner's revenue" : "By money at stake"}
          actions={
            <>
              <Select
                label="Owner"
                value={owner}
                options={[
                  { value: "", label: "Everybody's customers" },
                  ...owners.map((name) => ({
                    value: name,
                    label: name === me ? `My customers (${name})` : name,
                  })),
                ]}
                onChange={onOwner}
              />
              <CsvButton name="Needs you" columns={CSV_COLUMNS} rows={today.items.map(csvRow)} />
            </>
          }
        >
          {today.items.length === 0 ? (
            <Empty title="All quiet">
              No HIGH alert is waiting{owner && ` for a customer of ${owner}`}.{" "}
              <Link to="/portfolio" className="text-accent underline">
                Look at the portfolio
              </Link>
            </Empty>
          ) : (
            <ol className="@container">
              {today.items.map((item, index) => (
                <ItemRow
                  key={item.customer_id}
                  item={item}
                  since={today.previous_as_of}
                  current={index === current}
                  itemRef={itemRef(index)}
                  onLeave={remember}
                />
              ))}
            </ol>
          )}
          {(small || today.small_customers > 0) && (
            <p className="border-t py-2.5 text-soft">
              {!small && (
                <>
                  {plural(today.small_customers, "customer")} with{" "}
                  {formatMoney(today.small_stake_usd ?? 0)} at stake{" "}
                  {today.small_customers === 1 ? "is" : "are"} set aside as small.{" "}
                </>
              )}
              <button
                type="button"
                className="text-accent underline"
                onClick={() => onSmall(!small)}
              >
                {small ? "Back to who needs you" : "Show them"}
              </button>
            </p>
          )}
        </Section>
        <Section
          title="Since last publish"
          hint={today.changed_since ? formatDate(today.changed_since) : undefined}
          className="max-lg:order-first"
        >
          {today.changes.length === 0 ? (
            <Empty title={today.changed_since ? "Nothing changed" : "This is the first publish"} />
          ) : (
            <dl>
              {inOrder(today.changes).map((change) => (
                <ChangeRow key={change.kind} change={change} />
              ))}
            </dl>
          )}
        </Section>
      </div>
    </>
  );
}

const LEAVING_COLUMNS: CellField<LeavingCustomer>[] = [
  "customer_id",
  "customer_name",
  "owner_name",
  "leaves_on",
  "arr_usd",
  "health_score",
  "churn_risk_score",
];

/** First of all those that are going: notice given is a fact, and no risk to be ranked. */
function Leaving({ today }: { today: Today }) {
  const more = today.leaving_customers - today.leaving.length;
  return (
    <Section
      title="Leaving"
      hint={`${plural(today.leaving_customers, "customer")}, ${formatMoney(today.leaving_arr_usd ?? 0)} ARR; who goes first comes first`}
      actions={<CsvOfRows name="Leaving" columns={LEAVING_COLUMNS} rows={today.leaving} />}
      className="mb-7"
    >
      <ol>
        {today.leaving.map((customer) => (
          <li
            key={customer.customer_id}
            className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-baseline gap-x-6 border-t py-1.5 first:border-t-0"
          >
            <div className="min-w-0">
              <Link
                to={customerPath(customer.customer_id)}
                className="font-strong text-ink hover:underline"
              >
                {customer.customer_name}
              </Link>
              {customer.reasons.length > 0 && (
                <p className="text-pretty text-soft">
                  {formatSentence(customer.reasons.slice(0, MOST_REASONS).join(" · "))}
                </p>
              )}
            </div>
            <span className="text-bad">{formatStage("leaving", null, customer.leaves_on)}</span>
            <span className="text-right">
              <span className="font-strong">
                <Value value={customer.arr_usd} unit="money" missing="No charge has a rate" />
              </span>{" "}
              <span className="text-muted text-xs">ARR</span>
            </span>
          </li>
        ))}
      </ol>
      {more > 0 && (
        <Link to="/portfolio?stage=leaving" className="text-accent hover:underline">
          and {plural(more, "more customer")}
        </Link>
      )}
    </Section>
  );
}

const CSV_COLUMNS = [
  "customer_id",
  "customer_name",
  "owner_name",
  "severity",
  "churn_risk_score",
  "arr_usd",
  "stake_usd",
  "days_to_expiry",
  "reasons",
  "next_action",
];

function csvRow(item: TodayItem) {
  return [
    item.customer_id,
    item.customer_name,
    item.owner_name,
    item.severity,
    item.churn_risk_score,
    item.arr_usd,
    item.stake_usd,
    item.days_to_expiry,
    item.reasons.join("; "),
    item.recommendation?.action,
  ];
}

/** The severe reasons come first; the customer's page has them all. */
const MOST_REASONS = 3;

function ItemRow({
  item,
  since,
  current,
  itemRef,
  onLeave,
}: {
  item: TodayItem;
  since: string | null;
  current: boolean;
  itemRef: (element: HTMLLIElement | null) => void;
  onLeave: () => void;
}) {
  return (
    <li
      ref={itemRef}
      aria-current={current || undefined}
      className={cx(
        "-mx-2 grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-4 gap-y-1 border-t px-2 py-2.5 first:border-t-0 @max-2xl:items-center @2xl:grid-cols-[4.5rem_minmax(0,1fr)_auto_auto]",
        current && "bg-accent-soft",
      )}
    >
      <span className="@max-2xl:order-3">
        <Status word={item.severity} />
      </span>
      <div className="min-w-0 @max-2xl:col-span-3">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <Link
            to={customerPath(item.customer_id)}
            onClick={onLeave}
            className="font-strong text-ink hover:underline"
          >
            {item.customer_name}
          </Link>
          <span className="inline-flex items-center gap-1.5 text-soft">
            {item.churn_risk_score === null ? (
              <>Health {item.health_score === null ? "unknown" : formatScore(item.health_score)}</>
            ) : (
              <>
                Churn {formatScore(item.churn_risk_score)}
                <Delta
                  change={item.churn_risk_score_change}
                  unit="score"
                  since={since}
                  better="down"
                  short
                />
              </>
            )}
          </span>
          {item.days_to_expiry !== null && (
            <span className="text-soft">{formatExpiry(item.days_to_expiry)}</span>
          )}
        </p>
        <p className="text-pretty text-soft">
          {formatSentence(item.reasons.slice(0, MOST_REASONS).join(" · "))}
          {item.reasons.length > MOST_REASONS && (
            <span className="text-muted"> and {item.reasons.length - MOST_REASONS} more</span>
          )}
        </p>
      </div>
      <div className="text-right @max-2xl:order-5">
        <span className="font-strong">
          <Value value={item.stake_usd} unit="money" missing="No exchange rate is known" />
        </span>
        <p className="text-muted text-xs">at stake</p>
      </div>
      <div className="flex w-48 items-start justify-end @4xl:w-60 @max-2xl:order-4 @max-2xl:w-auto @max-2xl:justify-start">
        {item.recommendation && <RecommendationButton recommendation={item.recommendation} />}
      </div>
    </li>
  );
}

/** What is worse comes first. */
const CHANGE_WORDS: Record<Change["kind"], string> = {
  became_high: "became HIGH churn risk",
  became_critical: "became Critical",
  alert_opened: "with a new alert",
  back_to_healthy: "back to Healthy",
  alert_closed: "with an alert closed",
};

function inOrder(changes: Change[]): Change[] {
  const order = Object.keys(CHANGE_WORDS);
  return changes.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

function ChangeRow({ change }: { change: Change }) {
  return (
    <div className="border-t py-2 first:border-t-0">
      <dt className="flex gap-2">
        <strong className="min-w-6 text-right">{change.count}</strong> {CHANGE_WORDS[change.kind]}
      </dt>
      <dd className="pl-8 text-xs">
        {change.customers.slice(0, 4).map((customer, index) => (
          <Fragment key={customer.customer_id}>
            {index > 0 && ", "}
            <Link to={customerPath(customer.customer_id)} className="text-accent hover:underline">
              {customer.customer_name}
            </Link>
          </Fragment>
        ))}
        {change.count > 4 && <span className="text-muted"> and {change.count - 4} more</span>}
      </dd>
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading what needs you">
      <PageHeading title="Today" />
      <div className="grid gap-10 lg:grid-cols-[3fr_1fr]">
        <SkeletonLines count={9} className="h-12" />
        <Skeleton className="h-60" />
      </div>
    </div>
  );
}
