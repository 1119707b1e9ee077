import { useQueryClient } from "@tanstack/react-query";
import { dismissAction, executeAction } from "@/client/sdk.gen";
import type { Execute, Recommendation } from "@/client/types.gen";
import { holdAction, useHeldActions } from "@/shared/actions/held-action";
import { describeProblem } from "@/shared/api/problem";
import { showNotice } from "@/shared/ui/notices";

export type Execution = Execute;

/** An ordinary request would be cut off when the tab closes; `keepalive` lets this one finish. */
function sendBeforeLeaving(recommendationId: string, execution: Execution, key: string): void {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  void fetch(`/api/actions/${encodeURIComponent(recommendationId)}/execute`, {
    method: "POST",
    keepalive: true,
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      "x-csrftoken": decodeURIComponent(token),
    },
    body: JSON.stringify(execution),
  });
}

/**
 * Executes and dismisses recommendations. Executing waits a few seconds for an Undo; the
 * idempotency key is made once per decision, so a repeated request never acts twice.
 */
export function useRecommendationActions() {
  const queryClient = useQueryClient();
  const held = useHeldActions();

  const execute = (recommendation: Recommendation, execution: Execution) => {
    const id = recommendation.recommendation_id;
    const key = crypto.randomUUID();
    holdAction(id, `${recommendation.action}: ${recommendation.customer_name}`, async (leaving) => {
      if (leaving) {
        sendBeforeLeaving(id, execution, key);
        return;
      }
      try {
        await executeAction({
          path: { recommendation_id: id },
          body: execution,
          headers: { "Idempotency-Key": key },
          throwOnError: true,
        });
        showNotice({
          id,
          text: `Executed: ${recommendation.action}`,
          detail: recommendation.customer_name,
          seconds: 5,
        });
      } catch (error) {
        const problem = describeProblem(error);
        showNotice({
          id,
          text: `Not executed: ${recommendation.action}`,
          detail: [problem.detail, problem.reference && `Reference ${problem.reference}`]
            .filter(Boolean)
            .join(" "),
          action: { label: "Try again", run: () => execute(recommendation, execution) },
        });
      }
      await queryClient.invalidateQueries();
    });
  };

  const dismiss = async (recommendation: Recommendation, reason: string) => {
    const id = recommendation.recommendation_id;
    try {
      await dismissAction({
        path: { recommendation_id: id },
        body: { reason },
        throwOnError: true,
      });
      showNotice({ id, text: `Dismissed: ${recommendation.action}`, seconds: 5 });
    } catch (error) {
      showNotice({
        id,
        text: `Not dismissed: ${recommendation.action}`,
        detail: describeProblem(error).detail,
      });
    }
    await queryClient.invalidateQueries();
  };

  return { execute, dismiss, isHeld: (id: string) => held.has(id) };
}
