import { Clock } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Recommendation } from "@/client/types.gen";
import { useCanAct } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { useRecommendationActions } from "./use-recommendation-actions";

const ExecuteDialog = lazy(async () => ({
  default: (await import("./execute-dialog")).ExecuteDialog,
}));

/** The next best action of a row: what it is called is what the button does. A viewer only reads it. */
export function RecommendationButton({ recommendation }: { recommendation: Recommendation }) {
  const canAct = useCanAct();
  const [open, setOpen] = useState(false);
  const { execute, isHeld } = useRecommendationActions();

  if (isHeld(recommendation.recommendation_id)) {
    return (
      <span className="inline-flex items-center gap-1 text-muted text-xs">
        <Clock aria-hidden className="size-3.5" /> Sending in a moment
      </span>
    );
  }
  if (!canAct || recommendation.state !== "open") {
    return <span className="text-soft">{recommendation.action}</span>;
  }
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        className="max-w-full whitespace-normal!"
        data-tip={recommendation.title}
      >
        {recommendation.action}
      </Button>
      <Suspense>
        {open && (
          <ExecuteDialog
            recommendation={recommendation}
            onExecute={(execution) => execute(recommendation, execution)}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}
