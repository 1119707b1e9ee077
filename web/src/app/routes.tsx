import type { QueryClient } from "@tanstack/react-query";
import { type ComponentType, useEffect, useState } from "react";
import { Link, Route, Routes } from "react-router";
import { getCustomerOptions, getCustomerScoresOptions } from "@/client/@tanstack/react-query.gen";
// Today is where a visit begins: it comes with the first load, the other pages when they are asked for.
import { TodayPage } from "@/features/today/page";
import { Empty, SkeletonLines } from "@/shared/ui/state";

/** A page that is fetched when it is asked for. */
interface PagePart {
  /** Null until it is here. */
  ready: ComponentType | null;
  fetch: () => Promise<ComponentType>;
  /** Asks the service for what the page cannot be drawn without; `word` is the second of its address. */
  ask: (queries: QueryClient, word: string) => void;
}

function part(load: () => Promise<ComponentType>, ask: PagePart["ask"] = () => {}): PagePart {
  const page: PagePart = {
    ask,
    ready: null,
    fetch: async () => {
      page.ready = await load();
      return page.ready;
    },
  };
  return page;
}

/** The pages behind the first word of an address. */
const PARTS = {
  portfolio: part(async () => (await import("@/features/portfolio/page")).PortfolioPage),
  customer: part(
    async () => (await import("@/features/customer/page")).CustomerPage,
    (queries, word) => {
      const path = { customer_id: word };
      void queries.prefetchQuery(getCustomerOptions({ path }));
      void queries.prefetchQuery(getCustomerScoresOptions({ path }));
    },
  ),
  alerts: part(async () => (await import("@/features/alerts/page")).AlertsPage),
  actions: part(async () => (await import("@/features/actions/page")).ActionsPage),
  executive: part(async () => (await import("@/features/executive/page")).ExecutivePage),
  "score-lab": part(async () => (await import("@/features/score-lab/page")).ScoreLabPage),
  data: part(async () => (await import("@/features/data/page")).DataPage),
};

/**
 * Fetches the page behind an address and its data at once, while the service is still asked who is
 * signed in: the service answers nobody else.
 */
export function preloadPart(queries: QueryClient, pathname: string): void {
  const [, name = "", second = ""] = pathname.split("/");
  const found = Object.entries(PARTS).find(([word]) => word === name)?.[1];
  // A failure shows when the page itself is asked for.
  found?.fetch().catch(() => undefined);
  found?.ask(queries, second);
}

/**
 * Draws a page as soon as it is here. Not by Suspense: what suspends even for an instant is held back
 * for 300 ms by React.
 */
function Part({ name }: { name: keyof typeof PARTS }) {
  const [Shown, setShown] = useState<ComponentType | null>(() => PARTS[name].ready);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    if (Shown) return;
    PARTS[name].fetch().then((page) => setShown(() => page), setFailure);
  }, [name, Shown]);
  if (failure) throw failure;
  return Shown ? <Shown /> : <SkeletonLines count={8} />;
}

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/" element={<TodayPage />} />
      <Route path="/portfolio" element={<Part key="portfolio" name="portfolio" />} />
      <Route path="/customer/:customerId" element={<Part key="customer" name="customer" />} />
      <Route path="/alerts" element={<Part key="alerts" name="alerts" />} />
      <Route path="/actions" element={<Part key="actions" name="actions" />} />
      <Route path="/executive" element={<Part key="executive" name="executive" />} />
      <Route path="/score-lab" element={<Part key="score-lab" name="score-lab" />} />
      <Route path="/data" element={<Part key="data" name="data" />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

function NotFound() {
  return (
    <>
      <title>Not found · customer360</title>
      <h1 className="text-lg">There is no page at this address</h1>
      <Empty title="It may have been mistyped, or moved.">
        <Link to="/" className="text-accent underline">
          Go to Today
        </Link>
      </Empty>
    </>
  );
}
