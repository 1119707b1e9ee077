import { PageHeading } from "@/shared/ui/section";

export function AlertsPage() {
  return <PageHeading title="Alerts" />;
}
