import { PageHeading } from "@/shared/ui/section";

export function TodayPage() {
  return <PageHeading title="Today" />;
}
