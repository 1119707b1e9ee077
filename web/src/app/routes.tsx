import { lazy } from "react";
import { Link, Route, Routes } from "react-router";
// Today is where a visit begins: it comes with the first load, the other pages when they are asked for.
import { TodayPage } from "@/features/today/page";
import { Empty } from "@/shared/ui/state";

const PortfolioPage = lazy(async () => ({
  default: (await import("@/features/portfolio/page")).PortfolioPage,
}));
const CustomerPage = lazy(async () => ({
  default: (await import("@/features/customer/page")).CustomerPage,
}));
const AlertsPage = lazy(async () => ({
  default: (await import("@/features/alerts/page")).AlertsPage,
}));
const ActionsPage = lazy(async () => ({
  default: (await import("@/features/actions/page")).ActionsPage,
}));
const ExecutivePage = lazy(async () => ({
  default: (await import("@/features/executive/page")).ExecutivePage,
}));
const ScoreLabPage = lazy(async () => ({
  default: (await import("@/features/score-lab/page")).ScoreLabPage,
}));
const DataPage = lazy(async () => ({ default: (await import("@/features/data/page")).DataPage }));

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
