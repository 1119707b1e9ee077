import { PageHeading } from "@/shared/ui/section";

export function DataPage() {
  return <PageHeading title="Data" />;
}
