import { PageHeading } from "@/shared/ui/section";

export function ActionsPage() {
  return <PageHeading title="Actions" />;
}
