import { type FormEvent, useState } from "react";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
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
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={reason.trim() === ""}>
            Dismiss
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
