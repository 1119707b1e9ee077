import { type FormEvent, useState } from "react";
import type { Recommendation } from "@/client/types.gen";
import { formatDate } from "@/shared/format/date";
import { Dialog, DialogButtons } from "@/shared/ui/dialog";
import { Field, Input, TextArea } from "@/shared/ui/field";
import { Value } from "@/shared/ui/value";
import type { Execution } from "./use-recommendation-actions";

/** What goes into the task: a note, a due date, who does it. All optional. */
export function ExecuteDialog({
  recommendation,
  onExecute,
  onClose,
}: {
  recommendation: Recommendation;
  onExecute: (execution: Execution) => void;
  onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const [dueOn, setDueOn] = useState("");
  const [assignee, setAssignee] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onExecute({
      note: note.trim() || null,
      due_on: dueOn || null,
      assignee: assignee.trim() || null,
    });
    onClose();
  };
  return (
    <Dialog
      title={recommendation.action}
      description={
        <>{recommendation.customer_name}. It is recorded here and becomes a task in Salesforce.</>
      }
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-3 pt-1">
        <p className="text-soft">
          {recommendation.expected_outcome}.{" "}
          {recommendation.estimated_impact_usd !== null && (
            <span>
              Estimated impact <Value value={recommendation.estimated_impact_usd} unit="money" />.
            </span>
          )}
        </p>
        <Field label="Note">
          <TextArea
            name="note"
            autoFocus
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Due on" hint={dueOn && formatDate(dueOn)}>
            <Input
              type="date"
              name="due_on"
              value={dueOn}
              onChange={(event) => setDueOn(event.target.value)}
            />
          </Field>
          <Field label="Assignee" hint="Their Salesforce e-mail; empty for the account owner">
            <Input
              type="text"
              name="assignee"
              value={assignee}
              onChange={(event) => setAssignee(event.target.value)}
            />
          </Field>
        </div>
        <DialogButtons submit="Execute" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
