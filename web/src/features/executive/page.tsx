import { PageHeading } from "@/shared/ui/section";

export function ExecutivePage() {
  return <PageHeading title="Executive" />;
}
