import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { getSessionOptions } from "@/client/@tanstack/react-query.gen";
import { statusOf } from "@/shared/api/problem";
import { SessionContext } from "@/shared/session/session";
import { Failure } from "@/shared/ui/state";

const SignIn = lazy(async () => ({ default: (await import("./sign-in")).SignIn }));

/**
 * Shows its children to whoever is signed in, and the sign-in page in their place to others. The
 * address never changes, so signing in (again) brings everybody to where they wanted to be.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery({ ...getSessionOptions(), staleTime: Number.POSITIVE_INFINITY });
  if (session.isPending) return null;
  if (session.isError) {
    if (statusOf(session.error) === 401) {
      return (
        <Suspense>
          <SignIn />
        </Suspense>
      );
    }
    return (
      <main className="mx-auto max-w-md px-4 py-[20vh]">
        <Failure error={session.error} retry={() => session.refetch()} />
      </main>
    );
  }
  return <SessionContext value={session.data}>{children}</SessionContext>;
}
