import { useEffect, useRef } from "react";

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200;

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/**
 * Runs an action on a key ("j"), a sequence ("g p") or a chord ("mod+k", Ctrl or Cmd).
 * Plain keys rest while someone types into a field or a dialog is open; chords never do.
 */
export function useHotkeys(actions: Record<string, () => void>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      const run = (name: string) => {
        const action = latest.current[name];
        if (!action) return false;
        event.preventDefault();
        action();
        return true;
      };
      if (event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey) {
        run(`mod+${event.key.toLowerCase()}`);
        return;
      }
      if (event.altKey || isTyping(event) || document.querySelector('[role="dialog"]')) return;
      const started = first;
      first = null;
      if (
        started &&
        event.timeStamp - started.at < SEQUENCE_MS &&
        run(`${started.key} ${event.key}`)
      )
        return;
      if (!run(event.key)) first = { key: event.key, at: event.timeStamp };
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
