import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { getSessionQueryKey } from "@/client/@tanstack/react-query.gen";
import { statusOf } from "./problem";

const MINUTE = 60_000;

/**
 * Answers stay fresh until a new build is published, which the build watch notices; a minute bounds
 * what the watch may miss. A request that failed on our side of the contract is not repeated.
 */
export function createQueryClient(): QueryClient {
  const askAgainWhoIsHere = (error: unknown) => {
    if (statusOf(error) === 401) void client.resetQueries({ queryKey: getSessionQueryKey() });
  };
  const sessionId = getSessionQueryKey()[0]._id;
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const key = query.queryKey[0];
        const isSession =
          typeof key === "object" && key !== null && "_id" in key && key._id === sessionId;
        if (!isSession) askAgainWhoIsHere(error);
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
