import { type FormEvent, useState } from "react";
import { Dialog, DialogButtons } from "@/shared/ui/dialog";
import { Field, TextArea } from "@/shared/ui/field";

export function DismissDialog({
  action,
  onDismiss,
  onClose,
}: {
  action: string;
  onDismiss: (reason: string) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDismiss(reason.trim());
    onClose();
  };
  return (
    <Dialog
      title={`Dismiss “${action}”`}
      description="It stays quiet for its cooldown, and returns only if its condition arises anew."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-3 pt-1">
        <Field label="Reason">
          <TextArea
            name="reason"
            autoFocus
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <DialogButtons submit="Dismiss" disabled={reason.trim() === ""} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
