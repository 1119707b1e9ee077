import { lazy } from "react";
import { Link, Route, Routes } from "react-router";
// Today is where a visit begins: it comes with the first load, the other pages when they are asked for.
import { TodayPage } from "@/features/today/page";
import { Empty } from "@/shared/ui/state";

/** The part of the program behind each page, by the first word of its address. */
const PARTS = {
  portfolio: () => import("@/features/portfolio/page"),
  customer: () => import("@/features/customer/page"),
  alerts: () => import("@/features/alerts/page"),
  actions: () => import("@/features/actions/page"),
  executive: () => import("@/features/executive/page"),
  "score-lab": () => import("@/features/score-lab/page"),
  data: () => import("@/features/data/page"),
};

const PortfolioPage = lazy(async () => ({ default: (await PARTS.portfolio()).PortfolioPage }));
const CustomerPage = lazy(async () => ({ default: (await PARTS.customer()).CustomerPage }));
const AlertsPage = lazy(async () => ({ default: (await PARTS.alerts()).AlertsPage }));
const ActionsPage = lazy(async () => ({ default: (await PARTS.actions()).ActionsPage }));
const ExecutivePage = lazy(async () => ({ default: (await PARTS.executive()).ExecutivePage }));
const ScoreLabPage = lazy(async () => ({ default: (await PARTS["score-lab"]()).ScoreLabPage }));
const DataPage = lazy(async () => ({ default: (await PARTS.data()).DataPage }));

/** Fetches the part behind an address at once, while the service is still asked who is signed in. */
export function preloadPart(pathname: string): void {
  const name = pathname.split("/")[1] ?? "";
  const load = Object.entries(PARTS).find(([part]) => part === name)?.[1];
  // A failure shows when the page itself asks for the part.
  load?.().catch(() => undefined);
}

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/" element={<TodayPage />} />
      <Route path="/portfolio" element={<PortfolioPage />} />
      <Route path="/customer/:customerId" element={<CustomerPage />} />
      <Route path="/alerts" element={<AlertsPage />} />
      <Route path="/actions" element={<ActionsPage />} />
      <Route path="/executive" element={<ExecutivePage />} />
      <Route path="/score-lab" element={<ScoreLabPage />} />
      <Route path="/data" element={<DataPage />} />
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
