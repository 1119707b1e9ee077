import { CircleSlash, RotateCw, ServerOff } from "lucide-react";
import type { ReactNode } from "react";
import { describeProblem, statusOf } from "@/shared/api/problem";
import { Button } from "./button";
import { cx } from "./cx";

/** A grey block where text or a chart will be; give it the size of what it stands for. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-sm bg-sunken", className)} />;
}

export function SkeletonLines({ count, className }: { count: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 py-2">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <Skeleton key={index} className={cx("h-5", className)} />
      ))}
    </div>
  );
}

/** Nothing to show, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex items-start gap-2.5 py-4 text-muted">
      <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div>
        <p className="text-soft">{title}</p>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}

/** What went wrong, what to do, a way to try again, and the reference that is in the log. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = describeProblem(error);
  return (
    <div role="alert" className="flex items-start gap-2.5 py-4">
      <ServerOff aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="flex flex-col items-start gap-2">
        <div>
          <p className="font-strong">{problem.title}</p>
          <p className="text-soft">{problem.detail}</p>
          {problem.reference && (
            <p className="text-muted text-xs">
              Reference <code className="select-all">{problem.reference}</code>
            </p>
          )}
        </div>
        {retry && (
          <Button onClick={retry}>
            <RotateCw aria-hidden className="size-3.5" /> Try again
          </Button>
        )}
      </div>
    </div>
  );
}

interface Query<Data> {
  data: Data | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/**
 * The one place that decides between loading, failed and ready.
 * Data that is already here stays on screen when a later refresh fails.
 */
export function Loaded<Data>({
  query,
  loading,
  absent,
  children,
}: {
  query: Query<Data>;
  loading: ReactNode;
  /** What to say where the service has no such thing: to try again would not help. */
  absent?: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return loading;
  if (absent && statusOf(query.error) === 404) return absent;
  return <Failure error={query.error} retry={() => query.refetch()} />;
}
