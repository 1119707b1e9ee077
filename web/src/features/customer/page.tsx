import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue, useEffect } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { getCustomerOptions, getCustomerScoresOptions } from "@/client/@tanstack/react-query.gen";
import type { Alert, Recommendation } from "@/client/types.gen";
import { AlertList } from "@/shared/alert/alert-list";
import type { CellField } from "@/shared/csv";
import { isScored } from "@/shared/format/stage";
import { customerPath } from "@/shared/navigation/paths";
import { RecommendationList } from "@/shared/recommendation/recommendation-list";
import { CsvOfRows } from "@/shared/ui/csv-button";
import { Section } from "@/shared/ui/section";
import { Empty, Loaded, Skeleton, SkeletonLines } from "@/shared/ui/state";
import { Accounts, Contacts } from "./accounts";
import { Breakdown } from "./breakdown";
import { Header } from "./header";
import { History } from "./history";
import { MetricCards } from "./metric-cards";
import { Timeline } from "./timeline";

const ACTION_COLUMNS: CellField<Recommendation>[] = [
  "recommendation_id",
  "rule_id",
  "priority",
  "category",
  "title",
  "action",
  "estimated_impact_usd",
  "state",
];
const ALERT_COLUMNS: CellField<Alert>[] = [
  "alert_id",
  "alert_code",
  "severity",
  "message",
  "opened_on",
  "state",
];

export function CustomerPage() {
  const { customerId = "" } = useParams();
  // A new customer is a new page: open rows, filters and scrolled lists start afresh.
  return <Customer360 key={customerId} customerId={customerId} />;
}

function Customer360({ customerId }: { customerId: string }) {
  const path = { customer_id: customerId };
  const customer = useQuery(getCustomerOptions({ path }));
  const scores = useQuery(getCustomerScoresOptions({ path }));
  const navigate = useNavigate();
  const found = customer.data?.customer_id;
  // The answer for an id that has ended, or a short one, is of the customer that bears it now.
  useEffect(() => {
    if (found && found !== customerId) void navigate(customerPath(found), { replace: true });
  }, [found, customerId, navigate]);

  return (
    <Loaded query={customer} loading={<Loading />} absent={<NoCustomer customerId={customerId} />}>
      {(data) => (
        <>
          <Header customer={data} />
          <MetricCards metrics={data.metrics} history={scores.data?.history} />
          <div className="grid gap-x-10 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <div className="flex flex-col gap-7">
              <Loaded query={scores} loading={<SkeletonLines count={9} />}>
                {(explained) => (
                  <>
                    {isScored(data.lifecycle_stage) && (
                      <Breakdown
                        customerId={customerId}
                        health={data.health}
                        churn={data.churn}
                        contributions={explained.contributions}
                      />
                    )}
                    <Later>
                      <History customerId={customerId} history={explained.history} />
                    </Later>
                  </>
                )}
              </Loaded>
              <Later>
                <Timeline customerId={customerId} />
              </Later>
            </div>
            <div className="flex flex-col gap-7 max-lg:order-first">
              <Section
                title="Next best actions"
                hint="By priority, then estimated impact"
                actions={
                  <CsvOfRows
                    name="Next best actions"
                    columns={ACTION_COLUMNS}
                    rows={data.recommendations}
                  />
                }
              >
                {data.recommendations.length === 0 ? (
                  <Empty title="Nothing to do">No rule fires for this customer.</Empty>
                ) : (
                  <RecommendationList recommendations={data.recommendations} />
                )}
              </Section>
              <Later>
                <Section
                  title="Alerts"
                  actions={<CsvOfRows name="Alerts" columns={ALERT_COLUMNS} rows={data.alerts} />}
                >
                  {data.alerts.length === 0 ? (
                    <Empty title="No alert is open" />
                  ) : (
                    <AlertList alerts={data.alerts} />
                  )}
                </Section>
                {data.accounts.length > 0 && <Accounts accounts={data.accounts} />}
                <Contacts contacts={data.contacts} />
              </Later>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

function NoCustomer({ customerId }: { customerId: string }) {
  return (
    <div role="alert">
      <title>No such customer · customer360</title>
      <h1 className="text-lg">There is no customer {customerId}</h1>
      <Empty title="It may have been deleted or linked to another, or lie outside your regions.">
        Search by name (<kbd className="font-sans">/</kbd>), or{" "}
        <Link to="/portfolio" className="text-accent underline">
          look through the portfolio
        </Link>
      </Empty>
    </div>
  );
}

/** Draws its children in small slices, after what the page is opened for is on screen. */
function Later({ children }: { children: ReactNode }) {
  const isDue = useDeferredValue(true, false);
  return isDue && children;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the customer">
      <Skeleton className="mb-2 h-7 w-80" />
      <Skeleton className="mb-6 h-4 w-96 max-w-full" />
      <Skeleton className="mb-5 h-16 w-96 max-w-full" />
      <Skeleton className="mb-7 h-24" />
      <div className="grid gap-10 lg:grid-cols-[3fr_2fr]">
        <SkeletonLines count={10} />
        <SkeletonLines count={8} />
      </div>
    </div>
  );
}
