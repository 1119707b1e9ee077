import { type ComponentType, lazy, useState } from "react";
import { Link, Route, Routes } from "react-router";
// Today is where a visit begins: it comes with the first load, the other pages when they are asked for.
import { TodayPage } from "@/features/today/page";
import { Empty } from "@/shared/ui/state";

/** A page that is fetched when it is asked for. */
interface PagePart {
  /** Null until it is here. */
  ready: ComponentType | null;
  fetch: () => Promise<ComponentType>;
  Fetched: ComponentType;
}

function part(load: () => Promise<ComponentType>): PagePart {
  const page: PagePart = {
    ready: null,
    fetch: async () => {
      page.ready = await load();
      return page.ready;
    },
    Fetched: lazy(async () => ({ default: await page.fetch() })),
  };
  return page;
}

/** The pages behind the first word of an address. */
const PARTS = {
  portfolio: part(async () => (await import("@/features/portfolio/page")).PortfolioPage),
  customer: part(async () => (await import("@/features/customer/page")).CustomerPage),
  alerts: part(async () => (await import("@/features/alerts/page")).AlertsPage),
  actions: part(async () => (await import("@/features/actions/page")).ActionsPage),
  executive: part(async () => (await import("@/features/executive/page")).ExecutivePage),
  "score-lab": part(async () => (await import("@/features/score-lab/page")).ScoreLabPage),
  data: part(async () => (await import("@/features/data/page")).DataPage),
};

/** Fetches the page behind an address at once, while the service is still asked who is signed in. */
export function preloadPart(pathname: string): void {
  const name = pathname.split("/")[1] ?? "";
  const found = Object.entries(PARTS).find(([word]) => word === name)?.[1];
  // A failure shows when the page itself is asked for.
  found?.fetch().catch(() => undefined);
}

/**
 * Draws a page at once where it is here already: what suspends even for an instant is held back for
 * 300 ms by React.
 */
function Part({ name }: { name: keyof typeof PARTS }) {
  // Kept for as long as the page is shown: another component in its place would lose its state.
  const [Shown] = useState<ComponentType>(() => PARTS[name].ready ?? PARTS[name].Fetched);
  return <Shown />;
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
