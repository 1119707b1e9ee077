import { type FormEvent, useState } from "react";
import type { Alert } from "@/client/types.gen";
import { formatDate } from "@/shared/format/date";
import { formatSentence } from "@/shared/format/sentence";
import { Dialog, DialogButtons } from "@/shared/ui/dialog";
import { Field, Input, TextArea } from "@/shared/ui/field";

const WEEK_MS = 7 * 86_400_000;

function inAWeek(): string {
  return new Date(Date.now() + WEEK_MS).toISOString().slice(0, 10);
}

export function SnoozeDialog({
  alert,
  onSnooze,
  onClose,
}: {
  alert: Alert;
  onSnooze: (until: string, reason: string) => void;
  onClose: () => void;
}) {
  const [until, setUntil] = useState(inAWeek);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSnooze(until, reason.trim());
    onClose();
  };
  return (
    <Dialog title="Snooze the alert" description={formatSentence(alert.message)} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 pt-1">
        <Field
          label="Until"
          hint={`It opens again on ${until ? formatDate(until) : "this day"} if its condition still holds`}
        >
          <Input
            type="date"
            name="until"
            autoFocus
            required
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        </Field>
        <Field label="Reason">
          <TextArea
            name="reason"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <DialogButtons submit="Snooze" disabled={reason.trim() === ""} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
