import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useEffect, useEffectEvent, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { createSessionMutation, getSessionQueryKey } from "@/client/@tanstack/react-query.gen";
import { describeProblem, statusOf } from "@/shared/api/problem";
import { isSessionQuery } from "@/shared/api/query-client";
import { Button } from "@/shared/ui/button";
import { Field, Input } from "@/shared/ui/field";

/** The token of a sign-in link stands in the fragment, which browsers send to nobody. */
function tokenIn(fragment: string): string | null {
  return new URLSearchParams(fragment.slice(1)).get("token");
}

function explain(error: unknown): string {
  if (statusOf(error) === 401) {
    return "This token is not known or has been revoked. Ask whoever runs customer360 for a new one.";
  }
  return describeProblem(error).detail;
}

export function SignIn() {
  const queryClient = useQueryClient();
  const location = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState("");
  const signIn = useMutation({
    ...createSessionMutation(),
    onSuccess: (session) => {
      // What another caller was shown is not for this one.
      queryClient.removeQueries({ predicate: (query) => !isSessionQuery(query.queryKey) });
      queryClient.setQueryData(getSessionQueryKey(), session);
    },
  });

  const followLink = useEffectEvent(() => {
    const linked = tokenIn(location.hash);
    if (linked === null) return;
    // The token leaves the address, and with it the history, before anything else happens.
    const pathname = location.pathname === "/sign-in" ? "/" : location.pathname;
    void navigate({ pathname, search: location.search, hash: "" }, { replace: true });
    signIn.mutate({ body: { token: linked } });
  });
  useEffect(() => followLink(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ body: { token: token.trim() } });
  };

  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 px-5 pb-[15vh]">
      <title>Sign in · customer360</title>
      <header>
        <img src="/favicon.svg" alt="" className="mb-5 size-9" />
        <h1 className="text-lg">Sign in to customer360</h1>
        <p className="text-soft">
          With the access token you were given. This browser keeps a session, never the token.
        </p>
      </header>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Access token">
          <Input
            type="password"
            name="token"
            autoComplete="current-password"
            required
            autoFocus
            value={token}
            onChange={(event) => setToken(event.target.value)}
            aria-invalid={signIn.isError}
            aria-describedby={signIn.isError ? "sign-in-problem" : undefined}
          />
        </Field>
        {signIn.isError && (
          <p id="sign-in-problem" role="alert" className="text-bad">
            {explain(signIn.error)}
          </p>
        )}
        <Button look="primary" type="submit" className="min-h-9" disabled={signIn.isPending}>
          <KeyRound aria-hidden className="size-4" />
          {signIn.isPending ? "Signing in" : "Sign in"}
        </Button>
      </form>
      <p className="text-muted text-xs">
        Running it yourself? The server printed a sign-in link when it started, and
        <code className="mx-1">python -m service token add</code> makes more tokens.
      </p>
    </main>
  );
}
