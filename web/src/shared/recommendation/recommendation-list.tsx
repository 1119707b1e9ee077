import { Check, Clock, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Recommendation } from "@/client/types.gen";
import { useHotkeys } from "@/shared/hooks/use-hotkeys";
import { useCanAct } from "@/shared/session/session";
import { Button, IconButton } from "@/shared/ui/button";
import { Status } from "@/shared/ui/status";
import { Value } from "@/shared/ui/value";
import { useRecommendationActions } from "./use-recommendation-actions";

const ExecuteDialog = lazy(async () => ({
  default: (await import("./execute-dialog")).ExecuteDialog,
}));
const DismissDialog = lazy(async () => ({
  default: (await import("./dismiss-dialog")).DismissDialog,
}));

/** Recommendations in their rank, each with what it should bring and the way to do it. */
export function RecommendationList({ recommendations }: { recommendations: Recommendation[] }) {
  const canAct = useCanAct();
  const { execute, dismiss, isHeld } = useRecommendationActions();
  const [open, setOpen] = useState<{
    kind: "execute" | "dismiss";
    recommendation: Recommendation;
  } | null>(null);
  const first = recommendations.find(
    (one) => one.state === "open" && !isHeld(one.recommendation_id),
  );
  useHotkeys(
    canAct && first ? { e: () => setOpen({ kind: "execute", recommendation: first }) } : {},
  );

  return (
    <>
      <ol>
        {recommendations.map((recommendation) => {
          const waiting = isHeld(recommendation.recommendation_id);
          return (
            <li key={recommendation.recommendation_id} className="border-t py-2 first:border-t-0">
              <div className="flex items-start justify-between gap-3">
                <div className="min-w-0">
                  <p className="font-strong">{recommendation.action}</p>
                  <p className="text-soft">{recommendation.title}</p>
                </div>
                {canAct && recommendation.state === "open" && !waiting && (
                  <div className="flex items-center gap-1">
                    <Button
                      look="primary"
                      onClick={() => setOpen({ kind: "execute", recommendation })}
                    >
                      Execute
                    </Button>
                    <IconButton
                      label="Dismiss with a reason"
                      onClick={() => setOpen({ kind: "dismiss", recommendation })}
                    >
                      <X aria-hidden className="size-4" />
                    </IconButton>
                  </div>
                )}
              </div>
              <p className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
                <Status word={recommendation.priority} />
                <span>{recommendation.category}</span>
                <span>
                  Estimated impact{" "}
                  <Value
                    value={recommendation.estimated_impact_usd}
                    unit="money"
                    missing="The amount it rests on is not known"
                  />
                </span>
                <span>{recommendation.rule_id}</span>
                {waiting && (
                  <span className="inline-flex items-center gap-1 text-soft">
                    <Clock aria-hidden className="size-3.5" /> Sending in a moment
                  </span>
                )}
                {recommendation.state !== "open" && (
                  <span className="inline-flex items-center gap-1 text-soft">
                    <Check aria-hidden className="size-3.5" />
                    {recommendation.state === "executed" ? "Executed" : "Dismissed"}
                  </span>
                )}
              </p>
            </li>
          );
        })}
      </ol>
      <Suspense>
        {open?.kind === "execute" && (
          <ExecuteDialog
            recommendation={open.recommendation}
            onExecute={(execution) => execute(open.recommendation, execution)}
            onClose={() => setOpen(null)}
          />
        )}
        {open?.kind === "dismiss" && (
          <DismissDialog
            action={open.recommendation.action}
            onDismiss={(reason) => dismiss(open.recommendation, reason)}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </>
  );
}
