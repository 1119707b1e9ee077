import { PageHeading } from "@/shared/ui/section";

export function PortfolioPage() {
  return <PageHeading title="Portfolio" />;
}
