import { PageHeading } from "@/shared/ui/section";

export function ScoreLabPage() {
  return <PageHeading title="ScoreLab" />;
}
