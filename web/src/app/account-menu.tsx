import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, Keyboard, LogOut } from "lucide-react";
import { deleteSessionMutation, getSessionQueryKey } from "@/client/@tanstack/react-query.gen";
import { describeProblem } from "@/shared/api/problem";
import { useSession } from "@/shared/session/session";
import { showNotice } from "@/shared/ui/notices";

const ROLES = {
  viewer: "Viewer: reads",
  agent: "Agent: reads and acts",
  admin: "Administrator",
} as const;

const ITEM = "flex w-full items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-left hover:bg-sunken";

/** Who is signed in, and the way out. A native popover: it closes on Escape and on a click beside. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const session = useSession();
  const queryClient = useQueryClient();
  const signOut = useMutation({
    ...deleteSessionMutation(),
    onSuccess: () => {
      queryClient.clear();
      void queryClient.resetQueries({ queryKey: getSessionQueryKey() });
      window.location.assign("/");
    },
    onError: (error) =>
      showNotice({ id: "sign-out", text: "Not signed out", detail: describeProblem(error).detail }),
  });
  const regions = session.regions?.join(", ");

  return (
    <>
      <button
        type="button"
        aria-label={`Signed in as ${session.name}`}
        popoverTarget="account-menu"
        className="inline-flex size-8 items-center justify-center rounded-md text-soft hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <CircleUserRound aria-hidden className="size-4" />
      </button>
      <div
        id="account-menu"
        popover="auto"
        className="fixed top-12 right-4 left-auto m-0 w-60 rounded-md bg-raised p-1.5 text-ink shadow-raised"
      >
        <div className="mb-1 border-b px-2.5 pt-1 pb-2">
          <p className="truncate font-strong">{session.name}</p>
          <p className="text-muted text-xs">
            {ROLES[session.role]}
            {regions ? `, in ${regions}` : ""}
          </p>
        </div>
        <button
          type="button"
          popoverTarget="account-menu"
          popoverTargetAction="hide"
          onClick={onShortcuts}
          className={ITEM}
        >
          <Keyboard aria-hidden className="size-4 text-muted" /> Keyboard shortcuts
        </button>
        <button type="button" onClick={() => signOut.mutate({})} className={ITEM}>
          <LogOut aria-hidden className="size-4 text-muted" /> Sign out
        </button>
      </div>
    </>
  );
}
