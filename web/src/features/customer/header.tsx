import { ArrowLeft, ArrowRight, Building2, Layers } from "lucide-react";
import { useEffect, useMemo } from "react";
import { Link, useNavigate } from "react-router";
import type { Customer, CustomerRef, Score } from "@/client/types.gen";
import { formatDate } from "@/shared/format/date";
import { formatMoney, formatPercent, formatScore, plural } from "@/shared/format/number";
import { formatStage, isScored } from "@/shared/format/stage";
import { useHotkeys } from "@/shared/hooks/use-hotkeys";
import { customerPath } from "@/shared/navigation/paths";
import { rememberCustomer } from "@/shared/navigation/recent";
import { neighboursOf, readWalk } from "@/shared/navigation/walk";
import { IconButton } from "@/shared/ui/button";
import { Status } from "@/shared/ui/status";
import { Delta, Missing } from "@/shared/ui/value";
import { Unscored } from "./stage";

/** Who this is, how it stands, and the way to the neighbours in the list one came from. */
export function Header({ customer }: { customer: Customer }) {
  useEffect(() => {
    rememberCustomer({ customerId: customer.customer_id, name: customer.customer_name });
  }, [customer.customer_id, customer.customer_name]);
  const Icon = customer.customer_kind === "master" ? Layers : Building2;

  return (
    <header className="mb-5">
      <title>{`${customer.customer_name} · customer360`}</title>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="flex items-start gap-2 text-lg">
            <Icon aria-hidden className="mt-1 size-5 shrink-0 text-muted" />
            <span className="min-w-0 wrap-anywhere">{customer.customer_name}</span>
          </h1>
          <Facts customer={customer} />
        </div>
        <Neighbours customerId={customer.customer_id} />
      </div>
      <div className="mt-4 flex flex-wrap items-stretch gap-x-10 gap-y-4">
        {isScored(customer.lifecycle_stage) ? (
          <>
            <ScoreBlock
              name="Health"
              score={customer.health}
              direction="higher is better"
              better="up"
              asOf={customer.as_of}
            />
            <ScoreBlock
              name="Churn risk"
              score={customer.churn}
              direction="higher is riskier"
              better="down"
              asOf={customer.as_of}
            />
          </>
        ) : (
          <Unscored customer={customer} />
        )}
        {customer.lifecycle_stage === "leaving" && <Leaving customer={customer} />}
        {customer.worst_member && (
          <div className="flex flex-col justify-end">
            <span className="text-muted text-xs">Weakest member</span>
            <Link
              to={customerPath(customer.worst_member.customer_id)}
              className="text-accent hover:underline"
            >
              {customer.worst_member.customer_name}
            </Link>
            <span className="text-soft text-xs">
              Health {formatScore(customer.worst_member.health_score)}
            </span>
          </div>
        )}
      </div>
    </header>
  );
}

/** Notice given is a fact, beside which a risk says little. */
function Leaving({ customer }: { customer: Customer }) {
  const arr = customer.metrics.find((measure) => measure.metric === "arr_usd")?.value ?? null;
  return (
    <section aria-label="Leaving" className="flex flex-col justify-end">
      <span className="text-muted text-xs">Every service has an end, or notice was given</span>
      <span className="text-base text-bad font-strong">
        {formatStage("leaving", null, customer.leaves_on)}
      </span>
      {arr !== null && <span className="text-soft text-xs">{formatMoney(arr)} ARR ends then</span>}
    </section>
  );
}

function Facts({ customer }: { customer: Customer }) {
  const countries = [
    ...new Set(customer.accounts.map((account) => account.country_code).filter(Boolean)),
  ];
  const facts = [
    customer.customer_kind === "master"
      ? `${plural(customer.accounts.length, "account")}: ${countries.join(", ")}`
      : [customer.country_code, customer.region].filter(Boolean).join(", "),
    customer.segment,
    customer.industry,
    customer.owner_name && `Owner ${customer.owner_name}`,
    customer.lifecycle_stage === "onboarding" ? "Onboarding" : null,
    customer.customer_since && `Customer since ${formatDate(customer.customer_since)}`,
  ].filter(Boolean);
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-soft">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <Relative words="Part of" customer={customer.master} />
      <Relative words="Subsidiary of" customer={customer.parent} />
      <code className="select-all font-sans text-muted">{customer.customer_id}</code>
      <Merged customer={customer} />
    </p>
  );
}

/** Whoever comes by an old id is told where that went. */
function Merged({ customer }: { customer: Customer }) {
  const accounts = customer.former_ids.filter((id) => !id.former_customer_id.startsWith("M-"));
  const newest = accounts.at(-1);
  if (!newest) return null;
  return (
    <span>
      {newest.former_customer_id} was merged into this account on {formatDate(newest.ended_on)}
      {accounts.length > 1 && `, ${plural(accounts.length - 1, "other account")} before`}
    </span>
  );
}

function Relative({ words, customer }: { words: string; customer: CustomerRef | null }) {
  if (!customer) return null;
  return (
    <span>
      {words}{" "}
      <Link to={customerPath(customer.customer_id)} className="text-accent hover:underline">
        {customer.customer_name}
      </Link>
    </span>
  );
}

function ScoreBlock({
  name,
  score,
  direction,
  better,
  asOf,
}: {
  name: string;
  score: Score;
  direction: string;
  better: "up" | "down";
  asOf: string;
}) {
  const change =
    score.value !== null && score.previous_value !== null
      ? score.value - score.previous_value
      : null;
  return (
    <section aria-label={name} className="min-w-44">
      <p className="text-muted text-xs">
        {name}, {direction}
      </p>
      <div className="flex items-center gap-2.5">
        <span className="text-xl leading-9 font-strong">
          {score.value === null ? (
            <Missing
              reason={`Only ${formatPercent(score.coverage ?? 0)} of the score could be computed; it takes half`}
            />
          ) : (
            formatScore(score.value)
          )}
        </span>
        <Status word={score.label} boxed />
        <Delta change={change} unit="score" since={score.previous_as_of} better={better} />
      </div>
      <p className="text-muted text-xs">
        {formatPercent(score.coverage ?? 0)} covered, as of {formatDate(asOf)}
      </p>
    </section>
  );
}

function Neighbours({ customerId }: { customerId: string }) {
  const navigate = useNavigate();
  const place = useMemo(() => neighboursOf(readWalk(), customerId), [customerId]);
  const go = (id: string | null | undefined) => {
    if (id) void navigate(customerPath(id));
  };
  useHotkeys({ j: () => go(place?.next), k: () => go(place?.previous) });
  if (!place) return null;
  return (
    <nav
      aria-label="Neighbours in the list"
      className="flex items-center gap-1 text-muted print:hidden"
    >
      <Link to={place.walk.path} className="mr-1 text-accent hover:underline">
        {place.walk.label}
      </Link>
      <span>
        {place.position + 1} of {place.walk.customerIds.length}
      </span>
      <IconButton
        label="Previous customer (K)"
        disabled={!place.previous}
        onClick={() => go(place.previous)}
      >
        <ArrowLeft aria-hidden className="size-4" />
      </IconButton>
      <IconButton label="Next customer (J)" disabled={!place.next} onClick={() => go(place.next)}>
        <ArrowRight aria-hidden className="size-4" />
      </IconButton>
    </nav>
  );
}
