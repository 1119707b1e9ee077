import { hashKey, MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { getSessionQueryKey } from "@/client/@tanstack/react-query.gen";
import { statusOf } from "./problem";

const MINUTE = 60_000;

/** Whether a query asks who is signed in. */
export function isSessionQuery(queryKey: readonly unknown[]): boolean {
  return hashKey(queryKey) === hashKey(getSessionQueryKey());
}

/**
 * Answers stay fresh until a new build is published, which the build watch notices; a minute bounds
 * what the watch may miss. A request that failed on our side of the contract is not repeated.
 */
export function createQueryClient(): QueryClient {
  const askAgainWhoIsHere = (error: unknown) => {
    // Only a session that was there can have ended; a refused sign-in stays where it is.
    const wasSignedIn = client.getQueryData(getSessionQueryKey()) !== undefined;
    if (wasSignedIn && statusOf(error) === 401) {
      void client.resetQueries({ queryKey: getSessionQueryKey() });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (!isSessionQuery(query.queryKey)) askAgainWhoIsHere(error);
      },
    }),
    mutationCache: new MutationCache({ onError: askAgainWhoIsHere }),
    defaultOptions: {
      queries: {
        staleTime: MINUTE,
        retry: (failures, error) => {
          const status = statusOf(error);
          return failures < 2 && (status === null || status >= 502);
        },
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
    },
  });
  return client;
}
