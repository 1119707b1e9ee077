import { useQueryClient } from "@tanstack/react-query";
import { acknowledgeAlert, snoozeAlert } from "@/client/sdk.gen";
import type { Alert } from "@/client/types.gen";
import { describeProblem } from "@/shared/api/problem";
import { formatSentence } from "@/shared/format/sentence";
import { showNotice } from "@/shared/ui/notices";

/** Changes the state of alerts, says how it went and shows the new state everywhere. */
export function useAlertActions() {
  const queryClient = useQueryClient();

  const run = async (alert: Alert, done: string, send: () => Promise<unknown>) => {
    try {
      await send();
      showNotice({
        id: alert.alert_id,
        text: done,
        detail: formatSentence(alert.message),
        seconds: 5,
      });
    } catch (error) {
      showNotice({
        id: alert.alert_id,
        text: "The alert was not changed",
        detail: describeProblem(error).detail,
      });
    }
    await queryClient.invalidateQueries();
  };
  const path = (alert: Alert) => ({ alert_id: alert.alert_id });

  return {
    acknowledge: (alert: Alert) =>
      run(alert, "Acknowledged", () =>
        acknowledgeAlert({ path: path(alert), body: { note: null }, throwOnError: true }),
      ),
    snooze: (alert: Alert, until: string, reason: string) =>
      run(alert, "Snoozed", () =>
        snoozeAlert({ path: path(alert), body: { until, reason }, throwOnError: true }),
      ),
  };
}
