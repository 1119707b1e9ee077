import { TableProperties } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Customer } from "@/client/types.gen";
import { formatDate } from "@/shared/format/date";
import { formatMoney, plural } from "@/shared/format/number";
import { Button } from "@/shared/ui/button";

const Evidence = lazy(async () => ({ default: (await import("./evidence")).Evidence }));

function metricOf(customer: Customer, name: string): number | null {
  return customer.metrics.find((measure) => measure.metric === name)?.value ?? null;
}

/** In place of scores: since when the customer is gone, and what went with it. */
function Former({ customer }: { customer: Customer }) {
  const lifetime = metricOf(customer, "clv_usd");
  return (
    <>
      <p className="font-strong text-base">
        Former customer{customer.left_on && ` since ${formatDate(customer.left_on)}`}
      </p>
      <p className="text-pretty text-soft">
        {customer.lost_mrr_usd === null
          ? "No service with a charge is on record."
          : `On its last day with a service it paid ${formatMoney(customer.lost_mrr_usd)} a month.`}
        {lifetime !== null && ` In all it was worth ${formatMoney(lifetime)}.`} A former customer is
        not scored: there is nothing left to lose. What it still owes stays among the alerts.
      </p>
    </>
  );
}

/** In place of scores: what is known of a customer that might become one. */
function Prospect({ customer }: { customer: Customer }) {
  const [isOpen, setIsOpen] = useState(false);
  const pipeline = metricOf(customer, "pipeline_usd") ?? 0;
  return (
    <>
      <p className="font-strong text-base">Prospect</p>
      <p className="text-pretty text-soft">
        {pipeline > 0
          ? `Open opportunities are worth ${formatMoney(pipeline)}; `
          : "No opportunity is open; "}
        {customer.contacts.length === 0
          ? "no contact is on record."
          : `${plural(customer.contacts.length, "contact")} on record.`}{" "}
        A prospect is not scored: it has had no service, no contract and no invoice yet.
      </p>
      {pipeline > 0 && (
        <Button look="quiet" onClick={() => setIsOpen(true)}>
          <TableProperties aria-hidden className="size-4" /> Open opportunities
        </Button>
      )}
      <Suspense>
        {isOpen && (
          <Evidence
            customerId={customer.customer_id}
            measure="pipeline_usd"
            onClose={() => setIsOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}

/** What stands in place of the scores of a customer that has none at its stage. */
export function Unscored({ customer }: { customer: Customer }) {
  return (
    <section aria-label="Lifecycle" className="max-w-prose">
      {customer.lifecycle_stage === "former" ? (
        <Former customer={customer} />
      ) : (
        <Prospect customer={customer} />
      )}
    </section>
  );
}
