import { useEffect, useRef } from "react";

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 2000;
/** The key that begins a sequence; what follows it is never taken for a key of its own. */
const LEADER = "g";

type Actions = Record<string, () => void>;

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Enter belongs to the link or button that has the focus. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (event.key !== "Enter") return false;
  return event.target instanceof Element && event.target.closest("a, button, summary") !== null;
}

function mayRun(event: KeyboardEvent): boolean {
  const isDialogOpen = document.querySelector('[role="dialog"]') !== null;
  return !event.altKey && !isTyping(event) && !isDialogOpen && !belongsToControl(event);
}

/**
 * Runs an action on a key in lower case ("j", "enter"), a sequence ("g p") or a chord ("mod+k",
 * Ctrl or Cmd). Plain keys rest while someone types into a field or a dialog is open; chords never.
 */
export function useHotkeys(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let leaderAt: number | null = null;
    const run = (event: KeyboardEvent, name: string): boolean => {
      const action = latest.current[name];
      if (!action) return false;
      event.preventDefault();
      action();
      return true;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        run(event, `mod+${key}`);
        return;
      }
      if (!mayRun(event)) return;
      const inSequence = leaderAt !== null && event.timeStamp - leaderAt < SEQUENCE_MS;
      leaderAt = !inSequence && key === LEADER ? event.timeStamp : null;
      run(event, inSequence ? `${LEADER} ${key}` : key);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
