import { createContext, useContext } from "react";
import type { Session } from "@/client/types.gen";

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; only for components inside the session gate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a signed-in session around it");
  return session;
}

/** Whether the caller may change state: execute, dismiss, acknowledge. A viewer only reads. */
export function useCanAct(): boolean {
  return useSession().role !== "viewer";
}
