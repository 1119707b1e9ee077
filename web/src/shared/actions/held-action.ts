import { useSyncExternalStore } from "react";
import { dismissNotice, showNotice } from "@/shared/ui/notices";

/** How long an action waits for second thoughts before it is sent. */
export const HOLD_SECONDS = 6;

interface HeldAction {
  id: string;
  /** Sends the action. `leaving` is true when the page is about to go away. */
  send: (leaving: boolean) => Promise<void>;
  timer: ReturnType<typeof setTimeout>;
}

let held: ReadonlyMap<string, HeldAction> = new Map();
const listeners = new Set<() => void>();

function publish(next: ReadonlyMap<string, HeldAction>): void {
  held = next;
  for (const listener of listeners) listener();
}

function take(id: string): HeldAction | undefined {
  const action = held.get(id);
  if (!action) return undefined;
  clearTimeout(action.timer);
  const next = new Map(held);
  next.delete(id);
  publish(next);
  return action;
}

/** Forgets an action that has not been sent. */
export function undoHeldAction(id: string): void {
  take(id);
}

/**
 * Holds an action for a few seconds, with an Undo, then sends it. It is sent at once when the page
 * goes away, so that closing the tab never loses what a person has confirmed.
 */
export function holdAction(id: string, text: string, send: HeldAction["send"]): void {
  take(id);
  const timer = setTimeout(() => {
    const action = take(id);
    dismissNotice(id);
    void action?.send(false);
  }, HOLD_SECONDS * 1000);
  publish(new Map(held).set(id, { id, send, timer }));
  showNotice({
    id,
    text,
    detail: `It is sent in ${HOLD_SECONDS} seconds.`,
    action: { label: "Undo", run: () => undoHeldAction(id) },
    seconds: HOLD_SECONDS,
  });
}

window.addEventListener("pagehide", () => {
  for (const id of [...held.keys()]) void take(id)?.send(true);
});

/** The ids of the actions that wait to be sent. */
export function useHeldActions(): ReadonlyMap<string, unknown> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
}
