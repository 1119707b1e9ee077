import type { Customer } from "@/client/types.gen";
import { formatDate } from "./date";

/** Where a customer stands; days from before there were stages have none. */
export type LifecycleStage = NonNullable<Customer["lifecycle_stage"]>;

export const STAGE_NAMES: Record<LifecycleStage, string> = {
  leaving: "Leaving",
  onboarding: "Onboarding",
  active: "Active",
  former: "Former",
  prospect: "Prospect",
};

/** Whether customers of a stage are scored: a prospect and a former customer are not. */
export function isScored(stage: LifecycleStage | null): boolean {
  return stage !== "former" && stage !== "prospect";
}

/** A stage in words, with the day that belongs to it. */
export function formatStage(
  stage: LifecycleStage,
  leftOn: string | null,
  leavesOn: string | null,
): string {
  if (stage === "former" && leftOn) return `Former since ${formatDate(leftOn)}`;
  if (stage === "leaving" && leavesOn) return `Leaves on ${formatDate(leavesOn)}`;
  return STAGE_NAMES[stage];
}
