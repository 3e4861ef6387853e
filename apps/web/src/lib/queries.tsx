import { MutationCache, QueryCache, QueryClient } from "@tanstack/solid-query";
import { ApiError, isPassing } from "./errors.ts";

/** The session ended elsewhere: ask who is here, and the pages' gates do the rest. */
const notice = (error: unknown) => {
  if (error instanceof ApiError && error.code === "sign_in_required")
    void queryClient.invalidateQueries({ queryKey: ["identity.me"] });
};

/** One cache for the app. Refusals are answers and are not asked again; what passes by itself is, twice. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
