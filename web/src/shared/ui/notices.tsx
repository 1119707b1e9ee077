import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button";

interface Notice {
  id: string;
  text: string;
  detail?: string;
  action?: { label: string; run: () => void };
  /** Seconds until it leaves by itself; it stays when absent. */
  seconds?: number;
}

let notices: Notice[] = [];
const listeners = new Set<() => void>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function publish(next: Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function dismissNotice(id: string): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  publish(notices.filter((notice) => notice.id !== id));
}

/** Shows a notice; one with the same id takes the place of the earlier one. */
export function showNotice(notice: Notice): void {
  clearTimeout(timers.get(notice.id));
  publish([...notices.filter((other) => other.id !== notice.id), notice]);
  if (notice.seconds !== undefined) {
    timers.set(
      notice.id,
      setTimeout(() => dismissNotice(notice.id), notice.seconds * 1000),
    );
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The corner where notices appear; read out politely by screen readers. */
export function NoticeLayer() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-end gap-2 md:bottom-4 print:hidden"
    >
      {shown.map((notice) => (
        <div
          key={notice.id}
          className="pointer-events-auto flex max-w-sm animate-appear items-center gap-3 rounded-md bg-raised py-1.5 pr-1.5 pl-3 shadow-raised"
        >
          <div className="min-w-0">
            <p>{notice.text}</p>
            {notice.detail && <p className="text-muted text-xs">{notice.detail}</p>}
          </div>
          {notice.action && (
            <Button
              look="link"
              onClick={() => {
                notice.action?.run();
                dismissNotice(notice.id);
              }}
            >
              {notice.action.label}
            </Button>
          )}
          <IconButton label="Dismiss" onClick={() => dismissNotice(notice.id)}>
            <X aria-hidden className="size-4" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
