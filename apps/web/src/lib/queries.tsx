import { QueryClient, replaceEqualDeep } from "@tanstack/solid-query";
import { isPassing } from "./errors.ts";

/** One cache for the app. Refusals are answers and are not asked again; what passes by itself is, twice. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures) => 500 * 2 ** failures,
      // What was read anew and is as it was stays the same object: else each row of a list is drawn anew, and a form or a
      // dialog that is open in it closes with all that was typed.
      reconcile: (before, now) => replaceEqualDeep(before, now),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
