import { BellOff, Check } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Alert } from "@/client/types.gen";
import { formatDate } from "@/shared/format/date";
import { formatSentence } from "@/shared/format/sentence";
import { useCanAct } from "@/shared/session/session";
import { IconButton } from "@/shared/ui/button";
import { Status } from "@/shared/ui/status";
import { DateText } from "@/shared/ui/value";
import { useAlertActions } from "./use-alert-actions";

const SnoozeDialog = lazy(async () => ({
  default: (await import("./snooze-dialog")).SnoozeDialog,
}));

/** The alerts of one customer, the severe first. */
export function AlertList({ alerts }: { alerts: Alert[] }) {
  return (
    <ul>
      {alerts.map((alert) => (
        <li
          key={alert.alert_id}
          className="flex items-start justify-between gap-3 border-t py-2 first:border-t-0"
        >
          <div className="min-w-0">
            <p>{formatSentence(alert.message)}</p>
            <p className="flex flex-wrap gap-x-3 text-muted text-xs">
              <Status word={alert.severity} />
              <span>{alert.alert_code}</span>
              <span>
                since <DateText date={alert.opened_on} />
              </span>
              <AlertState alert={alert} />
            </p>
          </div>
          <AlertButtons alert={alert} />
        </li>
      ))}
    </ul>
  );
}

/** What somebody did about the alert; nothing while it is open. */
export function AlertState({ alert }: { alert: Alert }) {
  if (alert.state === "open") return null;
  const who = alert.state_by ? ` by ${alert.state_by}` : "";
  const words =
    alert.state === "snoozed" && alert.snoozed_until
      ? `Snoozed until ${formatDate(alert.snoozed_until)}${who}`
      : `Acknowledged${who}`;
  return <span className="text-soft">{words}</span>;
}

/** What can be done to the state of an open alert, by whoever may. */
export function AlertButtons({ alert }: { alert: Alert }) {
  const canAct = useCanAct();
  const [snoozing, setSnoozing] = useState(false);
  const { acknowledge, snooze } = useAlertActions();
  if (!canAct || alert.state !== "open") return null;
  return (
    <div className="flex">
      <IconButton label="Acknowledge" onClick={() => acknowledge(alert)}>
        <Check aria-hidden className="size-4" />
      </IconButton>
      <IconButton label="Snooze with an end date" onClick={() => setSnoozing(true)}>
        <BellOff aria-hidden className="size-4" />
      </IconButton>
      <Suspense>
        {snoozing && (
          <SnoozeDialog
            alert={alert}
            onSnooze={(until, reason) => snooze(alert, until, reason)}
            onClose={() => setSnoozing(false)}
          />
        )}
      </Suspense>
    </div>
  );
}
