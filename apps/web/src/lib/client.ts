import { createTRPCUntypedClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import { reachable, unreachable } from "./connection.ts";
import { currentLocale } from "./locale.ts";
import { learnServerTime } from "./time.ts";

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** fetch that tells the frame whether the server is there, and learns its clock. */
const watchedFetch: Fetch = async (input, init) => {
  const start = performance.now();
  try {
    const answer = await fetch(input, init);
    reachable();
    learnServerTime(answer.headers.get("date"), performance.now() - start);
    return answer;
  } catch (error) {
    if (!init?.signal?.aborted) unreachable();
    throw error;
  }
};

const wire = {
  url: "/trpc",
  headers: () => ({ "accept-language": currentLocale() }),
  fetch: watchedFetch as typeof fetch,
};

/** Reads of one moment travel together; a write travels alone, so that its answer can set cookies. */
const client = createTRPCUntypedClient({
  links: [
    splitLink({
      condition: (operation) => operation.type === "mutation",
      true: httpLink(wire),
      false: httpBatchLink({ ...wire, maxURLLength: 2000 }),
    }),
  ],
});

export const callQuery = (path: string, input: unknown, signal?: AbortSignal) =>
  client.query(path, input, signal ? { signal } : undefined);

export const callMutation = (path: string, input: unknown) => client.mutation(path, input);
