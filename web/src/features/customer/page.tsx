import { PageHeading } from "@/shared/ui/section";

export function CustomerPage() {
  return <PageHeading title="Customer" />;
}
